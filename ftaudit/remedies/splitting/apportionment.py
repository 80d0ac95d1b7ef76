"""Give units of one row to parts, so that every class comes as near to its shares as it can.

Every class has whole numbers to give: the floor of what each part still needs, then its remaining
units one by one. Rounding up and down is balanced over all classes, so that the parts as a whole
keep their shares too (controlled rounding: Cox 1987, https://doi.org/10.2307/2288782).
"""

import numpy as np
import numpy.typing as npt

from ftaudit.remedies.splitting.split_units import Integers

Floats = npt.NDArray[np.float64]

EPSILON = 1e-9
"""Shares are fractions such as 0.2, whose products are off by less than this."""


def apportion(free: Integers, needs: Floats, absent: npt.NDArray[np.bool_]) -> Integers:
    """Return how many units of each class (second axis) every part (first axis) is given.

    Args:
        free: units of one row of each class.
        needs: rows that each part lacks of each class; the last part takes what is left over.
        absent: whether a part has nothing of a class that it could have. Where not every class
            can be rounded up, these are.
    """
    quotas = _scaled(np.maximum(needs, 0), free)
    counts = np.floor(quotas + EPSILON).astype(np.int64)
    fractions = np.maximum(quotas - counts, 0)
    left = free - counts.sum(axis=0)
    if len(needs) == 2:
        return counts + _two_parts(left, fractions, absent[0])
    return counts + _several_parts(left, fractions, absent)


def _scaled(needs: Floats, free: Integers) -> Floats:
    """Scale the needs of each class to the units that there are of it."""
    totals = needs.sum(axis=0)
    even = np.where(totals > 0, 0.0, 1 / len(needs))
    return np.asarray((needs / np.where(totals > 0, totals, 1) + even) * free)


def _two_parts(left: Integers, fractions: Floats, absent: npt.NDArray[np.bool_]) -> Integers:
    """Round up for the first part where it has nothing of a class, then the largest fractions."""
    granted = np.zeros(fractions.shape, np.int64)
    open_ = np.flatnonzero(left > 0)
    rounded_up = int(np.floor(fractions[0, open_].sum() + 0.5 - EPSILON))
    order = np.lexsort((open_, -fractions[0, open_], ~absent[open_]))
    granted[0, open_[order[:rounded_up]]] = 1
    granted[1] = left - granted[0]
    return granted


def _several_parts(left: Integers, fractions: Floats, absent: npt.NDArray[np.bool_]) -> Integers:
    """Go through the classes; give each unit to the part that is furthest behind its fractions."""
    granted = np.zeros(fractions.shape, np.int64)
    behind = np.zeros(len(fractions))
    for class_ in np.lexsort((-fractions.max(axis=0), ~absent.any(axis=0))).tolist():
        behind += fractions[:, class_]
        able = np.flatnonzero(fractions[:, class_] > EPSILON)
        first = np.lexsort((able, -behind[able], ~absent[able, class_]))
        chosen = able[first[: left[class_]]]
        granted[chosen, class_] += 1
        granted[-1, class_] += left[class_] - len(chosen)
        behind -= granted[:, class_]
    return granted
