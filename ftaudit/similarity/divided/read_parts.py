"""A task that reads the texts of its part, whatever for."""

import pickle
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from ftaudit.model.blobs import Blob
from ftaudit.model.parts import Part
from ftaudit.model.progress import Silent
from ftaudit.similarity.divided.divided_texts import MEMORY, PartRows
from ftaudit.similarity.runtime.kernel_loader import load_kernels
from ftaudit.similarity.text.row_numbering import RowNumbering
from ftaudit.similarity.text.text_source import Boilerplate, TextReading, TextSource, TextWork


@dataclass(frozen=True, eq=False)
class ReadPart:
    """A part → the span of its rows, and what a work makes of their texts."""

    numbering: RowNumbering
    column: str
    boilerplate: Boilerplate | None
    work: TextWork[object]

    def __call__(self, blobs: Iterator[Blob], /) -> Iterable[Blob]:
        """Read the parts that come."""
        load_kernels(Silent(), *getattr(self.work, "kernels", ()), steps=MEMORY)
        for blob in blobs:
            part: Part = pickle.loads(blob.data)  # noqa: S301 - our own driver pickled it
            rows = _SpannedRows(part, self.numbering)
            source = TextSource(rows, self.numbering, self.column, self.boilerplate)
            result = self.work(TextReading(source))
            if isinstance(result, Iterator):
                result = list(result)
            yield Blob(blob.slot, blob.kind, pickle.dumps((rows.span, result), 5))


@dataclass(eq=False)
class _SpannedRows:
    """The rows of a part, which remember their numbers when they are read."""

    part: Part
    numbering: RowNumbering
    span: tuple[int, int] | None = None
    """None until they are read to the end; (0, 0) where there are none."""

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        """Yield some columns of the rows."""
        low, end = 0, 0
        for frame in PartRows(self.part).batches(columns):
            if frame.height:
                numbers = self.numbering.numbers(frame["id"].to_numpy())
                low, end = (int(numbers[0]) if end == 0 else low), int(numbers[-1]) + 1
            yield frame
        self.span = (low, end)
