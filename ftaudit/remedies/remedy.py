"""The contract that every remedy meets, and what it is told of the data."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Final, Protocol

import polars as pl

from ftaudit.model.check import Check
from ftaudit.model.dataset import TRAIN, Dataset
from ftaudit.model.finding import EVIDENCE, Rule
from ftaudit.model.row_id import row_id_of
from ftaudit.remedies.changes import CHANGES, RowChoices

DAMAGE: Final = pl.Schema(
    [*EVIDENCE.items(), ("check", pl.String), ("severity", pl.String), ("target", pl.String)]
)
"""Columns of the findings that a remedy mends: evidence, the check that found it, how much it
harms, and what its fix acts on (`fix.FixTarget`)."""


@dataclass(frozen=True, eq=False)
class Damage:
    """What a scan found that a remedy is to mend, and the data it found it in."""

    findings: pl.DataFrame
    """`DAMAGE`, of the rules that the remedy treats."""
    dataset: Dataset
    clusters: Callable[[], Iterator[pl.DataFrame]]
    """The relation `similar` (`relation.CLUSTERS`); nothing where it was not computed."""
    checks: Mapping[str, Check] = field(default_factory=dict)
    """The checks that were completed, with their parameters."""
    removed: frozenset[int] = frozenset()
    """Ids of the rows that remedies before this one remove."""
    key: bytes | None = field(default=None, repr=False)
    """Key of hashes and surrogates; None: a remedy draws its own."""
    choices: RowChoices = field(default_factory=RowChoices)
    """What people decided."""

    def ids(self, file: str = "file", row: str = "row") -> pl.Series:
        """Return the row ids of the findings, or of the rows they are paired with."""
        return self.findings.select(row_id_of(file, row).alias("id"))["id"]

    def rows(self, ids: pl.Series, *columns: str) -> Iterator[pl.DataFrame]:
        """Yield some columns of the canonical rows with these ids, in order."""
        looked_up = pl.DataFrame({"id": ids.drop_nulls().unique()}, schema={"id": pl.UInt64})
        for batch in self.dataset.rows.batches([*dict.fromkeys(["id", *columns])]):
            chosen = batch.join(looked_up, on="id", how="semi", maintain_order="left")
            if chosen.height:
                yield chosen

    def is_trained(self) -> pl.DataFrame:
        """Return `file` (UInt32) of every training file."""
        files = [n for n, file in enumerate(self.dataset.files) if file.split == TRAIN]
        return pl.DataFrame({"file": files}, schema={"file": pl.UInt32})


class Remedy(Protocol):
    """What mends the findings of some rules. Implementations are frozen dataclasses or structs.

    Choices are their fields: a recipe may set them, and the lineage records them. The docstring
    is the documentation.
    """

    id: ClassVar[str]
    order: ClassVar[int]
    """Remedies are applied in ascending order: what is dropped anyway need not be decided on."""
    hides: ClassVar[bool]
    """Whether rows that it removes must not be set aside: for what they hold."""
    asked_only: ClassVar[bool]
    """Whether it is applied only when it is named."""

    def treats(self, rule: Rule) -> bool:
        """Return whether findings of a rule that names this remedy are mended as it is set.

        Of a family, the rule is that of one member: `pii.EMAIL_ADDRESS`, not `pii.*`.
        """

    def changes(self, damage: Damage) -> pl.DataFrame:
        """Return what is to be changed, as `changes.CHANGES`.

        Raises:
            UsageError: a choice cannot be meant for this data.
        """


def nothing() -> pl.DataFrame:
    """Return no changes."""
    return CHANGES.to_frame()
