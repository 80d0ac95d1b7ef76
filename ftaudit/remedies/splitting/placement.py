"""Place units in parts: shares hold per class as nearly as units that are never divided allow.

Three steps. *Alike*: units of the same size and classes are interchangeable, so every part gets its
share of them, rounded down, in the order of a seeded hash of their content. *Greedy*: what is left
goes, the largest unit first, to the part that lacks its classes most. *Apportioned*: units of one
row and one class, nearly all of most data, make up for what the others could not
(`apportionment`). A repair moves and exchanges units while a class is off by a row or more
(`unit_exchange`).

Nothing depends on the order of rows or the names of files: only on content, shares and seed. Linear
in the units but for the greedy step, which takes at most a few units of every combination of size
and classes.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from ftaudit.remedies.splitting.apportionment import EPSILON, Floats, apportion
from ftaudit.remedies.splitting.split_units import Integers, SplitUnits
from ftaudit.remedies.splitting.unit_exchange import exchange_units

NOWHERE: Final = -1
"""The part of a unit that is not placed yet."""

_ODD: Final = np.uint64(0x9E3779B97F4A7C15)
_MIX: Final = np.uint64(0xBF58476D1CE4E5B9)


class PlacementTask(Struct, frozen=True, eq=False):
    """Units to place, and the share of the rows of every class that each part is to have."""

    units: SplitUnits
    """In the order of their keys, so that of equal units the same is taken in any data."""
    shares: Floats
    """Of each part, adding up to 1. The last part takes what fits nowhere else."""
    fixed: Integers
    """Part in which each unit must be; -1 where it is free."""

    @property
    def targets(self) -> Floats:
        """Rows that each part should have of each class, and in the last column of all."""
        rows = [*self.units.class_rows.tolist(), self.units.rows]
        return np.asarray(np.outer(self.shares, rows))


def place_units(
    units: SplitUnits,
    shares: Sequence[float],
    fixed: Integers | None = None,
    *,
    training: bool = True,
) -> Integers:
    """Return the part of every unit, numbered as `shares`.

    Args:
        units: what is placed.
        shares: share of the rows for each part, adding up to 1; the last one is training, or the
            last fold.
        fixed: part in which each unit must be, -1 where it is free; None: all are free.
        training: whether the last part is training, which has every class of two units or more.
    """
    order = np.lexsort((units.sizes, units.keys))
    parts = np.full(len(units), NOWHERE, np.int64) if fixed is None else fixed[order]
    units = units.ordered(order)
    task = PlacementTask(units, np.asarray(shares, np.float64), parts.copy())
    single = (parts == NOWHERE) & (units.sizes == 1) & (np.diff(units.starts) == 1)
    _place_alike(task, parts, single)
    _place_greedily(task, parts, single)
    _place_singles(task, parts, single)
    parts = exchange_units(units, task.targets[:, :-1], parts, task.fixed == NOWHERE)
    if training:
        _teach_every_class(task, parts)
    placed = np.empty_like(parts)
    placed[order] = parts
    return placed


def _signatures(units: SplitUnits) -> npt.NDArray[np.uint64]:
    """Return a number for each unit that is equal where sizes and classes are."""
    entry = (units.classes.astype(np.uint64) + np.uint64(1)) * _ODD
    entry ^= units.counts.astype(np.uint64) * _MIX
    entry = (entry ^ (entry >> np.uint64(31))) * _MIX
    sums = np.zeros(len(units), np.uint64)
    np.add.at(sums, units.owners, entry ^ (entry >> np.uint64(29)))
    return sums + units.sizes.astype(np.uint64) * _ODD


def _place_alike(task: PlacementTask, parts: Integers, single: npt.NDArray[np.bool_]) -> None:
    """Give every part its share, rounded down, of the free units of each signature."""
    chosen = np.flatnonzero((parts == NOWHERE) & ~single)
    signatures = _signatures(task.units)[chosen]
    order = chosen[np.lexsort((chosen, signatures))]
    _, first, counts = np.unique(np.sort(signatures), return_index=True, return_counts=True)
    rank = np.arange(len(order)) - np.repeat(first, counts)
    size = np.repeat(counts, counts)
    low = np.zeros(len(order), np.int64)
    for part, share in enumerate(task.shares.tolist()):
        high = low + np.floor(share * size + EPSILON).astype(np.int64)
        fits = task.units.sizes[order] <= max(1.0, share * task.units.rows)
        parts[order[(low <= rank) & (rank < high) & fits]] = part
        low = high


def _place_greedily(task: PlacementTask, parts: Integers, single: npt.NDArray[np.bool_]) -> None:
    """Place what is left of units of several rows or classes, the largest first.

    Each goes where its classes are furthest behind their share of what has been placed so far.
    """
    units, starts = task.units, task.units.starts.tolist()
    classes, counts, sizes = units.classes.tolist(), units.counts.tolist(), units.sizes.tolist()
    # lists, as each unit touches few cells: a call of numpy takes longer than its arithmetic
    table = units.table(parts, len(task.shares)).tolist()
    placed = [sum(column) for column in zip(*table, strict=True)]
    shares = task.shares.tolist()
    room = [*(max(share * units.rows, 1.0) + EPSILON for share in shares[:-1]), units.rows]
    left = np.flatnonzero((parts == NOWHERE) & ~single)
    for unit in left[np.lexsort((left, -units.sizes[left]))].tolist():
        entries = slice(starts[unit], starts[unit + 1])
        cells = [*zip(classes[entries], counts[entries], strict=True), (-1, sizes[unit])]
        for column, rows in cells:
            placed[column] += rows
        behind = {
            part: sum(rows * (share * placed[c] - table[part][c]) for c, rows in cells)
            for part, share in enumerate(shares)
            if sizes[unit] <= room[part]
        }
        part = max(behind, key=behind.__getitem__)
        for column, rows in cells:
            table[part][column] += rows
        parts[unit] = part


def _place_singles(task: PlacementTask, parts: Integers, single: npt.NDArray[np.bool_]) -> None:
    """Give units of one row and one class to the parts that lack that class, in order of hash."""
    units, starts = task.units, task.units.starts
    chosen = np.flatnonzero(single)
    order = chosen[np.lexsort((chosen, units.classes[starts[chosen]]))]
    classes = units.classes[starts[order]]
    free = np.bincount(classes, minlength=units.class_count)
    table = units.table(parts, len(task.shares))[:, :-1]
    counts = apportion(free, task.targets[:, :-1] - table, table == 0)
    rank = np.arange(len(order)) - (np.cumsum(free) - free)[classes]
    parts[order] = (rank >= np.cumsum(counts, axis=0)[:, classes]).sum(axis=0)


def _teach_every_class(task: PlacementTask, parts: Integers) -> None:
    """Move the smallest free unit of a class of several that training has nothing of to it."""
    units, last = task.units, len(task.shares) - 1
    for class_ in np.flatnonzero(units.table(parts, last + 1)[last, :-1] == 0).tolist():
        members = units.owners[units.classes == class_]
        able = members[task.fixed[members] == NOWHERE]
        if len(members) > 1 and len(able) and not (parts[members] == last).any():
            parts[able[np.argmin(units.sizes[able])]] = last
