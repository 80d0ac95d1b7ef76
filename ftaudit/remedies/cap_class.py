"""The remedy `cap-class`: a sample of the classes that are too large."""

import hashlib
from typing import ClassVar, Final

import polars as pl
from msgspec import Struct

from ftaudit.model.dataset import TRAIN
from ftaudit.model.errors import UsageError
from ftaudit.model.finding import Rule
from ftaudit.model.label_spelling import plain_label
from ftaudit.remedies.changes import removals
from ftaudit.remedies.remedy import Damage, Remedy

_RULE: Final = "cap-class"
"""What stands for the rule of rows that go because they were too many."""


class CapClass(Struct, frozen=True):
    """Keep `count` training rows of each larger class: a sample by `seed` and content.

    Applied only when it is named, with a count. Which rows stay depends on their text and on the
    seed, not on their order.
    """

    id: ClassVar[str] = "cap-class"
    order: ClassVar[int] = 80
    hides: ClassVar[bool] = False
    asked_only: ClassVar[bool] = True

    count: int = 0
    seed: int = 0

    def treats(self, rule: Rule) -> bool:
        """Return False: it mends no finding."""
        del rule
        return False

    def changes(self, damage: Damage) -> pl.DataFrame:
        """Remove the rows of larger classes that are not in the sample.

        Raises:
            UsageError: no count is given, or the data has no labels.
        """
        if self.count < 1:
            raise UsageError("cap-class needs the rows that a class may have: count of a recipe")
        if "label" not in damage.dataset.columns:
            raise UsageError("cap-class needs labels, and the data has none")
        rows = pl.concat(self._ranks(damage)).filter(~pl.col("id").is_in(sorted(damage.removed)))
        place = pl.int_range(pl.len()).over("class")
        gone = rows.sort("rank", "id").filter(place >= self.count)
        return removals(gone.sort("id"), rule=_RULE)

    def _ranks(self, damage: Damage) -> list[pl.DataFrame]:
        """Return `id`, `class` and `rank` of the labelled training rows."""
        parts = []
        for batch in damage.dataset.rows.batches(["id", "split", "label", "text"]):
            rows = batch.filter((pl.col("split") == TRAIN) & pl.col("label").is_not_null())
            ranks = [self._rank(text) for text in rows["text"].fill_null("")]
            parts.append(
                rows.select(
                    "id",
                    pl.Series("rank", ranks, pl.Binary),
                    **{"class": plain_label(pl.col("label"))},
                )
            )
        return parts

    def _rank(self, text: str) -> bytes:
        return hashlib.blake2b(f"{self.seed}\0{text}".encode(), digest_size=16).digest()


REMEDY: Final[type[Remedy]] = CapClass
