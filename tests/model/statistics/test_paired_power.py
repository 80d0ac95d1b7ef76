"""Power before tuning: the reference's tables."""

from collections.abc import Iterator

import numpy as np
import pytest

from ftaudit.model.statistics.mcnemar import exact_p_value, mid_p_value
from ftaudit.model.statistics.paired_counts import PairedCounts
from ftaudit.model.statistics.paired_power import (
    discordance_range,
    exact_power,
    graded_rows_needed,
    minimum_lift,
    normal_power,
    power,
    rows_needed,
)


def test_the_worked_example() -> None:
    assert normal_power(300, 0.05, 0.15) == pytest.approx(0.6097, abs=6e-5)
    assert exact_power(300, 0.05, 0.15) == pytest.approx(0.5636, abs=6e-5)
    assert exact_power(300, 0.05, 0.15, mid=True) == pytest.approx(0.6154, abs=6e-5)
    assert rows_needed(0.05, 0.15) == 469
    assert rows_needed(0.05, 0.15, 0.90) == 627


def test_the_mid_p_power_is_what_a_simulation_sees() -> None:
    generator = np.random.default_rng(11)
    drawn = generator.multinomial(300, [0.10, 0.05, 0.85], size=4_000)
    seen = [mid_p_value(PairedCounts(0, int(b), int(c), int(rest))) <= 0.05 for b, c, rest in drawn]
    assert sum(seen) / len(seen) == pytest.approx(0.621, abs=0.025)


def test_discordance_decides_and_is_unknown() -> None:
    allowed = discordance_range(0.82, 0.05)
    assert allowed.least == 0.05
    assert allowed.greatest == pytest.approx(0.2632, abs=6e-5)
    assert normal_power(300, 0.05, allowed.least) == pytest.approx(0.975, abs=6e-4)
    assert normal_power(300, 0.05, allowed.greatest) == pytest.approx(0.392, abs=6e-4)
    assert rows_needed(0.05, allowed.greatest) == 824


SMALLEST: dict[int, tuple[float | None, ...]] = {
    100: (None, 0.0876, 0.1072, 0.1238, 0.1516),
    300: (0.0360, 0.0509, 0.0624, 0.0721, 0.0882),
    1_000: (0.0198, 0.0280, 0.0343, 0.0396, 0.0485),
    3_000: (0.0114, 0.0162, 0.0198, 0.0229, 0.0280),
}


def smallest() -> Iterator[tuple[int, float, float | None]]:
    for rows, lifts in SMALLEST.items():
        for discordance, lift in zip((0.05, 0.10, 0.15, 0.20, 0.30), lifts, strict=True):
            yield rows, discordance, lift


@pytest.mark.parametrize(("rows", "discordance", "lift"), list(smallest()))
def test_the_smallest_lift_that_is_seen(rows: int, discordance: float, lift: float | None) -> None:
    seen = minimum_lift(rows, discordance)
    assert seen == (lift if lift is None else pytest.approx(lift, abs=6e-5))


def test_a_design_effect_divides_the_rows() -> None:
    lifts = [minimum_lift(rows / 2, 0.15) for rows in (100, 300, 1_000, 3_000)]
    assert lifts == pytest.approx([0.1499, 0.0879, 0.0484, 0.0280], abs=6e-5)


@pytest.mark.parametrize(
    ("lift", "discordance", "rows"), [(0.02, 0.10, 1_960), (0.03, 0.10, 870), (0.10, 0.20, 155)]
)
def test_the_rows_that_a_lift_needs(lift: float, discordance: float, rows: int) -> None:
    assert rows_needed(lift, discordance) == pytest.approx(rows, abs=1)
    assert normal_power(rows_needed(lift, discordance), lift, discordance) >= 0.80


def test_graded_scores_need_the_rows_of_miller() -> None:
    assert round(graded_rows_needed(0.03, 1 / 9)) == 969


def test_a_class_of_forty_rows_sees_only_a_large_lift() -> None:
    assert minimum_lift(40, 0.30) == pytest.approx(0.236, abs=6e-4)


def test_with_few_discordant_rows_the_power_is_exact() -> None:
    assert power(100, 0.05, 0.08) == exact_power(100, 0.05, 0.08)
    assert power(300, 0.05, 0.15) == normal_power(300, 0.05, 0.15)
    assert power(100, 0.0, 0.0) == 0


def test_the_exact_power_is_the_sum_over_every_table() -> None:
    rows, lift, discordance = 12, 0.3, 0.5
    b, c = (discordance + lift) / 2, (discordance - lift) / 2
    generator = np.random.default_rng(3)
    drawn = generator.multinomial(rows, [b, c, 1 - b - c], size=20_000)
    seen = np.mean([exact_p_value(PairedCounts(0, int(f), int(g), 0)) <= 0.05 for f, g, _ in drawn])
    assert exact_power(rows, lift, discordance) == pytest.approx(seen, abs=0.015)
