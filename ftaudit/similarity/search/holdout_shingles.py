"""The shingles of holdout texts in a hash table, and how often each occurs in training texts."""

from collections.abc import Iterator
from contextlib import contextmanager

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
        self._free: list[npt.NDArray[np.int64]] = []

    @contextmanager
    def counting(self) -> Iterator[npt.NDArray[np.int64]]:
        """Lend counters that no other thread counts in; there are as many as threads at once."""
        try:
            counters = self._free.pop()
        except IndexError:
            counters = np.zeros(len(self.values), np.int64)
        yield counters
        self._free.append(counters)

    def counted(self) -> npt.NDArray[np.int64]:
        """Return what all counters have counted, and drop them."""
        counts = np.sum(self._free, axis=0) if self._free else np.zeros(len(self.values), np.int64)
        self._free.clear()
        return np.asarray(counts, np.int64)

    def __reduce__(self) -> "tuple[type[HoldoutShingles], tuple[Hashes]]":
        """Travel without the table, which is made from the values, and without counts."""
        return HoldoutShingles, (self.values,)
