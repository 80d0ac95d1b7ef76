"""Two shares of independent rows, and how closely two names of the same rows go together."""

from collections.abc import Mapping
from math import sqrt

from ftaudit.model.statistics.interval import CONFIDENCE, Interval, upper_tail
from ftaudit.model.statistics.paired_intervals import wilson
from ftaudit.model.statistics.tails import chi_square_tail


def share_difference(
    successes: int, trials: int, others: int, other_trials: int, confidence: float = CONFIDENCE
) -> Interval:
    """Return the interval of the first share minus the second.

    From the Wilson intervals of both (Newcombe 1998, "Interval estimation for the difference
    between independent proportions", method 10).
    """
    first, second = successes / max(1, trials), others / max(1, other_trials)
    one, two = wilson(successes, trials, confidence), wilson(others, other_trials, confidence)
    lower = sqrt((first - one.lower) ** 2 + (two.upper - second) ** 2)
    upper = sqrt((one.upper - first) ** 2 + (second - two.lower) ** 2)
    return Interval(first - second - lower, first - second + upper)


def equal_shares_p_value(successes: int, trials: int, others: int, other_trials: int) -> float:
    """Return the two-sided p-value of the z test with pooled variance."""
    pooled = (successes + others) / (trials + other_trials)
    variance = pooled * (1 - pooled) * (1 / trials + 1 / other_trials)
    if variance == 0:
        return 1.0
    difference = successes / trials - others / other_trials
    return 2 * upper_tail(abs(difference) / sqrt(variance))


def association(counts: Mapping[tuple[str, str], int]) -> tuple[float, float]:
    """Return Cramér's V, in [0, 1], and the p-value of independence.

    Args:
        counts: rows by a pair of names.

    V is corrected for bias (Bergsma 2013, "A bias-correction for Cramér's V and Tschuprow's T").
    """
    left: dict[str, int] = {}
    right: dict[str, int] = {}
    for (first, second), rows in counts.items():
        left[first] = left.get(first, 0) + rows
        right[second] = right.get(second, 0) + rows
    total, freedom = sum(left.values()), (len(left) - 1) * (len(right) - 1)
    if total < 2 or freedom == 0:
        return 0.0, 1.0
    seen = sum(rows**2 / (left[a] * right[b]) for (a, b), rows in counts.items())
    phi = seen - 1
    corrected = max(0.0, phi - freedom / (total - 1))
    sides = [len(side) - (len(side) - 1) ** 2 / (total - 1) for side in (left, right)]
    most = min(sides) - 1
    v = sqrt(corrected / most) if most > 0 else 0.0
    return min(1.0, v), chi_square_tail(max(0.0, phi * total), freedom)
