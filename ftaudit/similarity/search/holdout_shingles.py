"""The shingles of holdout texts in a hash table, and how often each occurs in training texts."""

import numpy as np
import numpy.typing as npt

from ftaudit.similarity.runtime.hash_store import Hashes
from ftaudit.similarity.runtime.kernel_loader import kernels


class HoldoutShingles:
    """Distinct shingles in a hash table, and how often each occurs in the training texts."""

    def __init__(self, values: Hashes) -> None:
        """Place distinct values, ascending, in the table."""
        host_search = kernels("host_search")

        size = 1 << (2 * len(values)).bit_length()
        self.values = values
        self.table, self.slots = np.zeros(size, np.uint64), np.full(size, -1, np.int32)
        self.frequency = np.zeros(len(values), np.int64)
        host_search.place(values, self.table, self.slots)
        self._free: list[npt.NDArray[np.uint32]] = []

    def count(self, hashes: Hashes) -> None:
        """Count how often each value occurs among hashes; threads may do so at once."""
        try:
            counters = self._free.pop()
        except IndexError:  # all are being counted in: as many as threads at once
            counters = np.zeros(len(self.table), np.uint32)
        kernels("host_search").count_listed(hashes, self.table, counters)
        self._free.append(counters)

    def counted(self) -> npt.NDArray[np.int64]:
        """Return how often each value occurred among all that was counted; begin anew."""
        filled = np.flatnonzero(self.slots >= 0)
        counts, values = np.zeros(len(self.values), np.int64), self.slots[filled]
        for counters in self._free:
            counts[values] += counters[filled]
        self._free.clear()
        return counts

    def __reduce__(self) -> "tuple[type[HoldoutShingles], tuple[Hashes]]":
        """Travel without the table, which is made from the values, and without counts."""
        return HoldoutShingles, (self.values,)
