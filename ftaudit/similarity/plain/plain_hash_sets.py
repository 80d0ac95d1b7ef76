"""Sets of shingles, and how many two sets share."""

import math
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from ftaudit.similarity.plain.plain_byte_blocks import Hashes

TOLERANCE: Final = 1e-9

Sizes = npt.NDArray[np.int32]
Places = npt.NDArray[np.int64]


@lru_cache(1 << 16)
def needed(left: int, right: int, threshold: float) -> int:
    """Do what `kernels.hash_sets.needed` does."""
    t = threshold - TOLERANCE
    least = math.ceil(t / (1.0 + t) * (left + right))
    while least > 0 and (least - 1) >= t * (left + right - least + 1):
        least -= 1
    while least < t * (left + right - least):
        least += 1
    return max(least, 1)


class SetsByNumber:
    """The members of sets, each read when it is first needed."""

    def __init__(self, values: Hashes, starts: Places, counts: Sizes) -> None:
        """Set `i` is `values[starts[i] : starts[i] + counts[i]]`, all distinct."""
        self._values, self._starts, self._counts = values, starts, counts
        self._read: dict[int, frozenset[int]] = {}

    def __getitem__(self, number: int) -> frozenset[int]:
        """Return the members of a set."""
        if number not in self._read:
            start, count = int(self._starts[number]), int(self._counts[number])
            self._read[number] = frozenset(self._values[start : start + count].tolist())
        return self._read[number]

    def common(self, left: int, right: int, least: int) -> int:
        """Return how many members two sets share; -1 if fewer than `least`."""
        both = len(self[left] & self[right])
        return both if both >= least else -1
