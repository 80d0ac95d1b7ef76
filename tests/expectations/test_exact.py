"""Sums are exact, keys are merged whole, whatever the order of rows and batches."""

import math
from fractions import Fraction

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from ftaudit.expectations.evaluation import combine, conclude, measure
from ftaudit.expectations.partials import PartialKind, grouped, merge_keys, number, ordered, partial
from ftaudit.expectations.suite import Expectation
from ftaudit.expectations.suite_plan import POLARS, Planned, SuitePlan
from tests.expectations.test_families import located

floats = st.floats(allow_nan=False, allow_infinity=False)
whole = st.integers(-(2**63), 2**63 - 1)


def observed(type_: str, values: pl.Series, cut: int) -> float | None:
    expectation = Expectation("s", "s", 0, type_, {"column": "x", "min_value": 0})
    plan = SuitePlan((Planned(expectation, POLARS),), ("x",), (("train", len(values)),))
    table = located(pl.DataFrame({"x": values}))
    parts = [combine(measure(plan, part, 5), 5) for part in (table[cut:], table[:cut])]
    (done,) = conclude(plan, combine(pl.concat(parts), 5), 5)
    return done.outcome.observed


def rounded(value: Fraction) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


@given(values=st.lists(floats, min_size=2, max_size=12), cut=st.integers(0, 12))
def test_sum_and_mean_are_the_exact_ones_rounded_once(values: list[float], cut: int) -> None:
    series = pl.Series("x", values, dtype=pl.Float64)
    exact = sum(map(Fraction, values), Fraction(0))
    assert observed("expect_column_sum_to_be_between", series, cut) == rounded(exact)
    assert observed("expect_column_mean_to_be_between", series, cut) == rounded(exact / len(values))


@given(values=st.lists(whole, min_size=1, max_size=12), cut=st.integers(0, 12))
def test_whole_numbers_add_up_beyond_64_bits(values: list[int], cut: int) -> None:
    series = pl.Series("x", values, dtype=pl.Int64)
    found = observed("expect_column_sum_to_be_between", series, cut)
    assert found == rounded(Fraction(sum(values)))


@given(values=st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=12), cut=st.integers(0, 12))
def test_the_standard_deviation_is_that_of_the_sample(values: list[float], cut: int) -> None:
    series = pl.Series("x", values, dtype=pl.Float64)
    exact = list(map(Fraction, values))
    mean = sum(exact, Fraction(0)) / len(exact)
    variance = sum(((v - mean) ** 2 for v in exact), Fraction(0)) / (len(exact) - 1)
    found = observed("expect_column_stdev_to_be_between", series, cut)
    assert found == math.sqrt(rounded(variance))


@given(values=st.lists(floats | st.sampled_from([math.inf, -math.inf]), max_size=12))
def test_codes_of_floats_order_as_the_floats(values: list[float]) -> None:
    codes = ordered(pl.Series(values, dtype=pl.Float64)).to_list()
    assert [number(c, pl.Float64()) for c in codes] == values
    by_code = [v for _, v in sorted(zip(codes, values, strict=True), key=lambda p: p[0])]
    assert by_code == sorted(values)


@given(values=st.lists(whole, max_size=12))
def test_codes_of_whole_numbers_order_as_the_numbers(values: list[int]) -> None:
    codes = ordered(pl.Series(values, dtype=pl.Int64)).to_list()
    assert [number(c, pl.Int64()) for c in codes] == values
    assert sorted(codes) == [c for _, c in sorted(zip(values, codes, strict=True))]


small = st.integers(0, 2)


@given(rows=st.lists(st.tuples(small, small, small, small, st.integers(0, 9)), max_size=20))
def test_merging_keys_equals_grouping_by_all_of_them(rows: list[tuple[int, ...]]) -> None:
    columns = [pl.Series([r[i] for r in rows], dtype=pl.UInt64) for i in range(5)]
    found = partial(
        PartialKind.KEY,
        len(rows),
        a=columns[2],
        b=columns[3],
        count=1,
        first=columns[4],
        last=columns[4],
    ).with_columns(columns[0].cast(pl.UInt16).alias("expectation"))
    found = found.with_columns(columns[1].cast(pl.UInt8).alias("split"))
    order = ["expectation", "split", "a", "b"]
    assert merge_keys(found).sort(order).equals(grouped(found).sort(order))


def test_a_million_distinct_keys_stay_as_they_are() -> None:
    n = 1_000_000
    a = pl.Series(np.random.default_rng(0).permutation(n).astype(np.uint64))
    found = partial(PartialKind.KEY, n, a=a, b=a, count=1, first=a, last=a)
    assert merge_keys(found) is found
