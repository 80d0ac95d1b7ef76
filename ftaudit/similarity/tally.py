"""How often shingles occur: never, once or more often, in two bits each."""

from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from ftaudit.similarity.store import Hashes
from ftaudit.similarity.workers import Workers

Cells = npt.NDArray[np.uint64]
"""Counters of two bits, 32 to a word. Shingles that meet in one only seem to occur more often."""

MOST_BITS: Final = 32
"""Base-2 logarithm of the most counters: 1 GiB. A table as full as that rules out less."""
AT_ONCE: Final = 1 << 22
"""Shingles counted at once; each round goes through the whole table."""


class SortedCells(NamedTuple):
    """Where shingles are counted, by part of the table (`kernels.counting.sort_cells`)."""

    cells: npt.NDArray[np.uint32]
    bounds: npt.NDArray[np.int64]


def cells_for(shingles: int) -> Cells:
    """Return empty counters, four to eight per shingle."""
    bits = min(MOST_BITS, max(12, (4 * max(1, shingles) - 1).bit_length()))
    return np.zeros(1 << (bits - 5), np.uint64)


def width(cells: Cells) -> int:
    """Return the base-2 logarithm of how many counters there are."""
    return (len(cells) << 5).bit_length() - 1


@dataclass(eq=False)
class Tally:
    """Shingles on their way into their counters."""

    cells: Cells
    workers: Workers
    _waiting: list[SortedCells] = field(default_factory=list, repr=False)

    def sort(self, _: int, hashes: Hashes, __: npt.NDArray[np.int32]) -> SortedCells:
        """Return the cells of some shingles; any worker may."""
        from ftaudit.similarity.kernels.counting import PARTS, sort_cells

        found = SortedCells(np.empty(len(hashes), np.uint32), np.empty(PARTS + 1, np.int64))
        sort_cells(hashes, width(self.cells), *found)
        return found

    def add(self, some: SortedCells) -> None:
        """Count them, sooner or later."""
        self._waiting.append(some)
        if sum(len(each.cells) for each in self._waiting) >= AT_ONCE:
            self.settle()

    def settle(self) -> None:
        """Count what waits."""
        from ftaudit.similarity.kernels.counting import PARTS, count_cells

        if not self._waiting:
            return
        cells = np.concatenate([each.cells for each in self._waiting])
        starts = np.cumsum([0, *(len(each.cells) for each in self._waiting[:-1])])
        bounds = np.stack([each.bounds for each in self._waiting]) + starts[:, np.newaxis]
        self._waiting.clear()

        def count(part: int, parts: int) -> None:
            low, high = PARTS * part // parts, PARTS * (part + 1) // parts
            count_cells(cells, bounds, low, high, self.cells)

        self.workers.share(count)
