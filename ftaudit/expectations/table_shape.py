"""Expectations about the number of rows and the columns of the table."""

from typing import Final

import polars as pl

from ftaudit.expectations.outcome import ExpectationOutcome, within
from ftaudit.expectations.partials import TallyCode, tallies, tally
from ftaudit.expectations.rowwise import missing
from ftaudit.expectations.suite import Expectation

EXISTS: Final = "expect_column_to_exist"
SET: Final = "expect_table_columns_to_match_set"
ORDERED: Final = "expect_table_columns_to_match_ordered_list"
COLUMN_COUNT: Final = "expect_table_column_count_to_equal"
COLUMN_RANGE: Final = "expect_table_column_count_to_be_between"
ROW_COUNT: Final = "expect_table_row_count_to_equal"
ROW_RANGE: Final = "expect_table_row_count_to_be_between"
THERE: Final = "expect_column_proportion_of_non_null_values_to_be_between"
TYPES: Final = (ROW_COUNT, ROW_RANGE, THERE)
COLUMNS: Final = (EXISTS, SET, ORDERED, COLUMN_COUNT, COLUMN_RANGE)
"""Types that need no row: the columns tell."""


def suits(expectation: Expectation, dtypes: dict[str, pl.DataType]) -> bool:  # noqa: ARG001 - one signature for all families
    """Return True: every table has rows and columns."""
    bounds = (expectation.kwargs.get("min_value"), expectation.kwargs.get("max_value"))
    return not any(isinstance(b, str) for b in bounds)


def measure(expectation: Expectation, batch: pl.DataFrame, cap: int) -> pl.DataFrame:  # noqa: ARG001 - one signature for all families
    """Count rows, and missing values where a column is named."""
    column = expectation.column
    absent = 0
    if column is not None:
        absent = int(batch.select(missing(column, batch.schema[column]).sum()).item())
    return tallies({TallyCode.ROWS: batch.height, TallyCode.MISSING: absent})


def conclude(expectation: Expectation, totals: pl.DataFrame) -> ExpectationOutcome:
    """Judge the number of rows, or the share of values that are present."""
    rows, absent = tally(totals, TallyCode.ROWS), tally(totals, TallyCode.MISSING)
    if expectation.type == ROW_COUNT:
        return ExpectationOutcome(rows == expectation.kwargs["value"], observed=rows)
    if expectation.type == ROW_RANGE:
        return ExpectationOutcome(within(rows, expectation), observed=rows)
    share = (rows - absent) / rows if rows else 0
    return ExpectationOutcome(within(share, expectation), rows, absent, observed=share)


def judge_columns(expectation: Expectation, columns: list[str]) -> ExpectationOutcome:
    """Judge an expectation about the names, order or number of columns."""
    kwargs = expectation.kwargs
    match expectation.type:
        case "expect_column_to_exist":
            success = _exists(columns, kwargs["column"], kwargs.get("column_index"))
        case "expect_table_columns_to_match_ordered_list":
            success = columns == kwargs["column_list"]
        case "expect_table_columns_to_match_set":
            success = _matches(columns, kwargs.get("column_set"), kwargs.get("exact_match", True))
        case "expect_table_column_count_to_equal":
            success = len(columns) == kwargs["value"]
        case _:
            success = within(len(columns), expectation)
    return ExpectationOutcome(success, observed=len(columns))


def _exists(columns: list[str], name: object, index: object) -> bool:
    if isinstance(index, int) and index:  # position 0 is not checked: Great Expectations does not
        return -len(columns) <= index < len(columns) and columns[index] == name
    return name in columns


def _matches(columns: list[str], expected: object, exact: object) -> bool:
    if not isinstance(expected, list):
        return not exact
    missing_ = set(expected) - set(columns)
    return not missing_ and (not exact or set(columns) == set(expected))
