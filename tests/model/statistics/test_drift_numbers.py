"""Distances of distributions: the fixture's numbers, and what n does to tests and distances."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy.spatial.distance import jensenshannon
from scipy.stats import chi2_contingency, ks_2samp

from ftaudit.evaluation.domain_classifier import domain_auc
from ftaudit.model.statistics.distribution import (
    DistributionShift,
    chance_divergence,
    distribution_shift,
    rows_to_tell,
    smirnov_distance,
)
from ftaudit.model.statistics.tails import smirnov_tail
from tests.conftest import SHARED
from tests.model.statistics.fixture import EVALUATION, expected

FILES = {
    "same": "drift_same.csv",
    "shifted_labels": "drift_shifted_labels.csv",
    "new_topic_10pct": "drift_new_topic_10pct.csv",
}


def labels(name: str) -> Counter[str]:
    folder = EVALUATION if name.startswith("drift") else SHARED
    return Counter(pl.read_csv(folder / name)["category"])


def comparisons() -> Iterator[tuple[str, str]]:
    for name in FILES:
        yield name, "labels_vs_training"
        yield name, "labels_vs_rest_of_holdout"
    yield "whole_holdout", "labels_vs_training"


def pooled(old: Mapping[str, int], new: Mapping[str, int]) -> Any:  # noqa: ANN401 - scipy's result
    """Return the pooled test that the fixture tells of: names expected under 5 together."""
    names = sorted({*old, *new})
    table = np.array([[counts.get(name, 0) for name in names] for counts in (old, new)])
    small = table.sum(axis=0) * min(table.sum(axis=1)) / table.sum() < 5
    cells = np.column_stack([table[:, ~small], *([table[:, small].sum(axis=1)] * int(small.any()))])
    return chi2_contingency(cells, correction=False), int(small.sum())


@pytest.mark.usefixtures("shared")
@pytest.mark.parametrize(("name", "block"), list(comparisons()))
def test_every_number_of_label_shares_of_the_fixture(name: str, block: str) -> None:
    table = expected()["drift"][name][block]
    new = labels(FILES[name]) if name in FILES else labels("banking77_test.csv")
    training = block == "labels_vs_training"
    reference = labels("banking77_train.csv") if training else labels("banking77_test.csv") - new
    shift = distribution_shift(reference, new, test="permutation")
    assert (shift.names, shift.reference_rows, shift.new_rows) == (
        table["classes"],
        table["reference_rows"],
        table["new_rows"],
    )
    assert shift.distance == pytest.approx(table["js_distance"], abs=1e-9)
    assert shift.chance == pytest.approx(table["js_distance_expected_by_chance"], abs=1e-9)
    assert shift.excess == pytest.approx(table["js_distance_excess"], abs=1e-9)
    assert shift.statistic == pytest.approx(table["chi2_unpooled"], rel=1e-9)
    assert shift.p_value == pytest.approx(table["p_permutation"], abs=1e-9)
    assert shift.total_variation == pytest.approx(table["total_variation"], abs=1e-9)
    assert sorted(new.keys() - reference.keys()) == table["classes_new"]
    assert len(reference.keys() - new.keys()) == table["classes_gone"]
    test, classes = pooled(reference, new)
    assert (test.dof, classes) == (table["df"], table["classes_pooled"])
    assert test.statistic == pytest.approx(table["chi2_pooled"], rel=1e-9)
    assert test.pvalue == pytest.approx(table["p_pooled"], rel=1e-6)


@pytest.mark.usefixtures("shared")
@pytest.mark.parametrize("name", FILES)
def test_lengths_of_the_fixture(name: str) -> None:
    table = expected()["drift"][name]["text_vs_training"]
    old = pl.read_csv(SHARED / "banking77_train.csv")["text"]
    new = pl.read_csv(EVALUATION / FILES[name])["text"]
    lengths = [series.str.len_chars().to_list() for series in (old, new)]
    distance = smirnov_distance(*lengths)
    theirs = ks_2samp(*lengths, method="asymp")
    assert distance == pytest.approx(theirs.statistic, abs=1e-12)
    assert smirnov_tail(distance, *map(len, lengths)) == pytest.approx(theirs.pvalue, rel=1e-9)
    assert distance == pytest.approx(table["length_ks"], abs=1e-9)
    assert theirs.pvalue == pytest.approx(table["length_ks_p"], rel=1e-9)


@pytest.mark.usefixtures("shared")
@pytest.mark.parametrize("name", FILES)
def test_rows_with_a_word_that_training_has_not(name: str) -> None:
    table = expected()["drift"][name]["text_vs_training"]
    words = pl.col("text").str.to_lowercase().str.extract_all("[a-z0-9']+")
    old = pl.read_csv(SHARED / "banking77_train.csv").select(words.explode().unique()).to_series()
    new, seen = pl.read_csv(EVALUATION / FILES[name]).select(words), set(old)
    unseen = new["text"].map_elements(lambda row: not seen.issuperset(row), pl.Boolean)
    assert unseen.mean() == pytest.approx(table["rows_with_unseen_word"], abs=1e-9)


@pytest.mark.usefixtures("shared")
@pytest.mark.parametrize(
    "name",
    ["same", *(pytest.param(n, marks=pytest.mark.long) for n in FILES if n != "same")],
)
def test_how_well_a_classifier_tells_new_texts_from_training(name: str) -> None:
    table = expected()["drift"][name]["text_vs_training"]
    old, new = (
        pl.read_csv(path)["text"].to_list()
        for path in (SHARED / "banking77_train.csv", EVALUATION / FILES[name])
    )
    reading = domain_auc(old, new)
    assert reading.auc == pytest.approx(table["domain_auc"], abs=1e-9)
    assert reading.null_error == pytest.approx(table["domain_auc_null_se"], abs=1e-9)


def index_of(shares: tuple[float, ...], others: tuple[float, ...], floor: float = 0.0) -> float:
    """Return the population stability index, with a floor for empty cells."""
    old, new = (np.maximum(side, floor) for side in (shares, others))
    return float(np.sum((new - old) * np.log(new / old)))


def test_the_population_stability_index_needs_a_guess_for_a_new_class() -> None:
    assert index_of(SHARES, NEARBY) == pytest.approx(0.0088, abs=6e-5)
    assert index_of(SHARES, (0.20, 0.30, 0.20, 0.06, 0.24)) == pytest.approx(0.4970, abs=6e-5)
    new = tuple(0.95 * share for share in SHARES)
    for floor, index in ((1e-2, 0.067), (1e-3, 0.195), (1e-4, 0.313), (1e-6, 0.544)):
        assert index_of((*SHARES, 0.0), (*new, 0.05), floor) == pytest.approx(index, abs=2e-3)
    least = np.finfo(float).tiny
    assert index_of((*SHARES, 0.0), (*new, 0.05), least) == pytest.approx(35, abs=0.5)


def test_cramers_v_of_the_true_shift() -> None:
    counts = np.array([SHARES, (0.20, 0.30, 0.20, 0.06, 0.24)]) * 1_000
    test = chi2_contingency(counts, correction=False)
    assert (test.statistic / counts.sum()) ** 0.5 == pytest.approx(0.3237, abs=6e-5)


def shift_of(shares: tuple[float, ...], others: tuple[float, ...], rows: int) -> DistributionShift:
    old, new = (
        {name: round(share * rows) for name, share in zip("abcde", side, strict=True)}
        for side in (shares, others)
    )
    return distribution_shift(old, new)


SHARES = (0.40, 0.30, 0.20, 0.06, 0.04)
NEARBY = (0.36, 0.31, 0.21, 0.07, 0.05)


@pytest.mark.parametrize(
    ("rows", "p_value"), [(1_000, 0.355), (10_000, 6.6e-9), (100_000, 8.7e-94)]
)
def test_p_goes_to_zero_with_n_and_the_distance_does_not(rows: int, p_value: float) -> None:
    shift = shift_of(SHARES, NEARBY, rows)
    assert shift.distance == pytest.approx(0.03983, abs=6e-6)
    assert shift.p_value == pytest.approx(p_value, rel=0.01)


def test_a_true_shift() -> None:
    shift = shift_of(SHARES, (0.20, 0.30, 0.20, 0.06, 0.24), 1_000)
    assert shift.distance == pytest.approx(0.2858, abs=6e-5)
    assert shift.total_variation == pytest.approx(0.20, abs=1e-12)
    assert shift.distance == pytest.approx(
        jensenshannon(SHARES, (0.20, 0.30, 0.20, 0.06, 0.24), base=2), abs=1e-12
    )


@pytest.mark.parametrize(
    ("names", "rows", "median"), [(10, 100, 0.128), (77, 500, 0.177), (77, 200, 0.29)]
)
def test_distances_grow_by_chance_where_rows_are_few(names: int, rows: int, median: float) -> None:
    generator = np.random.default_rng(6)
    reference = {f"{n}": 10**6 for n in range(names)}
    distances = [
        distribution_shift(
            reference,
            {
                f"{n}": int(c)
                for n, c in enumerate(generator.multinomial(rows, [1 / names] * names))
            },
        ).distance
        for _ in range(15)
    ]
    assert np.median(distances) == pytest.approx(median, abs=0.02)
    assert chance_divergence(names, 10**9, rows) ** 0.5 == pytest.approx(median, abs=0.03)


@pytest.mark.parametrize(
    ("names", "limit", "rows"), [(10, 0.1, 650), (77, 0.1, 5_483), (77, 0.2, 1_371)]
)
def test_the_rows_that_a_limit_needs(names: int, limit: float, rows: int) -> None:
    assert rows_to_tell(names, limit) == rows
