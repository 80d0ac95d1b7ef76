"""Minimum, maximum and median of a column of numbers."""

from typing import Final

import polars as pl

from ftaudit.expectations.outcome import ExpectationOutcome, within
from ftaudit.expectations.partials import (
    PartialKind,
    TallyCode,
    number,
    ordered,
    partial,
    tallies,
    tally,
)
from ftaudit.expectations.rowwise import is_number, missing
from ftaudit.expectations.suite import Expectation

LEAST: Final = "expect_column_min_to_be_between"
GREATEST: Final = "expect_column_max_to_be_between"
MEDIAN: Final = "expect_column_median_to_be_between"
TYPES: Final = (LEAST, GREATEST, MEDIAN)

ENCODINGS: Final = (pl.Float64(), pl.Int64(), pl.UInt64())
"""How numbers may be encoded; partials say which by its position."""


def suits(expectation: Expectation, dtypes: dict[str, pl.DataType]) -> bool:
    """Return whether the column holds numbers and the bounds are numbers."""
    bounds = (expectation.kwargs.get("min_value"), expectation.kwargs.get("max_value"))
    numbers = is_number(dtypes[expectation.column or ""])
    return numbers and not any(isinstance(b, str) for b in bounds)


def measure(expectation: Expectation, batch: pl.DataFrame, cap: int) -> pl.DataFrame:  # noqa: ARG001 - one signature for all families
    """Keep the extremes of the batch, or how often each number occurs."""
    column = expectation.column or ""
    dtype = batch.schema[column]
    present = batch.select(column).filter(~missing(column, dtype))
    codes, encoding = ordered(present[column]).alias("code"), _encoding(dtype)
    counted: dict[int, int] = {
        TallyCode.ROWS: batch.height,
        TallyCode.MISSING: batch.height - present.height,
    }
    parts = [tallies(counted)]
    if expectation.type == MEDIAN:
        seen = codes.value_counts(name="n")
        parts.append(
            partial(PartialKind.VALUE, seen.height, a=seen["code"], b=encoding, count=seen["n"])
        )
    elif present.height:
        ends = codes.sort()
        parts.append(partial(PartialKind.EXTREME, 1, b=encoding, first=ends[:1], last=ends[-1:]))
    return pl.concat(parts)


def conclude(expectation: Expectation, totals: pl.DataFrame) -> ExpectationOutcome:
    """Decode the statistic and compare it with the bounds."""
    rows, absent = tally(totals, TallyCode.ROWS), tally(totals, TallyCode.MISSING)
    observed = _observed(expectation.type, totals)
    return ExpectationOutcome(within(observed, expectation), rows, absent, observed=observed)


def _observed(type_: str, totals: pl.DataFrame) -> float | None:
    kind = PartialKind.VALUE if type_ == MEDIAN else PartialKind.EXTREME
    ends = totals.filter(pl.col("kind") == int(kind))
    if ends.is_empty():
        return None
    dtype = ENCODINGS[ends["b"][0]]
    if type_ == MEDIAN:
        return _median(ends, dtype)
    return number(ends["first" if type_ == LEAST else "last"][0], dtype)


def _median(seen: pl.DataFrame, dtype: pl.DataType) -> float:
    """Return the middle value, or the mean of the two in the middle."""
    ranked = seen.sort("a").with_columns(upto=pl.col("count").cum_sum())
    n = int(ranked["count"].sum())
    low, high = (
        number(ranked.filter(pl.col("upto") > rank)["a"][0], dtype)
        for rank in ((n - 1) // 2, n // 2)
    )
    return low if low == high else (low + high) / 2


def _encoding(dtype: pl.DataType) -> int:
    if dtype.is_float():
        return 0
    return 2 if dtype.is_unsigned_integer() else 1
