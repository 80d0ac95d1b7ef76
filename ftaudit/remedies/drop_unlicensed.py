"""The remedy `drop-unlicensed`: rows without a right to be used are removed."""

from dataclasses import dataclass
from typing import ClassVar, Final

import polars as pl

from ftaudit.model.finding import Rule
from ftaudit.remedies.changes import removals
from ftaudit.remedies.remedy import Damage, Remedy


@dataclass(frozen=True)
class DropUnlicensed:
    """Remove rows whose licence is denied or unknown, or whose source is, in every split.

    A finding on a row that says nothing of its origin stands for all rows of its file that say
    nothing either.
    """

    id: ClassVar[str] = "drop-unlicensed"
    order: ClassVar[int] = 20
    hides: ClassVar[bool] = False
    asked_only: ClassVar[bool] = False

    def treats(self, rule: Rule) -> bool:
        """Return True: every rule that names this remedy."""
        del rule
        return True

    def changes(self, damage: Damage) -> pl.DataFrame:
        """Remove the rows with a finding, and those that one of them stands for."""
        reported = damage.findings.with_columns(damage.ids())
        first = reported.filter(pl.col("row") == 0)
        silent = (pl.col("source_id").is_null()) & (pl.col("license").is_null())
        parts = [reported.select("id", "rule")]
        if first.height:
            files = first.select("file", "rule")
            columns = ["id", "file", "row", "source_id", "license"]
            batches = damage.dataset.rows.batches(columns)
            firsts: set[int] = set()
            for batch in batches:
                rows = batch.filter(silent).join(files, on="file", maintain_order="left_right")
                firsts |= set(rows.filter(pl.col("row") == 0)["file"].to_list())
                parts.append(rows.filter(pl.col("file").is_in(sorted(firsts))).select("id", "rule"))
        return removals(pl.concat(parts).sort("id", maintain_order=True))


REMEDY: Final[type[Remedy]] = DropUnlicensed
