"""McNemar's test, over the rows where exactly one of two systems is right.

Source: Fagerland, Lydersen and Laake 2013, doi:10.1186/1471-2288-13-91.
"""

from ftaudit.model.statistics.paired_counts import PairedCounts
from ftaudit.model.statistics.tails import binomial_at_most, binomial_exactly, chi_square_tail


def exact_p_value(counts: PairedCounts) -> float:
    """Return the two-sided exact p-value: 2 P(X <= min(b, c)), X ~ Bin(b + c, 1/2)."""
    if counts.fixed == counts.broken:
        return 1.0
    return min(1.0, 2 * binomial_at_most(min(counts.fixed, counts.broken), counts.discordant))


def mid_p_value(counts: PairedCounts) -> float:
    """Return the two-sided mid-p-value: the exact one less P(X = min(b, c)); 1 where b = c."""
    if counts.fixed == counts.broken:
        return 1.0
    least = min(counts.fixed, counts.broken)
    return exact_p_value(counts) - binomial_exactly(least, counts.discordant)


def asymptotic_p_value(counts: PairedCounts, *, corrected: bool = False) -> float:
    """Return the two-sided p-value of the chi-square form, with or without Edwards' correction."""
    if counts.discordant == 0:
        return 1.0
    distance = max(0, abs(counts.fixed - counts.broken) - int(corrected))
    return chi_square_tail(distance**2 / counts.discordant, 1)


def worse_p_value(counts: PairedCounts) -> float:
    """Return the one-sided exact p-value that the tuned system is worse: P(X <= b)."""
    return binomial_at_most(counts.fixed, counts.discordant) if counts.discordant else 1.0


def better_p_value(counts: PairedCounts) -> float:
    """Return the one-sided exact p-value that the tuned system is better: P(X <= c)."""
    return binomial_at_most(counts.broken, counts.discordant) if counts.discordant else 1.0
