"""Intervals for the difference of two paired shares: Tango, Newcombe and Wald.

Tango's score interval is the one to report: neither scipy nor statsmodels has it. Newcombe's is
a second opinion; Wald's is too narrow where few rows differ and of width 0 where none does.
"""

from collections.abc import Callable
from math import sqrt
from typing import Final

from ftaudit.model.statistics.interval import CONFIDENCE, Interval, normal_quantile
from ftaudit.model.statistics.paired_counts import PairedCounts

_STEPS: Final = 100
"""Halvings of an interval of width 2: beyond the precision of a double."""


def tango(counts: PairedCounts, confidence: float = CONFIDENCE) -> Interval:
    """Return the score interval of the lift.

    All differences D with |b - c - nD| / sqrt(n (2q + D (1 - D))) <= z, where q is the
    restricted estimate of the share of broken rows. Source: Tango 1998, Equivalence test and
    confidence interval for the difference in proportions for the paired-sample design.
    """
    if counts.pairs == 0:
        return Interval(-1.0, 1.0)
    z = normal_quantile(confidence)

    def outside(difference: float) -> bool:
        return abs(_score(counts, difference)) > z

    lift = counts.lift
    return Interval(_border(outside, lift, -1.0), _border(outside, lift, 1.0))


def _score(counts: PairedCounts, difference: float) -> float:
    """Return the score statistic at a hypothetical difference in [-1, 1]."""
    n, b, c = counts.pairs, counts.fixed, counts.broken
    distance = b - c - n * difference
    linear = -b - c + (2 * n - b + c) * difference
    constant = -c * difference * (1 - difference)
    root = sqrt(max(0.0, linear * linear - 8 * n * constant))
    share = (root - linear) / (4 * n)
    variance = n * (2 * share + difference * (1 - difference))
    if variance <= 0:
        return 0.0 if abs(distance) < 1e-12 else float("inf")
    return distance / sqrt(variance)


def _border(outside: Callable[[float], bool], inner: float, outer: float) -> float:
    """Return where `outside` becomes true between `inner` and `outer`; `outer` if it never does."""
    if not outside(outer):
        return outer
    for _ in range(_STEPS):
        middle = (inner + outer) / 2
        if outside(middle):
            outer = middle
        else:
            inner = middle
    return (inner + outer) / 2


def newcombe(counts: PairedCounts, confidence: float = CONFIDENCE) -> Interval:
    """Return the square-and-add interval with a corrected correlation: method 10.

    Source: Newcombe 1998, Improved confidence intervals for the difference between binomial
    proportions based on paired data.
    """
    if counts.pairs == 0:
        return Interval(-1.0, 1.0)
    n = counts.pairs
    first = wilson(counts.both + counts.fixed, n, confidence)
    second = wilson(counts.both + counts.broken, n, confidence)
    phi = _corrected_phi(counts)
    down, up = counts.tuned - first.lower, first.upper - counts.tuned
    other_down, other_up = counts.baseline - second.lower, second.upper - counts.baseline
    below = sqrt(max(0.0, down**2 - 2 * phi * down * other_up + other_up**2))
    above = sqrt(max(0.0, up**2 - 2 * phi * up * other_down + other_down**2))
    return Interval(counts.lift - below, counts.lift + above)


def _corrected_phi(counts: PairedCounts) -> float:
    """Return the correlation of both systems with n/2 taken off its numerator when positive."""
    a, b, c, d = counts.both, counts.fixed, counts.broken, counts.neither
    product = (a + b) * (c + d) * (a + c) * (b + d)
    if product == 0:
        return 0.0
    surplus = a * d - b * c
    corrected = max(0.0, surplus - counts.pairs / 2) if surplus > 0 else surplus
    return corrected / sqrt(product)


def wilson(successes: int, trials: int, confidence: float = CONFIDENCE) -> Interval:
    """Return the score interval of one share (Wilson 1927)."""
    if trials == 0:
        return Interval(0.0, 1.0)
    z2 = normal_quantile(confidence) ** 2
    share = successes / trials
    centre = (successes + z2 / 2) / (trials + z2)
    spread = sqrt(z2 * (share * (1 - share) * trials + z2 / 4)) / (trials + z2)
    return Interval(max(0.0, centre - spread), min(1.0, centre + spread))


def wald(counts: PairedCounts, confidence: float = CONFIDENCE) -> Interval:
    """Return the lift plus and minus z standard errors."""
    reach = normal_quantile(confidence) * counts.standard_error
    return Interval(counts.lift - reach, counts.lift + reach)
