"""What is kept of every row after the first pass."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, eq=False)
class Hashed:
    """Two independent 64-bit hashes of each normalised text."""

    first: npt.NDArray[np.uint64]
    second: npt.NDArray[np.uint64]
    empty: npt.NDArray[np.bool_]
    """Rows without text, which take no part."""

    @classmethod
    def nothing(cls, rows: int) -> Self:
        """Return room for `rows` rows, all of them empty so far."""
        return cls(np.zeros(rows, np.uint64), np.zeros(rows, np.uint64), np.ones(rows, np.bool_))

    def part(self, start: int, count: int) -> Self:
        """Return a view of `count` rows from `start` on."""
        rows = slice(start, start + count)
        return type(self)(self.first[rows], self.second[rows], self.empty[rows])
