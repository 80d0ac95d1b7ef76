"""Rows of the holdout worth looking at: what the tuned model broke and what it fixed."""

from typing import Final, Literal

import polars as pl
from msgspec import Struct

from ftaudit.evaluation.comparison import ModelComparison

Change = Literal["fixed", "broken"]

EXAMPLES: Final = 8
"""Rows shown of each change."""
PER_GROUP: Final = 3
"""Rows shown of one class."""


class RowChange(Struct, frozen=True):
    """A row that exactly one model has right."""

    change: Change
    group: str
    """The row's class; empty for free text."""
    position: int


def changed_rows(comparison: ModelComparison) -> list[RowChange]:
    """Return a few broken rows, of the classes that lost most, then a few fixed ones."""
    holdout = comparison.holdout
    best, tuned = comparison.best.answers, comparison.tuned
    rows = holdout.frame.select(
        "position",
        group=pl.col("reference") if holdout.labelled else pl.lit(""),
        before=best.frame["score"].fill_null(0.0),
        after=tuned.frame["score"].fill_null(0.0),
        failed=best.frame["failed"] | tuned.frame["failed"],
    ).filter(~pl.col("failed"))
    broken = rows.filter((pl.col("before") == 1) & (pl.col("after") == 0))
    fixed = rows.filter((pl.col("before") == 0) & (pl.col("after") == 1))
    return [*_most_changed(broken, "broken"), *_most_changed(fixed, "fixed")]


def _most_changed(rows: pl.DataFrame, change: Change) -> list[RowChange]:
    """Return the first rows of the groups with most changes."""
    chosen = (
        rows.with_columns(size=pl.len().over("group"), place=pl.int_range(pl.len()).over("group"))
        .filter(pl.col("place") < PER_GROUP)
        .sort("size", "group", "position", descending=[True, False, False])
        .head(EXAMPLES if rows["group"].n_unique() > 1 else PER_GROUP)
    )
    return [
        RowChange(change, group or "", position)
        for group, position in chosen.select("group", "position").iter_rows()
    ]
