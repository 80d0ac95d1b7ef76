"""Expectations about repeated and distinct values, by 128-bit hashes of values."""

from typing import Final

import polars as pl

from ftaudit.expectations.outcome import ExpectationOutcome, judge_rows, within
from ftaudit.expectations.partials import (
    ROW_ID,
    PartialKind,
    TallyCode,
    distinct_values,
    keys,
    tallies,
    tally,
)
from ftaudit.expectations.rowwise import is_number, missing
from ftaudit.expectations.suite import Expectation

UNIQUE: Final = "expect_column_values_to_be_unique"
COMPOUND: Final = "expect_compound_columns_to_be_unique"
COUNT: Final = "expect_column_unique_value_count_to_be_between"
SHARE: Final = "expect_column_proportion_of_unique_values_to_be_between"
TYPES: Final = (UNIQUE, COMPOUND, COUNT, SHARE)


def suits(expectation: Expectation, dtypes: dict[str, pl.DataType]) -> bool:
    """Return whether every column holds text, numbers or booleans."""
    bounds = (expectation.kwargs.get("min_value"), expectation.kwargs.get("max_value"))
    if any(isinstance(b, str) for b in bounds):
        return False
    columns = [dtypes[c] for c in expectation.columns]
    return all(is_number(d) or d in (pl.String, pl.Boolean) for d in columns)


def measure(expectation: Expectation, batch: pl.DataFrame, cap: int) -> pl.DataFrame:  # noqa: ARG001 - findings are told from the totals, one signature for all families
    """Count rows and missing values, and hash every value that is there."""
    columns = list(expectation.columns)
    absent = _ignored(expectation, batch)
    present = batch.select(ROW_ID, *columns).filter(~absent)
    counts = tallies(
        {TallyCode.ROWS: batch.height, TallyCode.MISSING: batch.height - present.height}
    )
    values = present.select(_plain(c, batch.schema[c]) for c in columns)
    return pl.concat([counts, keys(values, present[ROW_ID])])


def conclude(expectation: Expectation, totals: pl.DataFrame) -> ExpectationOutcome:
    """Judge how many values repeat, or how many are distinct."""
    seen = totals.filter(pl.col("kind") == int(PartialKind.KEY))
    rows, absent = tally(totals, TallyCode.ROWS), tally(totals, TallyCode.MISSING)
    if expectation.type in (UNIQUE, COMPOUND):
        return _repeated(expectation, seen, rows, absent)
    present = rows - absent
    observed: float = distinct_values(totals)
    if expectation.type == SHARE:
        observed = observed / present if present else 0
    return ExpectationOutcome(within(observed, expectation), rows, absent, observed=observed)


def _repeated(
    expectation: Expectation, seen: pl.DataFrame, rows: int, absent: int
) -> ExpectationOutcome:
    repeated = seen.filter(pl.col("count") > 1)
    unexpected = int(repeated["count"].sum())
    judged = judge_rows(rows, absent, unexpected, expectation.kwargs.get("mostly", 1.0))
    worst = repeated.sort("first")
    return ExpectationOutcome(
        judged.success,
        rows,
        absent,
        unexpected,
        rows=tuple(worst["last"].to_list()),
        related=tuple(worst["first"].to_list()),
    )


def _ignored(expectation: Expectation, batch: pl.DataFrame) -> pl.Expr:
    """Return the rows that are not judged, by `ignore_row_if`."""
    masks = [missing(c, batch.schema[c]) for c in expectation.columns]
    rule = expectation.kwargs.get("ignore_row_if", "all_values_are_missing")
    if rule == "never":
        return pl.lit(value=False)
    return pl.any_horizontal(masks) if rule == "any_value_is_missing" else pl.all_horizontal(masks)


def _plain(column: str, dtype: pl.DataType) -> pl.Expr:
    """Return the column so that equal values hash alike: -0.0 as 0.0, NaN as null."""
    value = pl.col(column)
    return (value + 0.0).fill_nan(None) if dtype.is_float() else value
