"""Expectations that compare the distinct values of a column with a set."""

from typing import Final

import polars as pl

from ftaudit.expectations.outcome import ExpectationOutcome
from ftaudit.expectations.partials import ROW_ID, PartialKind, distinct_values, keys, tallies
from ftaudit.expectations.rowwise import members, missing
from ftaudit.expectations.suite import Expectation

INSIDE: Final = "expect_column_distinct_values_to_be_in_set"
EQUAL: Final = "expect_column_distinct_values_to_equal_set"
CONTAIN: Final = "expect_column_distinct_values_to_contain_set"
TYPES: Final = (INSIDE, EQUAL, CONTAIN)

FIRST_MEMBER: Final = 16
"""Tallies from here on count the members of the set, in their order."""


def suits(expectation: Expectation, dtypes: dict[str, pl.DataType]) -> bool:
    """Return whether all values of the set have the type of the column."""
    value_set = expectation.kwargs["value_set"]
    values = members(value_set, dtypes[expectation.column or ""])
    return values is not None and isinstance(value_set, list) and len(values) == len(value_set)


def measure(expectation: Expectation, batch: pl.DataFrame, cap: int) -> pl.DataFrame:  # noqa: ARG001 - one signature for all families
    """Count how often each member of the set occurs, and hash all other values."""
    column = expectation.column or ""
    dtype = batch.schema[column]
    present = batch.select(ROW_ID, column).filter(~missing(column, dtype))
    expected = _members(expectation, dtype)
    value = pl.col(column).cast(expected.dtype)
    counts = present.select(
        value.eq(pl.lit(member)).sum().alias(str(i)) for i, member in enumerate(expected)
    ).row(0)
    others = present.filter(~value.is_in(expected.implode()))
    named = {FIRST_MEMBER + i: int(n) for i, n in enumerate(counts)}
    return pl.concat([tallies(named), keys(others.select(column), others[ROW_ID])])


def conclude(expectation: Expectation, totals: pl.DataFrame) -> ExpectationOutcome:
    """Judge by members that never occur (`missing`) and values outside the set (`unexpected`)."""
    others = distinct_values(totals)
    met = totals.filter(
        pl.col("kind") == int(PartialKind.TALLY), pl.col("a") >= FIRST_MEMBER, pl.col("count") > 0
    )
    value_set = expectation.kwargs["value_set"]
    expected = len(set(value_set)) if isinstance(value_set, list) else 0
    absent = expected - met.height
    success = {
        INSIDE: others == 0,
        EQUAL: others == 0 and absent == 0,
        CONTAIN: absent == 0,
    }[expectation.type]
    unexpected = others if expectation.type != CONTAIN else None
    missing_members = absent if expectation.type != INSIDE else None
    return ExpectationOutcome(success, None, missing_members, unexpected)


def _members(expectation: Expectation, dtype: pl.DataType) -> pl.Series:
    values = members(expectation.kwargs["value_set"], dtype)
    return pl.Series(dtype=dtype) if values is None else values.unique(maintain_order=True)
