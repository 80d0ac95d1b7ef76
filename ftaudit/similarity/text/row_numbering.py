"""Dense row numbers: the rows of all files one after another, by ascending row id."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from ftaudit.model.dataset import DataFile
from ftaudit.model.row_id import files_and_rows, row_ids


class RowNumbering(Struct, frozen=True, eq=False):
    """Dense row numbers: the rows of all files one after another, by ascending id."""

    files: tuple[DataFile, ...]

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return sum(file.rows for file in self.files)

    @property
    def starts(self) -> npt.NDArray[np.int64]:
        """Number of the first row of every file, and at the end how many rows there are."""
        return np.concatenate([[0], np.cumsum([f.rows for f in self.files])]).astype(np.int64)

    def numbers(self, ids: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
        """Return the number of each row id."""
        file, row = (part.astype(np.int64) for part in files_and_rows(ids))
        return np.asarray(self.starts[file] + row)

    def span(self, first: int, after: int) -> tuple[int, int]:
        """Return the numbers of a first row id and of the id after the last of some rows."""
        low, high = self.numbers(np.array([first, after], np.uint64)).tolist()
        return low, high

    def places(
        self, numbers: npt.NDArray[np.uint32]
    ) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint64]]:
        """Return the file and the row in it of each number."""
        starts = self.starts
        file = np.searchsorted(starts, numbers, side="right") - 1
        return file.astype(np.uint32), (numbers - starts[file]).astype(np.uint64)

    def ids(self, numbers: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint64]:
        """Return the row id of each number."""
        return row_ids(*self.places(numbers))

    def of_split(self, split: str) -> list[tuple[int, int]]:
        """Return the ranges of numbers that a split holds."""
        starts = self.starts.tolist()
        return [(starts[i], starts[i + 1]) for i, f in enumerate(self.files) if f.split == split]


def within_ranges(
    rows: npt.NDArray[np.uint32], ranges: Sequence[tuple[int, int]]
) -> npt.NDArray[np.bool_]:
    """Return for every row whether it lies in one of the ranges."""
    inside = np.zeros(len(rows), np.bool_)
    for low, high in ranges:
        inside |= (rows >= low) & (rows < high)
    return inside
