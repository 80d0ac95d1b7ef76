"""Paired right or wrong scores: published tables, the reference's numbers, libraries as oracles."""

import warnings
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

from ftaudit.model.statistics.interval import Interval
from ftaudit.model.statistics.mcnemar import (
    asymptotic_p_value,
    better_p_value,
    exact_p_value,
    mid_p_value,
    worse_p_value,
)
from ftaudit.model.statistics.multiplicity import holm
from ftaudit.model.statistics.noninferiority import no_worse, rows_to_show
from ftaudit.model.statistics.paired_counts import PairedCounts
from ftaudit.model.statistics.paired_intervals import newcombe, tango, wald, wilson
from ftaudit.model.statistics.standing import Standing
from ftaudit.model.statistics.tails import rate_limit
from tests.model.statistics.fixture import counts_of, expected

FOURFOLD = st.builds(PairedCounts, *[st.integers(0, 60)] * 4).filter(lambda c: c.pairs > 0)


def ends(interval: Interval, *digits: float, within: float) -> bool:
    return (interval.lower, interval.upper) == pytest.approx(digits, abs=within)


def test_the_airway_data_give_the_published_intervals_and_tests() -> None:
    # Cavo 2012, in Fagerland et al., Statistical Analysis of Contingency Tables
    counts = PairedCounts(59, 6, 16, 80)
    assert ends(tango(counts), -0.1240, -0.0054, within=6e-5)
    assert ends(newcombe(counts), -0.1186, -0.0046, within=6e-5)
    assert ends(wald(counts), -0.1184, -0.0058, within=6e-5)
    assert exact_p_value(counts) == pytest.approx(0.052479, abs=6e-7)
    assert mid_p_value(counts) == pytest.approx(0.034690, abs=6e-7)
    assert asymptotic_p_value(counts) == pytest.approx(0.033006, abs=6e-7)
    assert asymptotic_p_value(counts, corrected=True) == pytest.approx(0.055009, abs=6e-7)


def test_two_more_published_tables() -> None:
    counts = PairedCounts(1, 1, 7, 12)
    assert ends(tango(counts), -0.5172, -0.0260, within=6e-5)
    assert ends(newcombe(counts), -0.5069, -0.0256, within=6e-5)
    assert exact_p_value(counts) == pytest.approx(0.0703, abs=6e-5)
    assert mid_p_value(counts) == pytest.approx(0.0391, abs=6e-5)
    counts = PairedCounts(36, 12, 2, 0)
    assert ends(newcombe(counts), 0.0569, 0.3404, within=6e-5)
    assert ends(tango(counts), 0.0611, 0.3447, within=6e-5)


@pytest.mark.parametrize(
    ("cells", "lift", "score", "square", "exact", "mid"),
    [
        ((231, 28, 13, 28), 0.05, (0.00853, 0.09395), (0.00790, 0.09301), 0.02753, 0.01952),
        ((70, 12, 4, 14), 0.08, (0.00178, 0.16559), (0.00006, 0.16106), 0.07681, 0.04904),
        ((35, 3, 0, 2), 0.075, (-0.01919, 0.19864), (-0.03068, 0.19977), 0.25, 0.125),
        ((270, 0, 0, 30), 0.0, (-0.01264, 0.01264), (-0.01202, 0.01202), 1, 1),
    ],
)
def test_the_worked_tables(  # noqa: PLR0913, PLR0917 - the columns of the table
    cells: tuple[int, int, int, int],
    lift: float,
    score: tuple[float, float],
    square: tuple[float, float],
    exact: float,
    mid: float,
) -> None:
    counts = PairedCounts(*cells)
    assert counts.lift == pytest.approx(lift, abs=1e-12)
    assert ends(tango(counts), *score, within=6e-6)
    assert ends(newcombe(counts), *square, within=6e-6)
    assert exact_p_value(counts) == pytest.approx(exact, abs=6e-6)
    assert mid_p_value(counts) == pytest.approx(mid, abs=6e-6)


def test_pairing_is_worth_half_the_holdout() -> None:
    counts = PairedCounts(231, 28, 13, 28)
    assert counts.standard_error == pytest.approx(0.02115, abs=6e-6)
    assert counts.unpaired_error == pytest.approx(0.02999, abs=6e-6)


