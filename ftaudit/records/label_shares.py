"""Columns that share every record out among classes: what annotators chose, or a model believes."""

from collections.abc import Sequence
from itertools import groupby
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from ftaudit.records.shape import ColumnKind, TableShape

_LEAST_CLASSES: Final = 3
_MOST_CLASSES: Final = 64
_LEAST_ROWS: Final = 2
_WHOLES: Final = (1.0, 100.0)
_ROUNDED: Final = 0.02
"""Share of the whole by which rounded shares may miss it."""
_MEASURES: Final = frozenset(
    ["pct", "percent", "perc", "width", "height", "length", "depth", "weight", "size", "ratio"]
)
"""Last words of names of what is measured, and no class, though it may sum up: `protein_pct`."""


def share_columns(shape: TableShape, candidates: Sequence[str]) -> list[str]:
    """Return three or more numbers that make one, or a hundred, in every record.

    All candidates of the table, or the most of those that stand side by side.
    """
    numbers = {column for column in candidates if _may_be_share(shape, column)}
    runs = groupby(shape.schema, key=lambda column: column in numbers)
    side_by_side = [list(run)[:_MOST_CLASSES] for found, run in runs if found]
    every = [column for column in shape.schema if column in numbers][:_MOST_CLASSES]
    found = [_wholes_within(shape.table, run) for run in (every, *side_by_side)]
    return max(found, key=len, default=[])


def _wholes_within(table: pl.DataFrame, columns: list[str]) -> list[str]:
    """Return the most columns side by side whose numbers make a whole in every row."""
    numbers = _numbers(table.select(columns)).drop_nulls()
    if len(numbers) < _LEAST_ROWS:
        return []
    before = np.cumsum(np.insert(numbers.to_numpy(), 0, 0.0, axis=1), axis=1)
    for size in range(len(columns), _LEAST_CLASSES - 1, -1):
        totals = before[:, size:] - before[:, :-size]
        for first in range(totals.shape[1]):
            chosen = columns[first : first + size]
            if _make_a_whole(totals[:, first], numbers.select(chosen)):
                return chosen
    return []


def share_out(numbers: Sequence[float]) -> bool:
    """Tell whether numbers are shares of one or a hundred, of which none has all."""
    return any(
        abs(sum(numbers) - whole) <= _ROUNDED * whole and all(0 <= x < whole for x in numbers)
        for whole in _WHOLES
    )


def largest_share(shares: pl.DataFrame) -> pl.Series:
    """Return the name of the column with the largest number of every row, of equals the first.

    Null where a row has no numbers.
    """
    numbers = _numbers(shares).select(pl.concat_list(pl.all()).alias("shares"))
    largest = numbers["shares"].list.arg_max()
    names = pl.Series(shares.columns, dtype=pl.String)
    return names.gather(largest)


def _may_be_share(shape: TableShape, column: str) -> bool:
    if column.lower().replace("-", "_").rpartition("_")[2] in _MEASURES:
        return False
    evidence = shape.evidence(column)
    if evidence is None or shape.kind(column) is not ColumnKind.TEXT or not evidence.is_number:
        return False
    least, most = evidence.least or 0.0, evidence.most or 0.0
    return least >= 0 and most <= max(_WHOLES)


def _make_a_whole(totals: npt.NDArray[np.float64], numbers: pl.DataFrame) -> bool:
    """Tell whether the numbers of every row make a whole, and are not all of it or nothing."""
    for whole in _WHOLES:
        if (np.abs(totals - whole) <= _ROUNDED * whole).all():
            varied = sum(column.n_unique() > 1 for column in numbers)
            return varied > 1 and bool((numbers.max_horizontal() < whole).any())
    return False


def _numbers(shares: pl.DataFrame) -> pl.DataFrame:
    text = pl.all().cast(pl.String).str.strip_chars()
    return shares.select(text.cast(pl.Float64, strict=False))
