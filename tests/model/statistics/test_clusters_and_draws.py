"""Clustered errors, the bootstrap, macro-F1 and repeated runs."""

from itertools import combinations
from typing import Any

import krippendorff
import numpy as np
import polars as pl
import pytest
from scipy.stats import bootstrap as scipy_bootstrap

from ftaudit.model.statistics.bootstrap import bootstrap
from ftaudit.model.statistics.clustered_mean import clustered_mean
from ftaudit.model.statistics.macro_f1 import MacroF1
from ftaudit.model.statistics.run_agreement import run_agreement
from ftaudit.model.statistics.tails import student_quantile
from tests.model.statistics.fixture import EVALUATION, expected

HAND = ([1, 1, 1, 0, 0, 0, 0, 1, 0, -1, 0, 0], [0, 0, 0, 0, 1, 1, 1, 2, 2, 3, 3, 3])


def test_the_clusters_counted_by_hand() -> None:
    mean = clustered_mean(np.array(HAND[0], float), np.array(HAND[1]))
    assert mean.mean == pytest.approx(0.25)
    assert mean.clusters == 4
    assert mean.independent_error == pytest.approx(0.17180, abs=6e-6)
    assert mean.uncorrected_error == pytest.approx(0.23385, abs=6e-6)
    assert mean.standard_error == pytest.approx(0.27003, abs=6e-6)
    assert student_quantile(0.95, 3) == pytest.approx(3.1824, abs=6e-5)


def test_the_clustered_error_is_that_of_statsmodels() -> None:
    from statsmodels.regression.linear_model import OLS

    generator = np.random.default_rng(5)
    codes = np.repeat(np.arange(30), 8)
    values = generator.normal(size=240) + generator.normal(size=30)[codes]
    ours = clustered_mean(values, codes)
    theirs = OLS(values, np.ones(240)).fit(
        cov_type="cluster", cov_kwds={"groups": codes, "use_correction": False}
    )
    assert ours.uncorrected_error == pytest.approx(theirs.bse[0], rel=1e-12)


@pytest.fixture(scope="module")
def answers() -> pl.DataFrame:
    if not EVALUATION.is_dir():
        pytest.skip("the real data (shared/data beside the repository) is not on this machine")
    frames = [
        pl.read_ndjson(EVALUATION / f"{name}.jsonl").select(
            "id", "reference", pl.col("output").str.strip_chars().alias(name)
        )
        for name in ("baseline", "retrieval", "tuned")
    ]
    joined = frames[0]
    for frame in frames[1:]:
        joined = joined.join(frame.drop("reference"), on="id", validate="1:1")
    return joined.sort("id")


def test_the_fixture_clustered_by_class(answers: pl.DataFrame) -> None:
    right = {
        n: (answers[n] == answers["reference"]).cast(int).to_numpy() for n in ("tuned", "baseline")
    }
    codes = answers["reference"].rank("dense").cast(int).to_numpy() - 1
    mean = clustered_mean((right["tuned"] - right["baseline"]).astype(float), codes)
    table = expected()["quality"]["cluster_by_reference"]
    interval = mean.interval()
    assert mean.clusters == table["clusters"]
    assert mean.uncorrected_error == pytest.approx(table["standard_error_CR0"], abs=1e-9)
    assert mean.standard_error == pytest.approx(table["standard_error_CR1"], abs=1e-9)
    assert (interval.lower, interval.upper) == pytest.approx(table["t95"], abs=1e-9)
    assert mean.design_effect == pytest.approx(table["design_effect"], abs=1e-9)


def three_valued(both: int, fixed: int, broken: int) -> tuple[Any, Any]:
    """Return differences -1, 0, 1 as units, and their statistic: the mean."""
    values = np.array([-1.0, 0.0, 1.0])
    return np.array([broken, both, fixed]), lambda weights: weights @ values / weights.sum(axis=1)


@pytest.mark.usefixtures("shared")
@pytest.mark.parametrize("block", ["tuned_vs_baseline", "tuned_vs_retrieval"])
@pytest.mark.parametrize("part", ["quality", "quality_lenient"])
def test_the_percentile_bootstrap_of_the_fixture(part: str, block: str) -> None:
    table = expected()[part][block]
    counts, mean = three_valued(
        table["both"] + table["neither"], table["tuned_only"], table["baseline_only"]
    )
    interval = bootstrap(mean, counts).percentile()
    assert (interval.lower, interval.upper) == pytest.approx(
        table["bootstrap95_percentile"], abs=0.002
    )


