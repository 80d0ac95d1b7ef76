from math import sqrt

import pytest

from ftaudit.model.statistics.distribution import distribution_shift, evenness


def test_evenness_is_one_for_even_classes_and_zero_for_one() -> None:
    assert evenness({"a": 5, "b": 5}) == pytest.approx(1)
    assert evenness({"a": 5}) == 0
    assert evenness({"a": 1, "b": 3}) == pytest.approx(0.8112781)


def test_equal_distributions_do_not_drift() -> None:
    drift = distribution_shift({"a": 10, "b": 30}, {"a": 20, "b": 60})
    assert drift.distance == 0
    assert drift.p_value == 1


def test_disjoint_distributions_are_at_distance_one() -> None:
    drift = distribution_shift({"a": 50}, {"b": 50})
    assert drift.distance == pytest.approx(1)
    assert drift.p_value < 1e-9


@pytest.mark.parametrize(
    ("train", "holdout", "freedom", "p_value"),
    [
        # as SciPy's contingency test says, without Yates's correction
        ((30, 70), (40, 60), 1, 0.1382077),
        ((10, 20, 30), (20, 20, 20), 2, 0.0694835),
        ((10, 20, 30, 40), (20, 20, 30, 30), 3, 0.1900852),
    ],
)
def test_the_p_value_is_pearsons(
    train: tuple[int, ...], holdout: tuple[int, ...], freedom: int, p_value: float
) -> None:
    drift = distribution_shift(
        *(dict(zip("abcd", counts, strict=False)) for counts in (train, holdout))
    )
    assert drift.names == freedom + 1
    assert drift.method == "chi-square"
    assert drift.p_value == pytest.approx(p_value, abs=1e-6)


def test_many_small_classes_are_tested_and_not_taken_together() -> None:
    # 151 classes, 600 new rows in 50 of them: pooled, nothing was left to test and p was 1
    reference = {f"class {n}": 4 for n in range(151)}
    drift = distribution_shift(reference, {f"class {n}": 12 for n in range(50)})
    assert drift.distance == pytest.approx(0.679, abs=5e-4)
    assert drift.method == "permutation"
    assert drift.p_value == pytest.approx(1e-4)


def test_two_draws_from_one_source_with_small_classes_are_not_told_apart() -> None:
    reference = {f"class {n}": 4 for n in range(151)}
    drift = distribution_shift(reference, {f"class {n}": 4 + n % 2 for n in range(151)})
    assert drift.p_value > 0.5
    assert drift.excess == 0


def test_the_distance_is_of_the_divergence_in_bits() -> None:
    # by hand: JSD = H(1/4, 3/4) - 1/2 (H(1/2, 1/2) + H(0, 1)) = 0.811278 - 0.5
    drift = distribution_shift({"a": 1, "b": 1}, {"b": 2})
    assert drift.distance == pytest.approx(sqrt(0.8112781 - 0.5), abs=1e-6)
