"""What every reader gives: one file, or one frame, that can be read any number of times."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, Protocol

import numpy as np
import polars as pl
from msgspec import Struct

from ftaudit.model.dataset import DataFile, LineMap
from ftaudit.model.errors import InputError
from ftaudit.model.parts import Part, PartSizes
from ftaudit.readers.origin import Origin

SPLIT: Final = "__split"
FILE: Final = "__file"
ROW: Final = "__row"
RESERVED: Final = frozenset({SPLIT, FILE, ROW})
"""Columns that readers put before the user's own, which may not bear these names."""


_NUMBERS: Final = 1 << 18
"""Rows of a batch that has their numbers alone."""


class TableSource(Protocol):
    """One file of the data, already read once from end to end and known to be well-formed."""

    @property
    def file(self) -> DataFile:
        """What the file is called, its split, digest and rows."""

    @property
    def schema(self) -> pl.Schema:
        """The user's columns and their types."""

    @property
    def json_columns(self) -> frozenset[str]:
        """String columns that hold the JSON text of values that have no one type."""

    @property
    def class_names(self) -> Mapping[str, tuple[str, ...]]:
        """Column of class numbers → the names of the classes, where the file says so."""

    @property
    def memory(self) -> int:
        """Bytes that its columns would take in memory, about."""

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        """Yield `__row` (UInt64, the 0-based data row), then the user's columns asked for.

        Raises:
            InputError: the file changed, or cannot be read any more.
        """

    def parts(self, columns: Sequence[str], sizes: PartSizes) -> Iterator[Part]:
        """Yield the same in parts: read by themselves where that can be, else held."""


def numbered(
    frames: Iterable[pl.DataFrame], columns: Sequence[str] | None = None, first: int = 0
) -> Iterator[pl.DataFrame]:
    """Put `__row` before every frame and count on; drop columns that were not asked for."""
    done = first
    for frame in frames:
        row = pl.Series(ROW, np.arange(done, done + frame.height, dtype=np.uint64))
        done += frame.height
        names = frame.columns if columns is None else columns
        yield pl.DataFrame({ROW: row} | {name: frame[name] for name in names})


class RowNumbers(Struct, frozen=True):
    """A part of a file of which no column is asked for, so that it need not be read."""

    row_range: range

    def frames(self) -> Iterator[pl.DataFrame]:
        """Yield `__row` alone."""
        rows = self.row_range
        for start in range(rows.start, rows.stop, _NUMBERS):
            numbers = np.arange(start, min(start + _NUMBERS, rows.stop), dtype=np.uint64)
            yield pl.DataFrame({ROW: numbers})


def row_numbers(rows: int) -> Iterator[pl.DataFrame]:
    """Yield `__row` alone, of a file of so many rows."""
    return RowNumbers(range(rows)).frames()


def number_parts(rows: int, sizes: PartSizes) -> Iterator[Part]:
    """Yield the same in parts."""
    start, row_bytes = 0, np.dtype(np.uint64).itemsize
    while start < rows:
        after = min(rows, start + max(1, sizes.size() // row_bytes))
        yield RowNumbers(range(start, after))
        sizes.take((after - start) * row_bytes)
        start = after


class Read(Protocol):
    """What is known of a file's own bytes once they were read."""

    @property
    def sha256(self) -> str:
        """BytesDigest of the bytes."""

    @property
    def size(self) -> int:
        """How many there were."""


def data_file(  # noqa: PLR0913 - the fields of a DataFile, and where they come from
    origin: Origin, name: str, split: str, read: Read, *, rows: int, lines: LineMap | None = None
) -> DataFile:
    """Describe a file that was read to its end.

    Raises:
        InputError: it holds nothing.
    """
    if not read.size:
        raise InputError(origin.user_path, "is empty (0 bytes)", remedy="Give a file with data")
    if not rows:
        raise InputError(origin.user_path, "has no data rows", remedy="Give a file with data")
    return DataFile(name, split, read.sha256, rows, read.size, lines)
