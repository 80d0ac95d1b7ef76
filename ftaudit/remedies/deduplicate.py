"""The remedy `deduplicate`: one row of each cluster stays."""

from collections.abc import Sequence
from typing import ClassVar, Final, Literal

import polars as pl
from msgspec import Struct

from ftaudit.model.dataset import TRAIN
from ftaudit.model.finding import Rule
from ftaudit.model.fix import FixTarget
from ftaudit.model.label_spelling import plain_label
from ftaudit.model.row_id import row_id_of
from ftaudit.remedies.changes import removals
from ftaudit.remedies.remedy import Damage, Remedy, nothing
from ftaudit.similarity import relation_tables


class Deduplicate(Struct, frozen=True):
    """Keep one training row of each cluster of near-identical rows, or of each set of equal ones.

    `level`: `near` (default) or `exact`. `keep`: `first` (default), `longest` (the longest text),
    or `best-label` (the label that most rows of the cluster have, then the least doubted).
    """

    id: ClassVar[str] = "deduplicate"
    order: ClassVar[int] = 70
    hides: ClassVar[bool] = False
    asked_only: ClassVar[bool] = False

    level: Literal["near", "exact"] = "near"
    keep: Literal["first", "longest", "best-label"] = "first"

    def treats(self, rule: Rule) -> bool:
        """Return whether the rule is of the level that is chosen."""
        is_copy = rule.fix is not None and rule.fix.target is FixTarget.COPY
        return is_copy or self.level == "near"

    def changes(self, damage: Damage) -> pl.DataFrame:
        """Remove all rows of a cluster but the one that is kept."""
        reasons = damage.findings.select("rule", id=row_id_of("file", "row"))
        changes = [self._of(batch, reasons, damage) for batch in damage.clusters()]
        return pl.concat([nothing(), *changes])

    def _of(self, batch: pl.DataFrame, reasons: pl.DataFrame, damage: Damage) -> pl.DataFrame:
        rows = relation_tables.members(batch.filter(pl.col("kind") == "near")).filter(
            (pl.col("split") == TRAIN) & ~pl.col("id").is_in(list(damage.removed))
        )
        exact = ["cluster", "node", "variant"]
        group = ["within", "focus"] if self.level == "near" else exact
        rows = rows.filter(pl.len().over(group) > 1)
        ranked = self._ranked(rows, group, damage)
        kept = ranked.with_columns(
            kept=pl.col("id").sort_by(*(f"rank_{n}" for n in range(3))).first().over(group)
        )
        # the row that the check calls the first may go, where a later one is kept: the reason is
        # that of a row which repeats it
        reason = pl.col("rule").fill_null(pl.col("rule").drop_nulls().first().over(group))
        repeated = kept.join(reasons, on="id", how="left", maintain_order="left")
        repeated = repeated.with_columns(reason, related="kept").drop_nulls("rule")
        return removals(repeated.filter(pl.col("id") != pl.col("kept")).sort("id"))

    def _ranked(self, rows: pl.DataFrame, group: Sequence[str], damage: Damage) -> pl.DataFrame:
        """Add `rank_0` to `rank_2`: the least in their order is kept."""
        first = pl.col("id").cast(pl.Float64)
        by: Sequence[pl.Expr] = (first, pl.lit(0.0), pl.lit(0.0))
        if self.keep == "longest" and rows.height:
            lengths = pl.concat(
                part.select("id", length=pl.col("text").str.len_chars())
                for part in damage.rows(rows["id"], "text")
            )
            rows = rows.join(lengths, on="id", how="left", maintain_order="left")
            by = (-pl.col("length").cast(pl.Float64), first, pl.lit(0.0))
        elif self.keep == "best-label":
            agreeing = pl.len().over([*group, plain_label(pl.col("label"))])
            by = (-agreeing.cast(pl.Float64), pl.col("doubt").fill_null(0.5), first)
        return rows.with_columns(rank.alias(f"rank_{n}") for n, rank in enumerate(by))


REMEDY: Final[type[Remedy]] = Deduplicate
