"""The keyword arguments of the expectations that polars evaluates, and the values each may have.

Types outside this catalogue are checked by Great Expectations' own models when they are loaded.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

from ftaudit.expectations.suite import Expectation
from ftaudit.model.errors import suggestion

Valid = Callable[[object], bool]


def _text(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _texts(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_text, value))


def _flag(value: object) -> bool:
    return isinstance(value, bool)


def _whole(value: object) -> bool:
    return value is None or (isinstance(value, int) and not isinstance(value, bool))


def _count(value: object) -> bool:
    return value is not None and _whole(value)


def _number(value: object) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def _bound(value: object) -> bool:
    return _number(value) or isinstance(value, str)


def _share(value: object) -> bool:
    return isinstance(value, int | float) and 0 <= value <= 1


def _values(value: object) -> bool:
    return isinstance(value, list) and bool(value)


def _regex(value: object) -> bool:
    return isinstance(value, str) and not regex_error(value)


def _regexes(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_regex, value))


def _match_on(value: object) -> bool:
    return value in ("any", "all")


def _ignore(value: object) -> bool:
    return value in ("all_values_are_missing", "any_value_is_missing", "never")


MEANING: Final[Mapping[Valid, str]] = {
    _text: "a text that is not empty",
    _texts: "a list of texts that is not empty",
    _flag: "true or false",
    _whole: "a whole number or null",
    _count: "a whole number",
    _number: "a number or null",
    _bound: "a number, a date or null",
    _share: "a number from 0 to 1",
    _values: "a list that is not empty",
    _regex: "a regular expression",
    _regexes: "a list of regular expressions",
    _match_on: "any or all",
    _ignore: "all_values_are_missing, any_value_is_missing or never",
}

_ROWS: Final[Mapping[str, Valid]] = {"column": _text, "mostly": _share}
_STRICT: Final[Mapping[str, Valid]] = {"strict_min": _flag, "strict_max": _flag}
_AGGREGATE: Final[Mapping[str, Valid]] = {
    "column": _text,
    "min_value": _bound,
    "max_value": _bound,
    **_STRICT,
}
_LENGTHS: Final[Mapping[str, Valid]] = {
    **_ROWS,
    "min_value": _whole,
    "max_value": _whole,
    **_STRICT,
}
_RANGE: Final[Mapping[str, Valid]] = {"min_value": _whole, "max_value": _whole, **_STRICT}
_SET: Final[Mapping[str, Valid]] = {"column": _text, "value_set": _values}

KWARGS: Final[Mapping[str, Mapping[str, Valid]]] = {
    "expect_column_values_to_not_be_null": _ROWS,
    "expect_column_values_to_be_null": _ROWS,
    "expect_column_values_to_be_in_set": {**_ROWS, "value_set": _values},
    "expect_column_values_to_not_be_in_set": {**_ROWS, "value_set": _values},
    "expect_column_values_to_match_regex": {**_ROWS, "regex": _regex},
    "expect_column_values_to_not_match_regex": {**_ROWS, "regex": _regex},
    "expect_column_values_to_match_regex_list": {
        **_ROWS,
        "regex_list": _regexes,
        "match_on": _match_on,
    },
    "expect_column_values_to_not_match_regex_list": {**_ROWS, "regex_list": _regexes},
    "expect_column_values_to_be_between": {**_ROWS, **_AGGREGATE},
    "expect_column_value_lengths_to_be_between": _LENGTHS,
    "expect_column_value_lengths_to_equal": {**_ROWS, "value": _count},
    "expect_column_values_to_be_unique": _ROWS,
    "expect_compound_columns_to_be_unique": {
        "column_list": _texts,
        "mostly": _share,
        "ignore_row_if": _ignore,
    },
    "expect_column_unique_value_count_to_be_between": _AGGREGATE,
    "expect_column_proportion_of_unique_values_to_be_between": _AGGREGATE,
    "expect_column_distinct_values_to_be_in_set": _SET,
    "expect_column_distinct_values_to_equal_set": _SET,
    "expect_column_distinct_values_to_contain_set": _SET,
    "expect_column_proportion_of_non_null_values_to_be_between": _AGGREGATE,
    "expect_column_min_to_be_between": _AGGREGATE,
    "expect_column_max_to_be_between": _AGGREGATE,
    "expect_column_mean_to_be_between": _AGGREGATE,
    "expect_column_sum_to_be_between": _AGGREGATE,
    "expect_column_stdev_to_be_between": _AGGREGATE,
    "expect_column_median_to_be_between": _AGGREGATE,
    "expect_column_to_exist": {"column": _text, "column_index": _whole},
    "expect_table_row_count_to_be_between": _RANGE,
    "expect_table_row_count_to_equal": {"value": _count},
    "expect_table_column_count_to_be_between": {"min_value": _whole, "max_value": _whole},
    "expect_table_column_count_to_equal": {"value": _count},
    "expect_table_columns_to_match_set": {"column_set": _texts, "exact_match": _flag},
    "expect_table_columns_to_match_ordered_list": {"column_list": _texts},
}
"""Expectation type → its keyword arguments → what each may be."""

REQUIRED: Final = frozenset({"column", "value_set", "regex", "regex_list", "value", "column_list"})
"""Arguments without a default, wherever a type takes them."""

ANYWHERE: Final = frozenset(
    {"batch_id", "row_condition", "condition_parser", "result_format", "catch_exceptions"}
    | {"description", "notes", "meta", "id", "severity", "windows", "rendered_content"}
)
"""Arguments that every type of Great Expectations takes."""

CONDITIONAL: Final = ("row_condition", "condition_parser", "windows")
"""Arguments that change what is evaluated, and that only Great Expectations understands."""


def regex_error(pattern: str) -> str | None:
    """Return the error of Python's `re` for a pattern, or None where it compiles."""
    try:
        re.compile(pattern)
    except re.error as error:
        return f"{error.msg} at position {error.pos}"
    return None