def test_a_large_table() -> None:
    counts = PairedCounts(2600, 250, 90, 140)
    assert counts.lift == pytest.approx(0.05195, abs=6e-6)
    assert ends(tango(counts), 0.04052, 0.06378, within=6e-6)
    assert ends(newcombe(counts), 0.04042, 0.06370, within=6e-6)
    assert exact_p_value(counts) == pytest.approx(1.472e-18, rel=5e-4)
    assert mid_p_value(counts) == pytest.approx(9.976e-19, rel=5e-4)


def test_where_nothing_differs_wald_is_of_width_zero_and_tango_is_not() -> None:
    counts = PairedCounts(270, 0, 0, 30)
    assert wald(counts) == Interval(0, 0)
    assert tango(counts).upper > 0.01


BLOCKS = [
    ("quality", "tuned_vs_baseline"),
    ("quality", "tuned_vs_retrieval"),
    ("quality_lenient", "tuned_vs_baseline"),
    ("quality_lenient", "tuned_vs_retrieval"),
    ("leaked_holdout_rows_0.8", "without_them"),
    ("leaked_holdout_rows_0.8", "only_them"),
    ("formats", ""),
]


@pytest.mark.usefixtures("shared")
@pytest.mark.parametrize(("part", "block"), BLOCKS)
def test_every_paired_number_of_the_fixture(part: str, block: str) -> None:
    table: dict[str, Any] = expected()[part][block] if block else expected()[part]
    counts = counts_of(table)
    assert counts.pairs == table["n"]
    assert counts.baseline == pytest.approx(table["baseline"], rel=1e-9)
    assert counts.tuned == pytest.approx(table["tuned"], rel=1e-9)
    assert counts.lift == pytest.approx(table["difference"], rel=1e-9)
    assert counts.standard_error == pytest.approx(table["standard_error"], rel=1e-9)
    assert counts.discordance == pytest.approx(table["discordance"], rel=1e-9)
    assert ends(wald(counts), *table["wald95"], within=1e-9)
    assert ends(tango(counts), *table["tango95"], within=1e-9)
    assert ends(newcombe(counts), *table["newcombe95"], within=1e-9)
    assert exact_p_value(counts) == pytest.approx(table["mcnemar_exact_p"], rel=1e-9)
    assert mid_p_value(counts) == pytest.approx(table["mcnemar_midp"], rel=1e-9)


@pytest.mark.usefixtures("shared")
def test_every_class_of_the_fixture() -> None:
    rows = expected()["classes"]["table"]
    counts = [
        PairedCounts(0, r["fixed"], r["broken"], r["n"] - r["fixed"] - r["broken"]) for r in rows
    ]
    worse, better = map(worse_p_value, counts), map(better_p_value, counts)
    for row, table, p_worse, p_better, down, up in zip(
        rows,
        counts,
        map(worse_p_value, counts),
        map(better_p_value, counts),
        holm(list(worse)),
        holm(list(better)),
        strict=True,
    ):
        assert p_worse == pytest.approx(row["p_worse"], rel=1e-9)
        assert p_better == pytest.approx(row["p_better"], rel=1e-9)
        assert down == pytest.approx(row["p_worse_holm"], rel=1e-9)
        assert up == pytest.approx(row["p_better_holm"], rel=1e-9)
        assert ends(tango(table, 0.9), *row["tango90"], within=1e-9)
    standings = {r["label"]: no_worse(c, 0.1) for r, c in zip(rows, counts, strict=True)}
    refuted = [label for label, standing in standings.items() if standing is Standing.REFUTED]
    assert refuted == expected()["classes"]["worse_holm_0.05"]
    assert [n for n, s in standings.items() if s is Standing.NOT_SHOWN] == ["verify_top_up"]
    assert list(standings.values()).count(Standing.SHOWN) == 73


@pytest.mark.usefixtures("shared")
@pytest.mark.parametrize("part", ["format", "policy"])
def test_removed_and_introduced_violations_of_the_fixture(part: str) -> None:
    table = expected()["consistency_lift"][part]
    right = 3080 - table["removed"] - table["introduced"]
    counts = PairedCounts(right, table["removed"], table["introduced"], 0)
    assert counts.lift == pytest.approx(table["reduction"], abs=1e-9)
    assert ends(tango(counts), *table["reduction_tango95"], within=1e-9)
    assert exact_p_value(counts) == pytest.approx(table["mcnemar_exact_p"], rel=1e-9)


