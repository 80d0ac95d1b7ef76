"""Two hashes of every text: what is kept of a row after the first pass."""

from typing import Self

import numpy as np
import numpy.typing as npt
from msgspec import Struct


class TextHashes(Struct, frozen=True, eq=False):
    """Two independent 64-bit hashes of each normalised text."""

    first: npt.NDArray[np.uint64]
    second: npt.NDArray[np.uint64]
    empty: npt.NDArray[np.bool_]
    """Whether a row has no text; such rows are not compared."""

    @classmethod
    def empty_rows(cls, rows: int) -> Self:
        """Return hashes for `rows` rows, all empty until they are filled in."""
        return cls(np.zeros(rows, np.uint64), np.zeros(rows, np.uint64), np.ones(rows, np.bool_))

    def part(self, start: int, count: int) -> Self:
        """Return a view of `count` rows from `start` on."""
        rows = slice(start, start + count)
        return type(self)(self.first[rows], self.second[rows], self.empty[rows])
