"""Expectations about the table as a whole: its rows and its columns."""

from typing import Final

import polars as pl

from ftaudit.expectations.outcome import Outcome, within
from ftaudit.expectations.partial import Tally, tallies, tally
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
    gone = 0
    if column is not None:
        gone = int(batch.select(missing(column, batch.schema[column]).sum()).item())
    return tallies({Tally.ROWS: batch.height, Tally.MISSING: gone})


def conclude(expectation: Expectation, totals: pl.DataFrame) -> Outcome:
    """Judge the number of rows, or the share of values that are there."""
    rows, gone = tally(totals, Tally.ROWS), tally(totals, Tally.MISSING)
    if expectation.type == ROW_COUNT:
        return Outcome(rows == expectation.kwargs["value"], observed=rows)
    if expectation.type == ROW_RANGE:
        return Outcome(within(rows, expectation), observed=rows)
    share = (rows - gone) / rows if rows else 0
    return Outcome(within(share, expectation), rows, gone, observed=share)


def judge_columns(expectation: Expectation, columns: list[str]) -> Outcome:
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
    return Outcome(success, observed=len(columns))


def _exists(columns: list[str], name: object, index: object) -> bool:
    if isinstance(index, int) and index:  # position 0 is not checked: Great Expectations does not
        return -len(columns) <= index < len(columns) and columns[index] == name
    return name in columns


def _matches(columns: list[str], wanted: object, exact: object) -> bool:
    if not isinstance(wanted, list):
        return not exact
    missing_ = set(wanted) - set(columns)
    return not missing_ and (not exact or set(columns) == set(wanted))
