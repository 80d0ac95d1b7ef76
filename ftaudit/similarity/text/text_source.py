"""The texts to compare: a column of the canonical rows, read in slices as often as needed."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, pairwise
from typing import Final, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from ftaudit.model.dataset import Rows
from ftaudit.similarity.text.arrow_buffers import TextViews
from ftaudit.similarity.text.normalisation import PreparedTexts, viewed
from ftaudit.similarity.text.row_numbering import RowNumbering

KEPT_BYTES: Final = 64 << 20
"""Texts of up to this many bytes together are read once and kept; more are read in each pass."""

SLICE_ROWS: Final = 8_192
"""Most rows of a slice, which one worker takes at once."""

RowNumbers: TypeAlias = npt.NDArray[np.int64]
NumberedTexts: TypeAlias = tuple[RowNumbers, pl.Series]
"""The numbers of rows, ascending, and the text of each."""


class Boilerplate(Protocol):
    """Text that many rows share and that is left out before rows are compared."""

    @property
    def configuration(self) -> Mapping[str, object]:
        """Everything that decided it."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know: how much was left out of how many rows."""

    def without(self, texts: pl.Series) -> pl.Series:
        """Return every text without its boilerplate; null stays null, row by row."""


@dataclass(eq=False)
class TextSlice:
    """Consecutive rows: the number of the first, and the text of each."""

    first: int
    _raw: pl.Series
    _boilerplate: Boilerplate | None = None
    _viewed: PreparedTexts | None = None

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self._raw)

    def viewed(self) -> PreparedTexts:
        """Return the texts prepared for the kernels; the first call, on a worker, prepares them."""
        if self._viewed is None:
            boilerplate, texts = self._boilerplate, self._raw
            self._viewed = viewed(texts if boilerplate is None else boilerplate.without(texts))
            self._raw = self._viewed.texts
        return self._viewed

    def chosen(self, places: npt.NDArray[np.int64]) -> pl.Series:
        """Return the texts at indices, prepared; no others are, unless they have been."""
        if self._viewed is not None:
            return self._viewed.texts.gather(places)
        if not len(places):
            return self._raw.clear()
        raw, boilerplate = self._raw.gather(places), self._boilerplate
        return viewed(raw if boilerplate is None else boilerplate.without(raw)).texts

    @property
    def texts(self) -> pl.Series:
        """Return the texts, prepared."""
        return self.viewed().texts

    @property
    def column(self) -> TextViews:
        """Return the views of the texts, prepared."""
        return self.viewed().column

    def size(self) -> int:
        """Return the bytes of memory that the texts take."""
        return int(self._raw.estimated_size())

    def among(self, rows: npt.NDArray[np.uint32] | npt.NDArray[np.int64]) -> slice:
        """Return the part of `rows` (numbers, ascending) that lies in this slice."""
        ends = np.array([self.first, self.first + len(self)], rows.dtype)  # else rows are cast
        low, high = np.searchsorted(rows, ends).tolist()
        return slice(low, high)


def prepare(texts: TextSlice) -> TextSlice:
    """Prepare the texts of a slice now; return it."""
    texts.viewed()
    return texts


@dataclass(eq=False)
class TextSource:
    """The column to compare, read batch by batch."""

    rows: Rows
    numbering: RowNumbering
    column: str
    boilerplate: Boilerplate | None = None
    elsewhere: Callable[[RowNumbers], Iterator[NumberedTexts]] | None = None
    """Reads the texts of some rows (ascending) where they are, if that is not here."""
    _kept: list[TextSlice] | None = field(default=None, repr=False)
    _begun: Iterator[TextSlice] | None = field(default=None, repr=False)

    def texts(self) -> Iterator[TextSlice]:
        """Yield slices of at most `SLICE_ROWS` consecutive rows; null is an empty text."""
        begun, self._begun = self._begun, None
        if begun is not None:
            return begun
        return self._read() if self._kept is None else iter(self._kept)

    def prepared(self, rows: RowNumbers) -> Iterator[NumberedTexts]:
        """Yield the numbers of some rows (ascending) and their texts, prepared, many at a time."""
        if self.elsewhere is None:
            for texts in self.texts():
                own = rows[texts.among(rows)]
                yield own, texts.chosen(own - texts.first)
            return
        for own, raw in self.elsewhere(rows):
            yield own, TextSlice(0, raw, self.boilerplate).texts

    def first(self, rows: int) -> list[TextSlice]:
        """Return the first slices, of at least `rows` rows; the next pass reads on from there."""
        taken: list[TextSlice] = []
        rest = self.texts()
        for texts in rest:
            taken.append(texts)
            rows -= len(texts)
            if rows <= 0:
                break
        self._begun = chain(taken, rest)
        return taken

    def _read(self) -> Iterator[TextSlice]:
        keep: list[TextSlice] | None = []
        size = 0
        for texts in self._slices():
            size += texts.size()
            keep = None if keep is None or size > KEPT_BYTES else [*keep, texts]
            yield texts
        self._kept = keep

    def _slices(self) -> Iterator[TextSlice]:
        """Cut batches into slices, also where row numbers jump, as when a reader skips rows."""
        for frame in self.rows.batches(["id", self.column]):
            numbers = self.numbering.numbers(frame["id"].to_numpy())
            column = frame[self.column]
            jumps = [0, *(np.flatnonzero(np.diff(numbers) != 1) + 1).tolist(), len(numbers)]
            for start, end in pairwise(jumps):
                slices = -(-(end - start) // SLICE_ROWS)
                cuts = [start + (end - start) * i // slices for i in range(slices + 1)]
                for low, high in pairwise(cuts):
                    yield TextSlice(int(numbers[low]), column[low:high], self.boilerplate)
