"""Can a holdout see a lift? Power of McNemar's test before anything is tuned.

Notation: n rows, lift d, discordance s (the share of rows that exactly one system has right).
Sources: Miettinen 1968, The matched pairs design in the case of all-or-none responses; Connor
1987, Sample size for testing differences in proportions for the paired-sample design; Miller
2024, arXiv:2411.00640, for graded scores.
"""

from math import ceil, sqrt
from statistics import NormalDist
from typing import Final

from msgspec import Struct

from ftaudit.model.statistics.mcnemar import exact_p_value, mid_p_value
from ftaudit.model.statistics.paired_counts import PairedCounts
from ftaudit.model.statistics.tails import binomial_masses

POWER: Final = 0.80
ALPHA: Final = 0.05
FEW_DISCORDANT: Final = 10
"""Expected discordant rows below which the normal power is off by .04 to .09."""
_NEGLIGIBLE: Final = 1e-12


class Discordance(Struct, frozen=True):
    """The least and the greatest discordance that two scores allow."""

    least: float
    greatest: float
    """That of systems whose errors are independent."""


def discordance_range(baseline: float, lift: float) -> Discordance:
    """Return what discordance lies between: |d|, and p (1 - q) + q (1 - p)."""
    tuned = baseline + lift
    return Discordance(abs(lift), baseline * (1 - tuned) + tuned * (1 - baseline))


def normal_power(rows: float, lift: float, discordance: float, alpha: float = ALPHA) -> float:
    """Return the power of the two-sided test: Phi((d sqrt(n) - z sqrt(s)) / sqrt(s - d^2))."""
    spread = discordance - lift * lift
    if spread <= 0:
        return 1.0 if lift and rows else 0.0
    z = NormalDist().inv_cdf(1 - alpha / 2)
    return NormalDist().cdf((abs(lift) * sqrt(rows) - z * sqrt(discordance)) / sqrt(spread))


def exact_power(
    rows: int, lift: float, discordance: float, alpha: float = ALPHA, *, mid: bool = False
) -> float:
    """Return the power of the exact (or mid-p) test: a double binomial sum."""
    if discordance <= 0:
        return 0.0
    share = (discordance + abs(lift)) / (2 * discordance)
    test = mid_p_value if mid else exact_p_value
    return sum(
        mass * _rejected(discordant, share, test, alpha)
        for discordant, mass in enumerate(binomial_masses(rows, discordance))
        if mass > _NEGLIGIBLE
    )


def _rejected(discordant: int, share: float, test: object, alpha: float) -> float:
    """Return the chance that so many discordant rows reject equality."""
    assert callable(test)  # noqa: S101 - one of the two tests above
    return sum(
        mass
        for fixed, mass in enumerate(binomial_masses(discordant, share))
        if mass > _NEGLIGIBLE and test(PairedCounts(0, fixed, discordant - fixed, 0)) <= alpha
    )


def power(rows: int, lift: float, discordance: float, alpha: float = ALPHA) -> float:
    """Return the exact power where few rows are discordant, else the normal one."""
    if rows * discordance < FEW_DISCORDANT:
        return exact_power(rows, lift, discordance, alpha)
    return normal_power(rows, lift, discordance, alpha)


def rows_needed(
    lift: float, discordance: float, target_power: float = POWER, alpha: float = ALPHA
) -> int:
    """Return the rows that see a lift: ((z_a sqrt(s) + z_b sqrt(s - d^2)) / d)^2, rounded up."""
    normal = NormalDist()
    spread = max(0.0, discordance - lift * lift)
    reach = normal.inv_cdf(1 - alpha / 2) * sqrt(discordance)
    reach += normal.inv_cdf(target_power) * sqrt(spread)
    return ceil((reach / lift) ** 2)


def minimum_lift(
    rows: float, discordance: float, target_power: float = POWER, alpha: float = ALPHA
) -> float | None:
    """Return the smallest lift seen with the wanted power; None when none up to s is."""
    if normal_power(rows, discordance, discordance, alpha) < target_power:
        return None
    low, high = 0.0, discordance
    for _ in range(100):
        middle = (low + high) / 2
        seen = normal_power(rows, middle, discordance, alpha) >= target_power
        low, high = (low, middle) if seen else (middle, high)
    return high


def graded_rows_needed(
    lift: float,
    variance: float,
    noise: float = 0.0,
    target_power: float = POWER,
    alpha: float = ALPHA,
) -> float:
    """Return the rows that see a lift of graded scores.

    Args:
        lift: the difference of mean scores to be seen.
        variance: of the rows' true differences (omega squared).
        noise: sampling variance of the answers, each system's over its answers per row.
        target_power: the chance to see it.
        alpha: two-sided level.
    """
    normal = NormalDist()
    reach = normal.inv_cdf(1 - alpha / 2) + normal.inv_cdf(target_power)
    return reach**2 * (variance + noise) / lift**2
