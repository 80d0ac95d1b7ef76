"""Where texts to compare come from: canonical rows, numbered densely, read as often as needed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, pairwise
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt
import polars as pl

from ftaudit.model.dataset import DataFile, Rows
from ftaudit.model.row_id import files_and_rows, row_ids
from ftaudit.similarity.buffers import Views
from ftaudit.similarity.normalisation import Viewed, viewed

KEPT_BYTES: Final = 64 << 20
"""Texts up to this many bytes in all are read once and kept; more are read again in each pass."""

PIECE: Final = 8_192
"""Most rows that a worker takes at once."""


class Boilerplate(Protocol):
    """Text that many rows share and that says nothing of their likeness."""

    @property
    def configuration(self) -> Mapping[str, object]:
        """What decided it."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know: how much was left out of how many rows."""

    def without(self, texts: pl.Series) -> pl.Series:
        """Return every text without its boilerplate; null stays null, row by row."""


@dataclass(eq=False)
class Texts:
    """Consecutive rows: the number of the first, and the text of each."""

    first: int
    _raw: pl.Series
    _boilerplate: Boilerplate | None = None
    _viewed: Viewed | None = None

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self._raw)

    def viewed(self) -> Viewed:
        """Return the texts, prepared for the kernels by whoever first asks: a worker."""
        if self._viewed is None:
            about = self._boilerplate
            self._viewed = viewed(self._raw if about is None else about.without(self._raw))
            self._raw = self._viewed.texts
        return self._viewed

    @property
    def texts(self) -> pl.Series:
        """Return the texts, prepared."""
        return self.viewed().texts

    @property
    def column(self) -> Views:
        """Return the views of the texts, prepared."""
        return self.viewed().column

    def size(self) -> int:
        """Return the bytes they take."""
        return int(self._raw.estimated_size())

    def among(self, rows: npt.NDArray[np.uint32] | npt.NDArray[np.int64]) -> slice:
        """Return which of some row numbers (ascending) these are."""
        ends = np.array([self.first, self.first + len(self)], rows.dtype)  # else rows are cast
        low, high = np.searchsorted(rows, ends).tolist()
        return slice(low, high)


def ready(piece: Texts) -> Texts:
    """Prepare the texts of a piece now; return it."""
    piece.viewed()
    return piece


@dataclass(frozen=True, eq=False)
class Numbering:
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


@dataclass(eq=False)
class Source:
    """The column to compare, read batch by batch."""

    rows: Rows
    numbering: Numbering
    column: str
    boilerplate: Boilerplate | None = None
    _kept: list[Texts] | None = field(default=None, repr=False)
    _begun: Iterator[Texts] | None = field(default=None, repr=False)

    def texts(self) -> Iterator[Texts]:
        """Yield the texts of at most `PIECE` consecutive rows; null is empty."""
        begun, self._begun = self._begun, None
        if begun is not None:
            return begun
        return self._read() if self._kept is None else iter(self._kept)

    def first(self, rows: int) -> list[Texts]:
        """Return the first texts, at least so many rows; the next pass goes on from there."""
        taken: list[Texts] = []
        rest = self.texts()
        for texts in rest:
            taken.append(texts)
            rows -= len(texts)
            if rows <= 0:
                break
        self._begun = chain(taken, rest)
        return taken

    def _read(self) -> Iterator[Texts]:
        keep: list[Texts] | None = []
        size = 0
        for texts in self._pieces():
            size += texts.size()
            keep = None if keep is None or size > KEPT_BYTES else [*keep, texts]
            yield texts
        self._kept = keep

    def _pieces(self) -> Iterator[Texts]:
        """Cut batches to pieces, also where row numbers jump, as of a reader that skips rows."""
        for frame in self.rows.batches(["id", self.column]):
            numbers = self.numbering.numbers(frame["id"].to_numpy())
            column = frame[self.column]
            jumps = [0, *(np.flatnonzero(np.diff(numbers) != 1) + 1).tolist(), len(numbers)]
            for start, end in pairwise(jumps):
                pieces = -(-(end - start) // PIECE)
                cuts = [start + (end - start) * i // pieces for i in range(pieces + 1)]
                for low, high in pairwise(cuts):
                    yield Texts(int(numbers[low]), column[low:high], self.boilerplate)
