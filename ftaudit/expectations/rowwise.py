"""Expectations judged row by row: a mask of missing values and a mask of failing ones."""

from functools import reduce
from operator import and_, or_
from typing import Final

import polars as pl

from ftaudit.expectations.outcome import ExpectationOutcome, judge_rows
from ftaudit.expectations.partials import ROW_ID, PartialKind, TallyCode, failing, tallies, tally
from ftaudit.expectations.pattern import rust_pattern
from ftaudit.expectations.suite import Expectation

NULLNESS: Final = ("expect_column_values_to_not_be_null", "expect_column_values_to_be_null")
SETS: Final = ("expect_column_values_to_be_in_set", "expect_column_values_to_not_be_in_set")
REGEX: Final = ("expect_column_values_to_match_regex", "expect_column_values_to_not_match_regex")
REGEXES: Final = (
    "expect_column_values_to_match_regex_list",
    "expect_column_values_to_not_match_regex_list",
)
LENGTHS: Final = (
    "expect_column_value_lengths_to_be_between",
    "expect_column_value_lengths_to_equal",
)
BETWEEN: Final = "expect_column_values_to_be_between"
TYPES: Final = (*NULLNESS, *SETS, *REGEX, *REGEXES, *LENGTHS, BETWEEN)


def is_number(dtype: pl.DataType) -> bool:
    """Return whether a column of `dtype` is evaluated as numbers (Decimal is not)."""
    return dtype.is_float() or (dtype.is_integer() and dtype not in (pl.Int128, pl.UInt128))


def missing(column: str, dtype: pl.DataType) -> pl.Expr:
    """Return a mask of missing values: null, or NaN, which pandas treats as null."""
    null = pl.col(column).is_null()
    return null | pl.col(column).is_nan().fill_null(value=False) if dtype.is_float() else null


def suits(expectation: Expectation, dtypes: dict[str, pl.DataType]) -> bool:
    """Return whether polars and Great Expectations give equal counts on such a column."""
    dtype = dtypes[expectation.column or ""]
    if expectation.type in NULLNESS:
        return True
    if expectation.type in SETS:
        return members(expectation.kwargs["value_set"], dtype) is not None
    if expectation.type == BETWEEN:
        bounds = (expectation.kwargs.get("min_value"), expectation.kwargs.get("max_value"))
        return is_number(dtype) and not any(isinstance(b, str) for b in bounds)
    if dtype != pl.String:
        return False
    return expectation.type in LENGTHS or None not in _patterns(expectation)


def members(value_set: object, dtype: pl.DataType) -> pl.Series | None:
    """Return the values of a set in the type of the column, or None where their types are mixed."""
    values = [v for v in value_set if v is not None] if isinstance(value_set, list) else []
    if dtype == pl.String and all(isinstance(v, str) for v in values):
        return pl.Series(values, dtype=pl.String)
    if dtype == pl.Boolean and all(isinstance(v, bool) for v in values):
        return pl.Series(values, dtype=pl.Boolean)
    numbers = all(isinstance(v, int | float) and not isinstance(v, bool) for v in values)
    if not (is_number(dtype) and numbers):
        return None
    if dtype.is_integer():
        whole = [int(v) for v in values if isinstance(v, int) or float(v).is_integer()]
        low, high = pl.select(low=dtype.min(), high=dtype.max()).row(0)  # type: ignore[attr-defined] # not in the stubs
        return pl.Series([v for v in whole if low <= v <= high], dtype=dtype)
    return pl.Series([float(v) for v in values], dtype=pl.Float64)


def measure(expectation: Expectation, batch: pl.DataFrame, cap: int) -> pl.DataFrame:
    """Count rows, missing and unexpected values, and keep the lowest failing row ids."""
    column = expectation.column or ""
    absent = missing(column, batch.schema[column])
    bad = _unexpected(expectation, batch.schema[column], absent).fill_null(value=False)
    masks = batch.select(ROW_ID, absent=absent, bad=bad)
    unexpected = int(masks["bad"].sum())
    counts = tallies(
        {
            TallyCode.ROWS: batch.height,
            TallyCode.MISSING: int(masks["absent"].sum()),
            TallyCode.UNEXPECTED: unexpected,
        }
    )
    if not unexpected:
        return counts
    return pl.concat([counts, failing(masks.filter("bad")[ROW_ID], cap)])


def conclude(expectation: Expectation, totals: pl.DataFrame) -> ExpectationOutcome:
    """Judge the counts by `mostly`."""
    failing_rows = totals["a"].filter(totals["kind"] == int(PartialKind.FAILING))
    rows = tuple(sorted(failing_rows.to_list()))
    absent = 0 if expectation.type in NULLNESS else tally(totals, TallyCode.MISSING)
    return judge_rows(
        tally(totals, TallyCode.ROWS),
        absent,
        tally(totals, TallyCode.UNEXPECTED),
        expectation.kwargs.get("mostly", 1.0),
        rows,
    )


def _unexpected(expectation: Expectation, dtype: pl.DataType, absent: pl.Expr) -> pl.Expr:
    if expectation.type in NULLNESS:
        return absent if expectation.type == NULLNESS[0] else ~absent
    holds = _holds(expectation, dtype)
    return ~holds & ~absent


def _holds(expectation: Expectation, dtype: pl.DataType) -> pl.Expr:
    value = pl.col(expectation.column or "")
    if expectation.type in SETS:
        values = members(expectation.kwargs["value_set"], dtype)
        inside = value.is_in(values.implode() if values is not None else [])
        return inside if expectation.type == SETS[0] else ~inside
    if expectation.type in LENGTHS:
        return _inside(value.str.len_chars().cast(pl.Int64), expectation)
    if expectation.type == BETWEEN:
        return _inside(value, expectation)
    return _matches(expectation, value)


def _inside(value: pl.Expr, expectation: Expectation) -> pl.Expr:
    if expectation.type == LENGTHS[1]:
        return value == pl.lit(expectation.kwargs["value"])
    low, high = expectation.kwargs.get("min_value"), expectation.kwargs.get("max_value")
    bounds = []
    if isinstance(low, int | float):
        least = pl.lit(float(low))
        bounds.append(value > least if expectation.kwargs.get("strict_min") else value >= least)
    if isinstance(high, int | float):
        most = pl.lit(float(high))
        bounds.append(value < most if expectation.kwargs.get("strict_max") else value <= most)
    return reduce(and_, bounds)


def _patterns(expectation: Expectation) -> list[str | None]:
    patterns = expectation.kwargs.get("regex_list", [expectation.kwargs.get("regex")])
    return (
        [rust_pattern(p) for p in patterns if isinstance(p, str)]
        if isinstance(patterns, list)
        else []
    )


def _matches(expectation: Expectation, value: pl.Expr) -> pl.Expr:
    matches = [value.str.contains(p) for p in _patterns(expectation) if p is not None]
    every = expectation.kwargs.get("match_on") == "all"
    if expectation.type in (REGEX[0], REGEXES[0]):
        return reduce(and_ if every else or_, matches)
    return ~reduce(or_, matches)
