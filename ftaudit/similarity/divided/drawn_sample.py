"""The sample of texts in which boilerplate is looked for, drawn part by part."""

import pickle
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl
from msgspec import Struct

from ftaudit.model.blobs import Blob
from ftaudit.similarity.divided.divided_texts import PartRows
from ftaudit.similarity.text import boilerplate
from ftaudit.similarity.text.row_numbering import RowNumbering

if TYPE_CHECKING:
    from ftaudit.model.parts import Part

_LEVELS: Final = 64
"""Powers of two that a row number may divide by."""


class SampleSizes(Struct, frozen=True, eq=False):
    """A part → how many bytes of text its rows have, by the zeros at the end of row numbers."""

    numbering: RowNumbering
    column: str

    def __call__(self, blobs: Iterator[Blob], /) -> Iterable[Blob]:
        """Count the parts that come."""
        for blob in blobs:
            sizes = np.zeros(_LEVELS + 1, np.int64)
            for numbers, texts in _texts(blob, self.numbering, self.column):
                lengths = texts.str.len_bytes().fill_null(0).to_numpy()
                lowest = numbers & -numbers
                levels = np.where(numbers == 0, _LEVELS, np.log2(np.maximum(lowest, 1)))
                np.add.at(sizes, levels.astype(np.int64), lengths)
            yield Blob(blob.slot, 0, sizes.tobytes())


def step_of(sizes: Sequence[bytes | memoryview], rows: int) -> int:
    """Return the least power of two whose multiples have at most `SAMPLE_BYTES` of text."""
    counts = np.zeros(_LEVELS + 1, np.int64)
    for of_part in sizes:
        counts += np.frombuffer(of_part, np.int64)
    level = 0
    while counts[level:].sum() > boilerplate.SAMPLE_BYTES and 1 << level < rows:
        level += 1
    return 1 << level


class SampleTexts(Struct, frozen=True, eq=False):
    """A part → its texts whose row numbers divide by the step."""

    numbering: RowNumbering
    column: str
    step: int

    def __call__(self, blobs: Iterator[Blob], /) -> Iterable[Blob]:
        """Draw from the parts that come."""
        for blob in blobs:
            drawn = [pl.DataFrame(schema={"at": pl.Int64, "text": pl.String})]
            for numbers, texts in _texts(blob, self.numbering, self.column):
                frame = pl.DataFrame({"at": numbers, "text": texts}).drop_nulls("text")
                drawn.append(frame.filter(pl.col("at") % self.step == 0))
            yield Blob(blob.slot, 0, pickle.dumps(pl.concat(drawn)))

    @staticmethod
    def joined(blobs: Sequence[Blob]) -> pl.Series:
        """Return the texts of all parts in row order."""
        frames: list[pl.DataFrame] = [
            pickle.loads(blob.data)  # noqa: S301 - our own tasks pickled it
            for blob in blobs
        ]
        return pl.concat(frames).sort("at")["text"].rechunk()


def _texts(
    blob: Blob, numbering: RowNumbering, column: str
) -> Iterator[tuple["np.ndarray[tuple[int], np.dtype[np.int64]]", pl.Series]]:
    """Yield row numbers and texts of a part."""
    part: Part = pickle.loads(blob.data)  # noqa: S301 - our own driver pickled it
    for frame in PartRows(part).batches(["id", column]):
        yield numbering.numbers(frame["id"].to_numpy()), frame[column]
