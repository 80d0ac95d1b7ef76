"""What every task of a divided search knows: which texts, and how they are compared."""

import pickle
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import polars as pl
from msgspec import Struct

from ftaudit.model.blobs import Blob
from ftaudit.model.parts import Part, PlacedPart
from ftaudit.model.progress import Silent
from ftaudit.similarity.parameters import SimilarityOptions
from ftaudit.similarity.runtime.kernel_loader import load_kernels
from ftaudit.similarity.runtime.threads import ALONE
from ftaudit.similarity.search.search_task import SearchTask
from ftaudit.similarity.text.row_numbering import RowNumbering
from ftaudit.similarity.text.text_profile import TextProfile
from ftaudit.similarity.text.text_source import Boilerplate, TextSlice, TextSource

PART: Final = 0
"""Kind of a blob that is a part of the rows, pickled."""
SPAN: Final = 1
"""Of a blob with part number, first row and the row after the last."""
MOVED: Final = 3
"""Of a blob with rows, and the least row with the text of each, which is another."""
KEYS: Final = 4
"""Of a blob with hashes, rows and band keys of distinct texts."""
BANDS: Final = 5
"""Of a blob with keys and rows, band by band."""
BUCKETS: Final = 6
"""Of a blob with the rows in buckets, where each begins, and a digest of each."""
ASKED: Final = 7
"""Of a blob that asks a part for sets: slot, rows, and the group of each row."""
SETS: Final = 8
"""Of a blob with shingle sets: rows, groups, counts, values."""
EDGES: Final = 9
"""Of a blob with edges between rows."""
CROWD: Final = 10
"""Of a blob with the rows of a bucket that was cut short."""
NEAREST: Final = 11
"""Of a blob with rows and the nearest training row of each."""

_KERNELS: Final = (
    *("shingle_rows", "equal_keys", "bucket_walk", "minhash", "bitmaps"),
    "set_overlaps",
)
"""Kernels that the stages call: a cluster is for much data."""
MEMORY: Final = 1 << 40
"""Bytes that a task may hold: what comes to it is in memory anyway."""


class PartRows(Struct, frozen=True, eq=False):
    """The rows of one part."""

    part: Part

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        """Yield some columns of the rows."""
        for frame in self.part.frames():
            yield frame if columns is None else frame.select(columns)


class DividedTexts(Struct, frozen=True, eq=False):
    """Texts that are read part by part. Can be pickled."""

    numbering: RowNumbering
    column: str
    boilerplate: Boilerplate | None
    options: SimilarityOptions
    profile: TextProfile

    def slices(self, part: Part) -> Iterator[TextSlice]:
        """Yield the texts of a part."""
        source = TextSource(PartRows(part), self.numbering, self.column, self.boilerplate)
        return source.texts()

    def task(self) -> SearchTask:
        """Return what a stage needs to work on one thread, without the texts."""
        load_kernels(Silent(), *_KERNELS, steps=MEMORY)
        source = TextSource(_AbsentRows(), self.numbering, self.column)
        return SearchTask(source, self.options, self.profile, ALONE, Silent(), Path(), MEMORY)


class _AbsentRows:
    """The rows of a search that reads none: blobs come to it."""

    @staticmethod
    def batches(columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        del columns
        return iter(())


class NumberedPart(NamedTuple):
    """A part of the rows, pickled, in a slot of its own, and which rows it may have."""

    blob: Blob
    span: tuple[int, int]
    """Number of its first row, and of the row after its last."""


def numbered_part(number: int, part: Part, numbering: RowNumbering) -> NumberedPart:
    """Return a part of the rows for the slot of its number."""
    ends = part.row_ids() if isinstance(part, PlacedPart) else None
    span = (0, numbering.rows) if ends is None else numbering.span(*ends)
    return NumberedPart(Blob(number, PART, pickle.dumps(part)), span)


def packed_blob(slot: int, kind: int, *arrays: Any) -> Blob:  # noqa: ANN401 - arrays, lists of them
    """Return arrays as a blob."""
    return Blob(slot, kind, pickle.dumps(arrays, 5))


def unpacked(blobs: Iterable[Blob], *kinds: int) -> dict[int, list[Any]]:
    """Return what is in blobs of some kinds, by kind."""
    contents: dict[int, list[Any]] = {kind: [] for kind in kinds}
    for blob in blobs:
        if blob.kind in contents:
            contents[blob.kind].append(pickle.loads(blob.data))  # noqa: S301 - our own tasks pickled it
    return contents