def check_kwargs(expectation: Expectation) -> None:
    """Validate the arguments of an expectation of the catalogue.

    Raises:
        InputError: an unknown, missing or wrong argument, or a suite parameter.
    """
    allowed = KWARGS[expectation.type]
    for name, value in expectation.kwargs.items():
        _check_argument(expectation, allowed, name, value)
    for name in allowed:
        if name in REQUIRED and name not in expectation.kwargs:
            raise expectation.error(f"the argument {name} is missing", "Add it to kwargs")
    _check_bounds(expectation, allowed)


def _check_argument(
    expectation: Expectation, allowed: Mapping[str, Valid], name: str, value: object
) -> None:
    if name not in allowed and name not in ANYWHERE:
        problem = f"the argument {name} is unknown{suggestion(name, allowed)}"
        raise expectation.error(problem, f"Known: {', '.join(allowed)}")
    if isinstance(value, dict) and "$PARAMETER" in value:
        problem = f"{name} is a suite parameter, which nothing fills in here"
        raise expectation.error(problem, "Write the value itself")
    if name in allowed and not allowed[name](value):
        problem = f"{name} is not {MEANING[allowed[name]]}"
        if allowed[name] is _regex and isinstance(value, str):
            problem += f" ({regex_error(value)})"
        raise expectation.error(problem)


def _check_bounds(expectation: Expectation, allowed: Mapping[str, Valid]) -> None:
    low, high = expectation.kwargs.get("min_value"), expectation.kwargs.get("max_value")
    if "min_value" not in allowed:
        return
    if low is None and high is None:
        raise expectation.error("neither min_value nor max_value is set", "Set at least one")
    if isinstance(low, int | float) and isinstance(high, int | float) and low > high:
        raise expectation.error("min_value is greater than max_value", "Exchange them")
