"""Whether a class is no worse than before by more than a margin."""

from typing import Final

from ftaudit.model.statistics.paired_counts import PairedCounts
from ftaudit.model.statistics.paired_intervals import tango
from ftaudit.model.statistics.standing import Standing

CONFIDENCE: Final = 0.90
"""Of the two-sided interval, whose ends are one-sided 95 % limits each."""


def no_worse(counts: PairedCounts, margin: float) -> Standing:
    """Return whether the lift lies above -margin.

    Shown when the lower end of the two-sided 90 % Tango interval does, refuted when the upper end
    is below 0, else not shown.
    """
    interval = tango(counts, CONFIDENCE)
    if interval.upper < 0:
        return Standing.REFUTED
    return Standing.SHOWN if interval.lower > -margin else Standing.NOT_SHOWN


def rows_to_show(margin: float, *, limit: int = 100_000) -> int:
    """Return the least rows that show a margin when no row changes; `limit` if none below does.

    Fewer rows of a class can never show that it got no worse.
    """
    low, high = 0, limit
    while high - low > 1:
        middle = (low + high) // 2
        enough = no_worse(PairedCounts(middle, 0, 0, 0), margin) is Standing.SHOWN
        low, high = (low, middle) if enough else (middle, high)
    return high
