"""Customers, tickets or documents that stand on both sides of the split."""

from typing import ClassVar, Final, Self

import polars as pl
from msgspec import Struct

from ftaudit.model import check
from ftaudit.model.check import NO_HOLDOUT, Check, Context, Judgement, Mapped, Relation, Skip
from ftaudit.model.dataset import HOLDOUT, TRAIN
from ftaudit.model.declaration import Concern, Declaration, StandardTags
from ftaudit.model.examples import SHOWN, examples
from ftaudit.model.finding import Metric, Rule, Severity, counted, evidence
from ftaudit.model.fix import Fix, FixTarget
from ftaudit.model.row_id import file_of, row_of
from ftaudit.model.text_digest import text_digests

_GROUP: Final = ("high", "low")
"""Halves of the digest of a group: partials hold no text."""
_COUNTED: Final = ("split", "first", "count")
"""Of the rows of a group in a split: the split, the first row id, and how many there are."""


class GroupLeakage(Struct, frozen=True):
    """Groups (customer, ticket, document) with rows in training and in the holdout.

    ## What it finds

    Every value of the column named by `--group-column` that occurs in training and in the holdout,
    with its first row on either side.

    ## Why it harms training

    Rows of one customer or ticket share facts and phrases. When a group is split, the model
    recognises the group instead of solving the task, and the holdout does not measure how it
    fares with new customers (Roberts et al. 2017, Cross-validation strategies for data with
    structure, https://doi.org/10.1111/ecog.02881).

    ## How it decides

    Group values are compared as they are. `leakage.group_rows` counts the holdout rows whose group
    also has training rows; `leakage.shared_groups` counts the groups. Rows without a group take no
    part. Skipped where no column was named.

    ## Known false positives

    Values such as "unknown" or "0" that stand for no group at all: set them to null.
    """

    id: ClassVar[str] = "group-leakage"
    version: ClassVar[int] = 1
    relation: ClassVar[Relation] = Relation.ROWS
    declares: ClassVar[Declaration] = Declaration(
        concern=Concern.EXPOSURE,
        tags=StandardTags(("Art. 10(3)", "Annex IV(2)(g)"), ("MEASURE 2.5",), ("similarity",)),
    )
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            "group_leakage.shared",
            "A group has rows in training and in the holdout",
            Severity.HIGH,
            "Split by group: give all rows of a group to one side.",
            Fix("decontaminate", FixTarget.RELATED_GROUP),
            of_data=True,
        ),
    )
    metrics: ClassVar[tuple[Metric, ...]] = (
        Metric("leakage.group_rows", "holdout rows whose group has training rows"),
        Metric("leakage.shared_groups", "groups on both sides", "groups"),
    )

    _rows: int = 0

    @classmethod
    def prepare(cls, context: Context) -> Self | Skip:
        """Skip where no group column was named or there is no holdout."""
        check.parameters(cls, context.parameters)
        if "group" not in context.columns:
            return Skip("no group column was named", options=("--group-column",))
        if HOLDOUT not in context.rows:
            return NO_HOLDOUT
        return cls(_rows=context.rows[HOLDOUT])

    def map(self, batch: pl.DataFrame) -> Mapped:
        """Count rows and keep the first of every group on either side."""
        rows = batch.filter(pl.col("split").is_in([TRAIN, HOLDOUT])).drop_nulls("group")
        groups = rows.group_by("group", "split").agg(
            first=pl.min("id"), count=pl.len().cast(pl.UInt64)
        )
        high, low = text_digests(groups["group"])
        return Mapped(groups.select(high.alias("high"), low.alias("low"), *_COUNTED))

    def combine(self, partials: pl.DataFrame) -> pl.DataFrame:
        """Add counts per group and split."""
        added = partials.group_by(*_GROUP, "split").agg(pl.min("first"), pl.sum("count"))
        return added.select(*_GROUP, *_COUNTED)

    @staticmethod
    def keys(partials: pl.DataFrame) -> pl.Series:
        """Return half of the digest of each group."""
        return partials["low"]

    def settle(self, partials: pl.DataFrame, _: pl.DataFrame, /) -> pl.DataFrame:
        """Keep the groups that stand on both sides."""
        sides = [(pl.col("split") == split).any().over(_GROUP) for split in (TRAIN, HOLDOUT)]
        return self.combine(partials.filter(sides))

    def judge(self, totals: pl.DataFrame) -> Judgement:
        """Report every group that stands on both sides."""
        train = totals.filter(pl.col("split") == TRAIN)
        holdout = totals.filter(pl.col("split") == HOLDOUT)
        shared = holdout.join(train, on=_GROUP, suffix="_train").sort("first")
        rows = int(shared["count"].sum())
        findings = evidence(
            shared,
            rule="group_leakage.shared",
            split=HOLDOUT,
            file=file_of("first"),
            row=row_of("first"),
            related_file=file_of("first_train"),
            related_row=row_of("first_train"),
            field="group",
            detail=pl.format("{} holdout rows, {} training rows", "count", "count_train"),
        )
        share = rows / self._rows if self._rows else 0.0
        return Judgement(
            {"leakage.group_rows": rows, "leakage.shared_groups": shared.height},
            f"{counted(rows, 'holdout row')} ({share:.1%}) of "
            f"{counted(shared.height, 'group')} that training knows"
            if rows
            else "no group stands on both sides",
            examples=examples(findings.head(SHOWN)),
            findings=findings,
        )


CHECK: Final[type[Check]] = GroupLeakage
