"""Sets of shingles, and how many two sets share."""

import math
from functools import cached_property, lru_cache
from typing import ClassVar, Final

import numpy as np
import numpy.typing as npt

from ftaudit.similarity.plain.plain_bitmaps import numbers_of
from ftaudit.similarity.plain.plain_byte_blocks import Hashes

TOLERANCE: Final = 1e-9
MOST_BITS: Final = 1 << 25
"""Sets times distinct members up to which sets are held as bits, which are soonest compared."""
REMEMBERED: Final = 1 << 16
"""Pairs of sets whose common members are counted once: rare shingles bring pairs up again."""

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


def all_needed(left: Sizes, right: Sizes, threshold: float) -> Places:
    """Return `needed` of many pairs of sizes."""
    t, both = threshold - TOLERANCE, left.astype(np.int64) + right
    least = np.ceil(t / (1.0 + t) * both).astype(np.int64)
    while (fewer := (least > 0) & (least - 1 >= t * (both - least + 1))).any():
        least -= fewer
    while (more := least < t * (both - least)).any():
        least += more
    return np.asarray(np.maximum(least, 1))


class SetsByNumber:
    """Sets by their number, compared as numbers with a bit for every member."""

    _last: ClassVar["SetsByNumber | None"] = None
    """Those of the last call: the parts of a search compare the same sets one after another."""

    def __init__(self, values: Hashes, starts: Places, counts: Sizes) -> None:
        """Set `i` is `values[starts[i] : starts[i] + counts[i]]`, all distinct."""
        self._values, self._starts, self._counts = values, starts, counts
        self._read: dict[int, frozenset[int]] = {}
        self._common: dict[tuple[int, int], int] = {}

    @classmethod
    def of(cls, values: Hashes, starts: Places, counts: Sizes) -> "SetsByNumber":
        """Return the sets, those of the last call where they are the same."""
        last = cls._last
        if last is None or not last.equals(values, starts, counts):
            last = cls._last = cls(values.copy(), starts.copy(), counts.copy())
        return last

    def equals(self, values: Hashes, starts: Places, counts: Sizes) -> bool:
        """Return whether these are the same sets."""
        return (
            np.array_equal(self._counts, counts)
            and np.array_equal(self._starts, starts)
            and np.array_equal(self._values, values)
        )

    @cached_property
    def _bits(self) -> list[int] | None:
        """Every set as a number; None where these would be too large."""
        places, counts = places_of(self._starts, self._counts)
        members, bits = np.unique(self._values[places], return_inverse=True)
        if len(members) * len(counts) > MOST_BITS:
            return None
        table = np.zeros((len(counts), len(members)), np.bool_)
        table[np.repeat(np.arange(len(counts)), counts), bits] = True
        return numbers_of(np.packbits(table, axis=1, bitorder="little"))

    def __getitem__(self, number: int) -> frozenset[int]:
        """Return the members of a set."""
        if number not in self._read:
            start, count = int(self._starts[number]), int(self._counts[number])
            self._read[number] = frozenset(self._values[start : start + count].tolist())
        return self._read[number]

    def common(self, left: int, right: int, least: int) -> int:
        """Return how many members two sets share; -1 if fewer than `least`."""
        if self._bits is not None:
            both = (self._bits[left] & self._bits[right]).bit_count()
            return both if both >= least else -1
        pair = (left, right) if left < right else (right, left)
        known = self._common.get(pair)
        if known is None:
            known = len(self[left] & self[right])
            if len(self._common) < REMEMBERED:
                self._common[pair] = known
        return known if known >= least else -1

    def common_of(self, left: Sizes, right: Sizes) -> Places:
        """Return how many members each two sets share."""
        pairs = zip(left.tolist(), right.tolist(), strict=True)
        bits = self._bits
        if bits is not None:
            return np.array([(bits[x] & bits[y]).bit_count() for x, y in pairs], np.int64)
        return np.array([self.common(x, y, 0) for x, y in pairs], np.int64)


def places_of(starts: Places, counts: Sizes) -> tuple[Places, Places]:
    """Return the places of the members of sets, one set after another, and how many each has."""
    own = counts.astype(np.int64)
    within = np.arange(int(own.sum())) - np.repeat(np.cumsum(own) - own, own)
    return np.repeat(starts, own) + within, own
