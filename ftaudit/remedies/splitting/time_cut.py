"""Split by time: the latest units are held out, and nothing in training is as late as they are."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ftaudit.remedies.splitting.split_units import Integers


class TimeCut(NamedTuple):
    """Units that are later than a moment."""

    later: npt.NDArray[np.bool_]
    """Whether all rows of a unit are."""
    straddling: npt.NDArray[np.bool_]
    """Whether some rows of a unit are, but not all: such a unit goes to training."""


class UnitTimes(NamedTuple):
    """When the rows of each unit were made, in microseconds since 1970."""

    first: Integers
    last: Integers
    dated: npt.NDArray[np.bool_]
    """Whether all rows of a unit have a time."""


def unit_times(units: Integers, times: Integers, dated: npt.NDArray[np.bool_]) -> UnitTimes:
    """Return the times of units.

    Args:
        units: unit of each row.
        times: time of each row; of no meaning where it is not dated.
        dated: whether a row has a time.
    """
    count = int(units.max(initial=-1)) + 1
    limits = np.iinfo(np.int64)
    first, last = np.full(count, limits.max), np.full(count, limits.min)
    np.minimum.at(first, units[dated], times[dated])
    np.maximum.at(last, units[dated], times[dated])
    complete = np.ones(count, np.bool_)
    complete[units[~dated]] = False
    return UnitTimes(first, last, complete)


def cut_after(times: UnitTimes, moment: int) -> TimeCut:
    """Return the units of which every row is strictly later than a moment."""
    later = times.dated & (times.first > moment)
    return TimeCut(later, (times.last > moment) & ~later)


def cut_share(times: UnitTimes, sizes: Integers, free: npt.NDArray[np.bool_], rows: float) -> int:
    """Return the moment after which free units hold nearly `rows` rows; of two the later one."""
    able = np.flatnonzero(times.dated & free)
    if not len(able):
        return int(np.iinfo(np.int64).max)
    order = able[np.argsort(-times.first[able], kind="stable")]
    moments = times.first[order]
    ends = np.flatnonzero(np.append(moments[1:] != moments[:-1], True))
    held = np.append(0, np.cumsum(sizes[order])[ends])
    best = int(np.argmin(np.abs(held - rows)))
    # strictly later than the moment before the first one that is held out
    return int(moments[ends[best - 1]]) - 1 if best else int(moments[0])
