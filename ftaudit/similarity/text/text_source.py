"""The texts to compare: a column of the canonical rows, read in slices as often as needed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as default
from functools import partial
from itertools import chain, pairwise
from typing import Final, Generic, NamedTuple, Protocol, Self, TypeAlias, TypeVar, runtime_checkable

import numpy as np
import numpy.typing as npt
import polars as pl
from msgspec import Struct, field

from ftaudit.model.dataset import HOLDOUT, Rows
from ftaudit.model.progress import Advance
from ftaudit.similarity.runtime.threads import ALONE, Threads
from ftaudit.similarity.text.arrow_buffers import TextViews, copied
from ftaudit.similarity.text.normalisation import PreparedTexts, viewed
from ftaudit.similarity.text.row_numbering import RowNumbering

KEPT_BYTES: Final = 64 << 20
"""Texts of up to this many bytes together are read once and kept; more are read in each pass."""

HELD_BYTES: Final = 32 << 20
"""Holdout texts of up to this many bytes together are read once and kept, too, and so are those of
rows to be remembered."""

SLICE_ROWS: Final = 8_192
"""Most rows of a slice, which one worker takes at once."""

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

Ranges: TypeAlias = Sequence[tuple[int, int]]
"""Row numbers: the first, and the one after the last."""
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


class TextSlice(Struct, eq=False):
    """Consecutive rows: the number of the first, and the text of each."""

    first: int
    _raw: pl.Series
    _boilerplate: Boilerplate | None = None
    _viewed: PreparedTexts | None = None

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self._raw)

    @property
    def raw(self) -> pl.Series | None:
        """Return the texts as they are in the data; None once they have been prepared."""
        return self._raw if self._viewed is None else None

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


def rows_within(rows: RowNumbers, low: int, high: int) -> RowNumbers:
    """Return those of some rows (ascending) from number `low` to before `high`."""
    first, after = np.searchsorted(rows, (low, high)).tolist()
    return rows[first:after]


def prepare(texts: TextSlice) -> TextSlice:
    """Prepare the texts of a slice now; return it."""
    texts.viewed()
    return texts


class RememberedTexts(Struct, eq=False):
    """The texts of some rows as they are in the data, kept by the first pass over all."""

    rows: RowNumbers
    """Ascending."""
    complete: bool = False
    """Whether a pass has read all of them, and they are at hand."""
    _parts: list[NumberedTexts] = field(default_factory=list)
    _left: int = HELD_BYTES

    def begin(self) -> None:
        """Begin a pass over all texts."""
        self._parts, self._left = [], HELD_BYTES

    def take(self, texts: TextSlice, raw: pl.Series) -> None:
        """Keep the texts of a slice that are to be remembered, while there is room."""
        own = self.rows[texts.among(self.rows)]
        if not len(own) or self._left < 0:
            return
        kept = raw.gather(own - texts.first)
        kept = copied(kept.fill_null("") if kept.null_count() else kept)
        self._left -= int(kept.estimated_size())
        self._parts.append((own, kept))

    def end(self) -> None:
        """End the pass."""
        self.complete = self._left >= 0
        if not self.complete:
            self._parts = []

    def have(self, rows: RowNumbers) -> bool:
        """Return whether the texts of all these rows (ascending) are at hand."""
        return self.complete and bool(np.isin(rows, self.rows, assume_unique=True).all())

    def among(self, rows: RowNumbers) -> Iterator[NumberedTexts]:
        """Yield the texts of some of the rows."""
        for own, raw in self._parts:
            places = np.flatnonzero(np.isin(own, rows, assume_unique=True))
            for low in range(0, len(places), SLICE_ROWS):
                part = places[low : low + SLICE_ROWS]
                yield own[part], raw.gather(part)


class HeldSlice(NamedTuple):
    """A slice, and its texts as they were read."""

    texts: TextSlice
    raw: pl.Series


class TextsToPrepare(NamedTuple):
    """Some rows, and what returns their texts, prepared: in the thread that calls it."""

    rows: RowNumbers
    texts: Callable[[], pl.Series]


@dataclass(eq=False)
class TextSource:
    """The column to compare, read batch by batch."""

    rows: Rows
    numbering: RowNumbering
    column: str
    boilerplate: Boilerplate | None = None
    elsewhere: "PartReader | None" = None
    """Reads texts part by part, where they are, if that is not here."""
    _kept: list[TextSlice] | None = default(default=None, repr=False)
    _held: list[HeldSlice] | None = default(default=None, repr=False)
    """Those of the holdout."""
    _begun: Iterator[TextSlice] | None = default(default=None, repr=False)
    _remembered: list[RememberedTexts] = default(default_factory=list, repr=False)

    def texts(self) -> Iterator[TextSlice]:
        """Yield slices of at most `SLICE_ROWS` consecutive rows; null is an empty text."""
        begun, self._begun = self._begun, None
        if begun is not None:
            return begun
        return self._read() if self._kept is None else iter(self._kept)

    def within(self, ranges: Ranges) -> Iterator[TextSlice]:
        """Yield the slices of rows in ranges of row numbers, those of several files."""
        held = self._held_within(ranges) if self._kept is None else None
        every = self.texts() if held is None else (piece.texts for piece in held)
        return (texts for texts in every if _overlaps(texts, ranges))

    def raw(self, ranges: Ranges) -> Iterator[tuple[int, pl.Series]]:
        """Yield the texts of rows in ranges as they are in the data, with the first row number."""
        held = self._held_within(ranges)
        every = self._slices() if held is None else iter(held)
        return ((t.first, raw) for t, raw in every if _overlaps(t, ranges))

    def raw_once(self) -> Iterator[tuple[int, pl.Series]]:
        """Yield all texts as `raw` does, before any other pass; hold those of the holdout.

        Not of little data, which the next pass keeps whole.
        """
        holdout, size = self.numbering.of_split(HOLDOUT), 0
        held = _Kept[HeldSlice](HELD_BYTES)
        for piece in self._slices():
            size += piece.texts.size()
            if _overlaps(piece.texts, holdout):
                held.add(piece, piece.texts.size())
            yield piece.texts.first, piece.raw
        self._held = held.items if size > KEPT_BYTES else None

    def leaving_out(self, boilerplate: Boilerplate | None) -> "TextSource":
        """Return the same texts without boilerplate; what is held of them stays held."""
        held = None
        if self._held is not None:
            slices = ((TextSlice(t.first, raw, boilerplate), raw) for t, raw in self._held)
            held = [HeldSlice(*both) for both in slices]
        return TextSource(
            self.rows, self.numbering, self.column, boilerplate, self.elsewhere, _held=held
        )

    @property
    def holds_holdout(self) -> bool:
        """Return whether the holdout is at hand before, and without, the rest of much data."""
        return self._held is not None and self._kept is None

    def remember(self, rows: RowNumbers) -> None:
        """Keep the texts of some rows (ascending) in the next pass, until `some` yields them."""
        if self.elsewhere is None and self._kept is None and len(rows):
            self._remembered.append(RememberedTexts(rows))

    def some(self, rows: RowNumbers) -> Iterator[TextsToPrepare]:
        """Yield some rows (ascending), many at a time."""
        at_hand = [texts for texts in self._remembered if texts.have(rows)]
        if at_hand:
            remembered = min(at_hand, key=lambda texts: len(texts.rows))
            self._remembered.remove(remembered)
            for own, raw in remembered.among(rows):
                texts = TextSlice(0, raw, self.boilerplate)
                yield TextsToPrepare(own, partial(texts.chosen, np.arange(len(own))))
            return
        for texts in self.texts():
            own = rows[texts.among(rows)]
            if len(own):
                yield TextsToPrepare(own, partial(texts.chosen, own - texts.first))

    def over(
        self,
        work: "TextWork[T]",
        ranges: Ranges | None = None,
        workers: Threads = ALONE,
        advance: Advance = lambda _: None,
    ) -> Iterator[T]:
        """Yield what `work` makes of the rows: of all of them here, or of every part elsewhere.

        Args:
            work: what it makes of parts, in row order, must come to what it makes of the whole.
            ranges: of row numbers; parts without any row of those may be left out.
            workers: threads that help here; elsewhere each part has one.
            advance: told of the rows that are done here.
        """
        if self.elsewhere is None:
            yield work(TextReading(self, workers, advance))
        else:
            yield from self.elsewhere.over(self, work, ranges)

    def prepared(self, rows: RowNumbers) -> Iterator[NumberedTexts]:
        """Yield the numbers of some rows (ascending) and their texts, prepared, many at a time."""
        for texts in self.over(ChosenTexts(rows)):
            yield from texts

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

    def _held_within(self, ranges: Ranges) -> list[HeldSlice] | None:
        """Return the slices of the holdout, if they are kept and have all rows in `ranges`."""
        holdout = self.numbering.of_split(HOLDOUT)
        inside = all(any(a <= low and high <= b for a, b in holdout) for low, high in ranges)
        return self._held if inside else None

    def _read(self) -> Iterator[TextSlice]:
        holdout = self.numbering.of_split(HOLDOUT)
        every, held = _Kept[TextSlice](KEPT_BYTES), _Kept[HeldSlice](HELD_BYTES)
        remembered = [texts for texts in self._remembered if not texts.complete]
        for texts in remembered:
            texts.begin()
        for piece in self._slices():
            size = piece.texts.size()
            every.add(piece.texts, size)
            if _overlaps(piece.texts, holdout):
                held.add(piece, size)
            for texts in remembered:
                texts.take(*piece)
            yield piece.texts
        self._kept, self._held = every.items, self._held or held.items
        for texts in remembered:
            texts.end()
        if self._kept is not None:  # prepared already
            self._remembered.clear()

    def _slices(self) -> Iterator[HeldSlice]:
        """Cut batches into slices, also where row numbers jump, as when a reader skips rows."""
        for frame in self.rows.batches(["id", self.column]):
            numbers = self.numbering.numbers(frame["id"].to_numpy())
            column = frame[self.column]
            jumps = [0, *(np.flatnonzero(np.diff(numbers) != 1) + 1).tolist(), len(numbers)]
            for start, end in pairwise(jumps):
                slices = -(-(end - start) // SLICE_ROWS)
                cuts = [start + (end - start) * i // slices for i in range(slices + 1)]
                for low, high in pairwise(cuts):
                    raw = column[low:high]
                    yield HeldSlice(TextSlice(int(numbers[low]), raw, self.boilerplate), raw)


class _Kept(Generic[T]):
    """Items that are kept as long as they have few bytes together; else none is."""

    def __init__(self, most: int) -> None:
        self.items: list[T] | None = []
        self._left = most

    def add(self, item: T, size: int) -> None:
        self._left -= size
        if self._left < 0:
            self.items = None
        elif self.items is not None:
            self.items.append(item)


def _overlaps(texts: TextSlice, ranges: Ranges) -> bool:
    return any(low < texts.first + len(texts) and texts.first < high for low, high in ranges)


class TextReading(Struct, frozen=True, eq=False):
    """Texts to read: all of them, or those of a part."""

    source: TextSource
    workers: Threads = ALONE
    advance: Advance = lambda _: None


class TextWork(Protocol[T_co]):
    """What is to be made of texts. Pickled, where they are read elsewhere, as is what it returns.

    An iterator that it returns is read to its end there. What it needs besides is declared on the
    class: `columns` of the rows, with `id`, if not that of the texts; `kernels` that it calls.
    """

    def __call__(self, reading: TextReading, /) -> T_co:
        """Read the texts, in one pass or several."""


@runtime_checkable
class DivisibleWork(TextWork[T_co], Protocol):
    """A work that is told of some rows, and needs for a part only those of its own.

    Where texts are read elsewhere, no others are sent.
    """

    def within(self, low: int, high: int) -> Self | None:
        """Return the work on the rows from number `low` to before `high`; None: there is none."""


class PartReader(Protocol):
    """Reads texts part by part, where they are."""

    def over(self, source: TextSource, work: TextWork[T], ranges: Ranges | None) -> Iterator[T]:
        """Yield what `work` makes of every part, in row order; see `TextSource.over`."""


class ChosenTexts(Struct, frozen=True, eq=False):
    """Reads the texts of some rows."""

    rows: RowNumbers
    """Ascending."""

    def within(self, low: int, high: int) -> "ChosenTexts | None":
        """Return the work on the rows from number `low` to before `high`; None: there is none."""
        rows = rows_within(self.rows, low, high)
        return ChosenTexts(rows) if len(rows) else None

    def __call__(self, reading: TextReading, /) -> Iterator[NumberedTexts]:
        """Yield the numbers and the prepared texts of those that are there, slice by slice."""
        for chosen in reading.source.some(self.rows):
            yield chosen.rows, chosen.texts()
