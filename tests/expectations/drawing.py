"""Random frames and expectations, by seed, for comparing the fast path with Great Expectations."""

from collections.abc import Callable
from random import Random

import polars as pl

WORDS = [
    "src-0001",
    "src-12",
    "",
    "é😀",
    "a\nb",
    "None",
    "nan",
    " x",
    "MIT",
    "mit",
    "12\n",
    "²",
    "K",
]
FLOATS = [0.0, -0.0, 1.5, float("nan"), float("inf"), -2.25, None, 2.0, 1e300]
PATTERNS = [
    r"^src-\d{4}$",
    r"\w",
    r"src",
    r"^a.b$",
    r"(?i)^mit$",
    r"^$",
    r"^\d+$",
    r"[^\W\d]",
    r"(?s)a.b",
    r"\s",
    r"(?i)k",
    r"^(?:src|mit)[-\d]*$",
    r"x\Z",
    r"(?m)^b$",
]
KWARGS = dict[str, object]


def frame(rng: Random) -> pl.DataFrame:
    """Draw a table of text, whole numbers, floats and booleans, often with nulls or empty."""
    n = rng.choice([0, 1, 2, 5, 40, 120])
    nulls = rng.choice([0, 3])
    floats = FLOATS if rng.random() < 0.5 else [x for x in FLOATS if x is None or abs(x) < 9]

    def pick(values: list[object]) -> list[object]:
        return [rng.choice([*values, *[None] * nulls]) for _ in range(n)]

    return pl.DataFrame(
        {
            "s": pick(list(WORDS)),
            "i": pick(list(range(-3, 9))),
            "f": pick(list(floats)),
            "u": pick([0, 1, 200]),
            "b": pick([True, False]),
        },
        schema={"s": pl.String, "i": pl.Int64, "f": pl.Float64, "u": pl.UInt8, "b": pl.Boolean},
    )


def _mostly(rng: Random) -> KWARGS:
    return {} if rng.random() < 0.4 else {"mostly": rng.choice([1.0, 0.9, 0.5, 0.0])}


def _bounds(rng: Random, low: list[float], high: list[float]) -> KWARGS:
    found: KWARGS = {"min_value": rng.choice([None, *low]), "max_value": rng.choice([None, *high])}
    if found["min_value"] is None and found["max_value"] is None:
        found["max_value"] = high[0]
    found |= {"strict_min": True} if rng.random() < 0.3 else {}
    return found | ({"strict_max": True} if rng.random() < 0.3 else {})


def _set(rng: Random, column: str) -> list[object]:
    choices: dict[str, list[object]] = {
        "s": ["MIT", "src-0001", "", "nan"],
        "i": [1, 2, 3, -1, 2.0],
        "f": [0.0, 1.5, 2],
        "u": [0, 1, 200, 300, -5],
    }
    known = choices[column]
    return rng.sample(known, rng.randint(1, len(known)))


def _in_set(rng: Random) -> KWARGS:
    column = rng.choice("sifu")
    return {"column": column, "value_set": _set(rng, column), **_mostly(rng)}


def _distinct(rng: Random) -> KWARGS:
    column = rng.choice("sif")
    known: dict[str, list[object]] = {
        "s": list(WORDS),
        "i": list(range(-3, 9)),
        "f": [0.0, 1.5, -2.25, 2.0],
    }
    values = known[column]
    return {"column": column, "value_set": rng.sample(values, rng.randint(1, len(values)))}


def _aggregate(rng: Random) -> KWARGS:
    return {"column": rng.choice("ifu"), **_bounds(rng, [-1.3, 0, 1], [2.7, 5, 90])}


