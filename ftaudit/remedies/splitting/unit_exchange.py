"""Repair a placement: move units, or exchange two, while a class is off its share by a row."""

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from ftaudit.remedies.splitting.apportionment import EPSILON, Floats
from ftaudit.remedies.splitting.split_units import Integers, SplitUnits

MENDED: Final = 1.0
"""Rows off its share from which a class is mended; whole rows cannot always be nearer."""
MOVES: Final = 5_000
"""Moves after which the repair ends, whatever is left."""
LOOKED_AT: Final = 2_048
"""Units of a class that are looked at for one move."""
EXCHANGED: Final = 32
"""Units on one side that are tried for an exchange."""


class Exchange(NamedTuple):
    """A unit that leaves a part for another, and units that come back for it."""

    gain: float
    """Change of the sum of squared distances; an improvement is negative."""
    source: int
    target: int
    leaving: int
    returning: tuple[int, ...] = ()


def exchange_units(
    units: SplitUnits, targets: Floats, parts: Integers, free: npt.NDArray[np.bool_]
) -> Integers:
    """Return the parts after every move that brings the counts nearer to the targets.

    Nearer is a smaller sum of squared distances over all classes. The class that is furthest off
    is mended first, as long as it can be.

    Args:
        units: what is placed; of equal exchanges that of the first units is made.
        targets: rows that each part should have of each class.
        parts: the part of each unit.
        free: whether a unit may be moved.
    """
    repair = PlacementRepair(units, targets, parts.copy(), free)
    open_ = np.ones(targets.shape, np.bool_)
    for _ in range(MOVES):
        off = np.abs(repair.excess) * open_
        part, class_ = divmod(int(np.argmax(off)), targets.shape[1])
        if off[part, class_] < MENDED - EPSILON:
            break
        best = min(repair.exchanges(part, class_), default=None)
        if best is None:
            open_[part, class_] = False
        else:
            repair.apply(best)
    return repair.parts


class PlacementRepair:
    """A placement while it is being repaired."""

    def __init__(
        self, units: SplitUnits, targets: Floats, parts: Integers, free: npt.NDArray[np.bool_]
    ) -> None:
        """Count what every part has beyond its targets."""
        self.units, self.parts, self.targets = units, parts, targets
        self.excess = units.table(parts, len(targets))[:, :-1] - targets
        self._starts = units.starts
        self._alone = (units.sizes == 1) & (np.diff(self._starts) == 1)
        entries = np.flatnonzero(free[units.owners])
        order = entries[np.argsort(units.classes[entries], kind="stable")]
        self._of_class = units.owners[order]
        self._bounds = np.searchsorted(units.classes[order], np.arange(units.class_count + 1))

    def exchanges(self, part: int, class_: int) -> Iterator[Exchange]:
        """Yield moves that help a class of a part; where none does, exchanges that help."""
        others = [other for other in range(len(self.excess)) if other != part]
        ways = [(part, o) if self.excess[part, class_] > 0 else (o, part) for o in others]
        moves = [move for way in ways for move in self._moves(*way, class_)]
        if not any(move.gain < -EPSILON for move in moves):
            moves = [e for move in sorted(moves)[:EXCHANGED] for e in self._returns(move)]
        yield from (move for move in moves if move.gain < -EPSILON)

    def apply(self, exchange: Exchange) -> None:
        """Move the units of an exchange."""
        self._move(exchange.leaving, exchange.source, exchange.target)
        for unit in exchange.returning:
            self._move(unit, exchange.target, exchange.source)

    def _move(self, unit: int, source: int, target: int) -> None:
        classes, rows = self._vector(unit)
        self.excess[source, classes] -= rows
        self.excess[target, classes] += rows
        self.parts[unit] = target

    def _vector(self, unit: int) -> tuple[Integers, Integers]:
        """Return the classes of which a unit has rows, and how many."""
        entries = slice(self._starts[unit], self._starts[unit + 1])
        return self.units.classes[entries], self.units.counts[entries]

    def _members(self, part: int, class_: int) -> Integers:
        """Return free units of a part that have rows of a class."""
        members = self._of_class[self._bounds[class_] : self._bounds[class_ + 1]]
        held: Integers = members[self.parts[members] == part]
        return held[:LOOKED_AT]

    def _moves(self, source: int, target: int, class_: int) -> list[Exchange]:
        """Return the moves of single units of a class from one part to another, the best first."""
        members = self._members(source, class_).tolist()
        moves = [
            Exchange(self._gain(*self._vector(unit), source, target), source, target, unit)
            for unit in members
        ]
        return sorted(moves)[:EXCHANGED]

    def _returns(self, move: Exchange) -> Iterator[Exchange]:
        """Yield a move with units of its classes that come back: one, or rows that stand alone."""
        classes, rows = self._vector(move.leaving)
        partners = [self._members(move.target, class_) for class_ in classes.tolist()]
        for unit in np.unique(np.concatenate([p[:EXCHANGED] for p in partners])).tolist():
            yield self._with_return(move, (unit,))
        alone: list[int] = []
        for class_, count, members in zip(classes.tolist(), rows.tolist(), partners, strict=True):
            ahead = self.excess[move.target, class_] - self.excess[move.source, class_]
            best = max(0, round(count + ahead / 2))
            alone += members[self._alone[members]][:best].tolist()
        yield self._with_return(move, tuple(alone))

    def _with_return(self, move: Exchange, returning: tuple[int, ...]) -> Exchange:
        change = np.zeros(self.units.class_count, np.int64)
        for unit, sign in ((move.leaving, 1), *((unit, -1) for unit in returning)):
            classes, rows = self._vector(unit)
            change[classes] += sign * rows
        classes = np.flatnonzero(change)
        gain = self._gain(classes, change[classes], move.source, move.target)
        return move._replace(gain=gain, returning=returning)

    def _gain(self, classes: Integers, rows: Integers, source: int, target: int) -> float:
        """Return the change of the sum of squared distances when rows move."""
        ahead = self.excess[target, classes] - self.excess[source, classes]
        return float(2 * (rows @ (rows + ahead)))
