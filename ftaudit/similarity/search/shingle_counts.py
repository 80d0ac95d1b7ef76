"""How often shingles occur: never, once or more often, in counters of two bits.

A counting Bloom filter of one hash function: shingles that share a counter by chance only seem to
occur more often, so a shingle whose counter says "once" occurs once.
"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from msgspec import Struct, field

from ftaudit.similarity.runtime.hash_store import Hashes
from ftaudit.similarity.runtime.kernel_loader import kernels
from ftaudit.similarity.runtime.threads import Threads

Counters = npt.NDArray[np.uint64]
"""Counters of two bits, 32 to a word."""

MOST_BITS: Final = 32
"""Base-2 logarithm of the most counters: 1 GiB. Beyond, the fuller table rules out less."""
AT_ONCE: Final = 1 << 22
"""Shingles counted at once; each round goes through the whole table."""


class SortedCells(NamedTuple):
    """Indices of counters, sorted by part of the table (`partitioned_counts.sort_cells`)."""

    cells: npt.NDArray[np.uint32]
    bounds: npt.NDArray[np.int64]


def counters_for(shingles: int) -> Counters:
    """Return empty counters, four to eight per shingle."""
    bits = min(MOST_BITS, max(12, (4 * max(1, shingles) - 1).bit_length()))
    return np.zeros(1 << (bits - 5), np.uint64)


def width(counters: Counters) -> int:
    """Return the base-2 logarithm of how many counters there are."""
    return (len(counters) << 5).bit_length() - 1


class ShingleCounts(Struct, eq=False):
    """Counts shingles in batches: sorted on any worker, added by all workers together."""

    counters: Counters
    workers: Threads
    _waiting: list[SortedCells] = field(default_factory=list)

    def sort(self, _: int, hashes: Hashes, __: npt.NDArray[np.int32]) -> SortedCells:
        """Return the sorted indices of the counters of shingles; may run on any worker."""
        partitioned_counts = kernels("partitioned_counts")

        indices = SortedCells(
            np.empty(len(hashes), np.uint32), np.empty(partitioned_counts.PARTS + 1, np.int64)
        )
        partitioned_counts.sort_cells(hashes, width(self.counters), *indices)
        return indices

    def add(self, indices: SortedCells) -> None:
        """Queue shingles to be counted; count the queue when it is long."""
        self._waiting.append(indices)
        if sum(len(batch.cells) for batch in self._waiting) >= AT_ONCE:
            self.settle()

    def settle(self) -> None:
        """Count all shingles in the queue."""
        partitioned_counts = kernels("partitioned_counts")

        if not self._waiting:
            return
        cells = np.concatenate([batch.cells for batch in self._waiting])
        starts = np.cumsum([0, *(len(batch.cells) for batch in self._waiting[:-1])])
        bounds = np.stack([batch.bounds for batch in self._waiting]) + starts[:, np.newaxis]
        self._waiting.clear()

        def count(part: int, parts: int) -> None:
            low, high = (
                partitioned_counts.PARTS * part // parts,
                partitioned_counts.PARTS * (part + 1) // parts,
            )
            partitioned_counts.count_cells(cells, bounds, low, high, self.counters)

        self.workers.share(count)