DRAW: dict[str, Callable[[Random], KWARGS]] = {
    "expect_column_values_to_not_be_null": lambda r: {"column": r.choice("sifb"), **_mostly(r)},
    "expect_column_values_to_be_null": lambda r: {"column": r.choice("sifb"), **_mostly(r)},
    "expect_column_values_to_be_in_set": _in_set,
    "expect_column_values_to_not_be_in_set": _in_set,
    "expect_column_values_to_match_regex": lambda r: {
        "column": "s",
        "regex": r.choice(PATTERNS),
        **_mostly(r),
    },
    "expect_column_values_to_not_match_regex": lambda r: {
        "column": "s",
        "regex": r.choice(PATTERNS),
        **_mostly(r),
    },
    "expect_column_values_to_match_regex_list": lambda r: {
        "column": "s",
        "regex_list": r.sample(PATTERNS, 2),
        "match_on": r.choice(["any", "all"]),
        **_mostly(r),
    },
    "expect_column_values_to_not_match_regex_list": lambda r: {
        "column": "s",
        "regex_list": r.sample(PATTERNS, 2),
        **_mostly(r),
    },
    "expect_column_values_to_be_between": lambda r: {
        "column": r.choice("ifu"),
        **_bounds(r, [-1, 0.5], [2, 5]),
        **_mostly(r),
    },
    "expect_column_value_lengths_to_be_between": lambda r: {
        "column": "s",
        **_bounds(r, [1, 2], [3, 8]),
        **_mostly(r),
    },
    "expect_column_value_lengths_to_equal": lambda r: {
        "column": "s",
        "value": r.choice([0, 2, 3, 8]),
        **_mostly(r),
    },
    "expect_column_values_to_be_unique": lambda r: {"column": r.choice("sifub"), **_mostly(r)},
    "expect_compound_columns_to_be_unique": lambda r: {
        "column_list": r.sample("sifb", r.randint(2, 3)),
        "ignore_row_if": r.choice(["all_values_are_missing", "any_value_is_missing", "never"]),
        **_mostly(r),
    },
    "expect_column_unique_value_count_to_be_between": lambda r: {
        "column": r.choice("sifub"),
        **_bounds(r, [1, 3], [4, 12]),
    },
    "expect_column_proportion_of_unique_values_to_be_between": lambda r: {
        "column": r.choice("sifub"),
        **_bounds(r, [0.1, 0.5], [0.9, 1]),
    },
    "expect_column_proportion_of_non_null_values_to_be_between": lambda r: {
        "column": r.choice("sifub"),
        **_bounds(r, [0.1, 0.5], [0.9, 1]),
    },
    "expect_column_distinct_values_to_be_in_set": _distinct,
    "expect_column_distinct_values_to_equal_set": _distinct,
    "expect_column_distinct_values_to_contain_set": _distinct,
    "expect_column_min_to_be_between": _aggregate,
    "expect_column_max_to_be_between": _aggregate,
    "expect_column_mean_to_be_between": _aggregate,
    "expect_column_sum_to_be_between": _aggregate,
    "expect_column_stdev_to_be_between": _aggregate,
    "expect_column_median_to_be_between": _aggregate,
    "expect_column_to_exist": lambda r: {
        "column": r.choice(["s", "i", "zz"]),
        **({"column_index": r.choice([0, 1, 4, 9])} if r.random() < 0.5 else {}),
    },
    "expect_table_row_count_to_be_between": lambda r: _bounds(r, [0, 2], [5, 60]),
    "expect_table_row_count_to_equal": lambda r: {"value": r.choice([0, 1, 5])},
    "expect_table_column_count_to_be_between": lambda r: {
        "min_value": r.choice([1, 5]),
        "max_value": r.choice([5, 6]),
    },
    "expect_table_column_count_to_equal": lambda r: {"value": r.choice([4, 5])},
    "expect_table_columns_to_match_set": lambda r: {
        "column_set": r.choice([["s", "i"], ["b", "f", "i", "s", "u"], ["S", "i"], ["s", "q"]]),
        "exact_match": r.choice([True, False]),
    },
    "expect_table_columns_to_match_ordered_list": lambda r: {
        "column_list": r.choice([["s", "i", "f", "u", "b"], ["i", "s", "f", "u", "b"], ["s"]])
    },
}
"""Expectation type → a draw of its arguments."""
