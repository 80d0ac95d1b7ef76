"""What remedies change: rows that go, and spans of fields that are replaced."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from ftaudit.model.row_id import file_of, row_of

CHANGES: Final = pl.Schema(
    {
        "file": pl.UInt32,
        "row": pl.UInt64,
        "rule": pl.String,
        "related_file": pl.UInt32,
        "related_row": pl.UInt64,
        "field": pl.String,
        "start": pl.UInt32,
        "end": pl.UInt32,
        "new": pl.String,
        "held": pl.Boolean,
    }
)
"""Columns of the changes of one remedy. Without `field` the row is removed; else the characters
from `start` to before `end` of that field are replaced by `new`. `held`: the row is removed only
until a person has decided."""

CHANGED: Final = pl.Schema(
    {
        "file": pl.String,
        "row": pl.UInt64,
        "new_row": pl.UInt64,
        "remedy": pl.String,
        "rule": pl.String,
        "related_file": pl.String,
        "related_row": pl.UInt64,
        "field": pl.String,
        "start": pl.UInt32,
        "end": pl.UInt32,
    }
)
"""Columns of `changes.parquet`, sorted by file, row, field and start. All rows are of the input,
but `new_row`, which is of the output: null where the row was removed. No text, no value."""


@dataclass(frozen=True)
class RowChoices:
    """What people decided about rows, by id."""

    keep: frozenset[int] = frozenset()
    drop: Mapping[int, str] = field(default_factory=dict)
    """Row id → the rule it was a case of."""
    labels: Mapping[int, tuple[str, str]] = field(default_factory=dict, repr=False)
    """Row id → the rule it was a case of, and the label it gets."""

    @property
    def decided(self) -> frozenset[int]:
        """The rows about which something was decided."""
        return self.keep | self.drop.keys() | self.labels.keys()


def shaped(frame: pl.DataFrame, **columns: pl.Expr | str | bool | None) -> pl.DataFrame:
    """Shape a frame as `CHANGES`: columns that are named are set, those that are missing null."""
    values = {k: v if isinstance(v, pl.Expr) else pl.lit(v) for k, v in columns.items()}
    return frame.select(
        values.get(name, pl.col(name) if name in frame.columns else pl.lit(None))
        .cast(dtype)
        .alias(name)
        for name, dtype in CHANGES.items()
    )


def removals(frame: pl.DataFrame, **columns: pl.Expr | str | bool | None) -> pl.DataFrame:
    """Return the changes that remove the rows with the ids in `id`, each once.

    Of several reasons the first in the order of the frame stays.
    """
    first = frame.unique("id", keep="first", maintain_order=True)
    parts = {"file": file_of("id"), "row": row_of("id"), "field": None, "start": None, "end": None}
    if "related" in frame.columns:
        parts |= {"related_file": file_of("related"), "related_row": row_of("related")}
    return shaped(first, **(parts | columns))


def replaced_span(old: str, new: str) -> tuple[int, int, str]:
    """Return the one span in which a text differs from its new form, and what stands there then."""
    start, longest = 0, min(len(old), len(new))
    while start < longest and old[start] == new[start]:
        start += 1
    tail = 0
    while tail < longest - start and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return start, len(old) - tail, new[start : len(new) - tail]