def test_the_margin_of_forty_rows_is_shown_but_for_a_broken_row() -> None:
    def lower(fixed: int, broken: int, rows: int = 40) -> float:
        return tango(PairedCounts(rows - fixed - broken, fixed, broken, 0), 0.9).lower

    assert lower(0, 0) == pytest.approx(-0.0634, abs=6e-5)
    assert lower(1, 1) == pytest.approx(-0.0836, abs=6e-5)
    assert lower(2, 2) == pytest.approx(-0.0997, abs=6e-5)
    assert lower(0, 1) == pytest.approx(-0.1046, abs=6e-5)
    assert lower(0, 0, 20) == pytest.approx(-0.1192, abs=6e-5)
    assert no_worse(PairedCounts(20, 0, 0, 0), 0.1) is Standing.NOT_SHOWN
    assert no_worse(PairedCounts(rows_to_show(0.1), 0, 0, 0), 0.1) is Standing.SHOWN
    assert no_worse(PairedCounts(rows_to_show(0.1) - 1, 0, 0, 0), 0.1) is Standing.NOT_SHOWN


def test_holm_over_many_small_classes_finds_only_drops_of_about_a_fifth() -> None:
    dropped = worse_p_value(PairedCounts(29, 0, 11, 0))
    assert dropped == pytest.approx(4.9e-4, abs=1e-5)
    assert holm([dropped, *[1.0] * 76])[0] == pytest.approx(0.038, abs=5e-4)
    assert holm([worse_p_value(PairedCounts(30, 0, 10, 0)), *[1.0] * 76])[0] > 0.05


@given(FOURFOLD)
@settings(max_examples=60)
def test_the_exact_test_is_that_of_statsmodels(counts: PairedCounts) -> None:
    table = [[counts.both, counts.fixed], [counts.broken, counts.neither]]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # statsmodels divides by zero where nothing differs
        theirs = mcnemar(table, exact=True).pvalue
    assert exact_p_value(counts) == pytest.approx(min(1.0, theirs), rel=1e-9)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
@settings(max_examples=60)
def test_holm_is_that_of_statsmodels(p_values: list[float]) -> None:
    with patch("gc.collect"):  # statsmodels calls it each time, and it takes half a second here
        theirs = multipletests(p_values, method="holm")[1]
    assert holm(p_values) == pytest.approx(list(theirs), abs=1e-12)


@given(st.integers(0, 40), st.integers(1, 40))
@settings(max_examples=60)
def test_wilson_is_that_of_statsmodels(successes: int, more: int) -> None:
    interval = wilson(successes, successes + more)
    theirs = proportion_confint(successes, successes + more, method="wilson")
    assert (interval.lower, interval.upper) == pytest.approx(theirs, abs=1e-12)


@given(FOURFOLD)
@settings(max_examples=80)
def test_swapping_the_systems_mirrors_every_interval(counts: PairedCounts) -> None:
    swapped = PairedCounts(counts.both, counts.broken, counts.fixed, counts.neither)
    for interval_of in (tango, newcombe, wald):
        here, mirrored = interval_of(counts), interval_of(swapped)
        assert ends(here, -mirrored.upper, -mirrored.lower, within=1e-9)
        assert here.lower - 1e-9 <= counts.lift <= here.upper + 1e-9
    assert mid_p_value(counts) <= exact_p_value(counts)


@pytest.mark.parametrize(("rows", "limit"), [(100, 0.0295), (300, 0.00994), (1000, 0.00299)])
def test_none_in_n_rows_still_allows_a_rate(rows: int, limit: float) -> None:
    assert rate_limit(0, rows) == pytest.approx(limit, abs=6e-5)
    assert rate_limit(0, rows) == pytest.approx(1 - 0.05 ** (1 / rows), abs=1e-12)
    assert rate_limit(3, rows) == binomtest(3, rows, alternative="less").proportion_ci(0.95).high