@pytest.mark.usefixtures("shared")
@pytest.mark.parametrize("block", ["without_them", "only_them"])
def test_the_percentile_bootstrap_of_the_leaked_rows(block: str) -> None:
    table = expected()["leaked_holdout_rows_0.8"][block]
    counts, mean = three_valued(
        table["both"] + table["neither"], table["tuned_only"], table["baseline_only"]
    )
    interval = bootstrap(mean, counts).percentile()
    tolerance = 0.002 if table["n"] > 1000 else 1 / table["n"]
    assert (interval.lower, interval.upper) == pytest.approx(
        table["bootstrap95_percentile"], abs=tolerance
    )


def test_the_corrected_bootstrap_is_that_of_scipy() -> None:
    generator = np.random.default_rng(8)
    values = generator.exponential(size=60)
    theirs = scipy_bootstrap(
        (values,), np.mean, n_resamples=20_000, method="BCa", rng=np.random.default_rng(1)
    ).confidence_interval
    ours = bootstrap(
        lambda weights: weights @ values / weights.sum(axis=1), np.ones(60, np.int64), draws=20_000
    ).bias_corrected()
    assert (ours.lower, ours.upper) == pytest.approx((theirs.low, theirs.high), abs=0.015)


def test_units_with_a_count_are_so_many_rows() -> None:
    counts, mean = three_valued(20, 12, 4)
    drawn = bootstrap(mean, counts)
    assert drawn.estimate == pytest.approx(8 / 36)
    assert drawn.standard_error == pytest.approx((16 - 64 / 36) ** 0.5 / 36, rel=0.03)
    assert bootstrap(mean, counts).values.tolist() == drawn.values.tolist()


def test_a_statistic_that_does_not_vary_has_an_interval_of_one_value() -> None:
    drawn = bootstrap(lambda weights: weights.sum(axis=1) * 0 + 1.0, np.array([20]))
    interval = drawn.bias_corrected()
    assert (interval.lower, interval.upper) == (1, 1)


def test_the_macro_f1_of_the_fixture(answers: pl.DataFrame) -> None:
    classes = sorted(answers["reference"].unique())
    codes = {label: at for at, label in enumerate(classes)}
    references = np.array([codes[label] for label in answers["reference"]])
    for name, score in expected()["macro_f1"].items():
        outputs = np.array([codes.get(label, -1) for label in answers[name]])
        statistic = MacroF1(references, outputs, len(classes))
        assert statistic(np.ones((1, len(outputs))))[0] == pytest.approx(score, abs=1e-9)


def test_macro_f1_by_hand() -> None:
    statistic = MacroF1(np.array([0, 0, 1, 1]), np.array([0, 1, 1, -1]), 2)
    # class 0: precision 1, recall 1/2, F1 2/3; class 1: precision 1/2, recall 1/2, F1 1/2
    assert statistic(np.ones((1, 4)))[0] == pytest.approx((2 / 3 + 1 / 2) / 2)


@pytest.mark.usefixtures("shared")
@pytest.mark.parametrize("name", ["baseline", "tuned"])
def test_the_repeated_runs_of_the_fixture(name: str) -> None:
    frame = pl.read_ndjson(EVALUATION / f"{name}_runs.jsonl")
    items = dict(frame.group_by(pl.col("id").cast(str)).agg("output").iter_rows())
    agreement = run_agreement(items)
    table = expected()["repeated_runs"][name]
    assert agreement is not None
    assert agreement.items == table["items"]
    assert agreement.unanimous == pytest.approx(table["unanimous"], abs=1e-9)
    assert agreement.pairwise == pytest.approx(table["pairwise_agreement"], abs=1e-9)
    assert agreement.alpha == pytest.approx(table["krippendorff_alpha_nominal"], abs=1e-9)


def test_alpha_is_that_of_krippendorff_with_missing_runs_too() -> None:
    generator = np.random.default_rng(2)
    table = generator.integers(0, 3, size=(4, 25)).astype(float)
    table[generator.random(table.shape) < 0.2] = np.nan
    items = {
        str(at): [int(v) for v in column if not np.isnan(v)] for at, column in enumerate(table.T)
    }
    agreement = run_agreement(items)
    assert agreement is not None
    theirs = krippendorff.alpha(reliability_data=table, level_of_measurement="nominal")
    assert agreement.alpha == pytest.approx(theirs, abs=1e-12)


def test_agreement_by_hand_and_alpha_falls_when_one_answer_dominates() -> None:
    items = {"1": ["a", "a", "b"], "2": ["a", "a", "a"], "3": ["b"]}
    agreement = run_agreement(items)
    assert agreement is not None
    assert agreement.items == 2
    assert agreement.unanimous == 0.5
    pairs = [x == y for runs in list(items.values())[:2] for x, y in combinations(runs, 2)]
    assert agreement.pairwise == pytest.approx(sum(pairs) / len(pairs))
    assert agreement.alpha == pytest.approx(0.0, abs=1e-12)
    assert run_agreement({"1": ["a"], "2": ["b"]}) is None
