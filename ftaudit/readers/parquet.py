"""Read parquet through polars, from disk or parts of it from a store."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

import polars as pl
from msgspec import Struct, field
from msgspec.structs import replace

from ftaudit.model.dataset import DataFile
from ftaudit.model.errors import InputError
from ftaudit.model.parts import Part, PartSizes, held_parts
from ftaudit.readers.column_types import (
    arrow_schema,
    class_names,
    delivered,
    delivered_type,
    json_text,
    refuse_arrow_types,
    refuse_types,
)
from ftaudit.readers.content_root import ContentRoot
from ftaudit.readers.data_source import data_file, number_parts, numbered, row_numbers
from ftaudit.readers.decoded_size import (
    parquet_bytes,
    refuse_columns,
    refuse_expansion,
    refuse_long_cells,
)
from ftaudit.readers.file_digest import BytesDigest, digest
from ftaudit.readers.origin import LocalFile, Origin
from ftaudit.readers.panic_text import without_panic_text
from ftaudit.readers.parquet_footer import group_rows, key_values
from ftaudit.readers.read_ahead import read_ahead
from ftaudit.readers.remote import reader_options
from ftaudit.readers.stretches import grouped

BATCH_ROWS: Final = 50_000
BATCH_BYTES: Final = 32 << 20
"""A batch is the fewer of these. Results do not depend on them."""

_BATCH_MOST: Final = 1 << 30
"""Bytes that a batch takes even if all of its texts are as long as the longest one."""

_EXPANSION: Final = 4
"""How much larger than its file a table is taken to be in memory."""


class ScannedSource(Struct, frozen=True):
    """A columnar file that polars scans lazily."""

    file: DataFile
    schema: pl.Schema
    origin: Origin
    json_columns: frozenset[str] = frozenset()
    memory: int = 0
    decoded: int = 0
    """Bytes its values take at most, where the file says so."""
    groups: tuple[int, ...] = ()
    """Rows of each row group, where the file says so."""
    class_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    content_root: str | None = None
    """Of all rows, as they were when they were first read."""

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        """Yield `__row` and the columns asked for."""
        if columns is not None and not columns:
            yield from row_numbers(self.file.rows)
            return
        names = list(self.schema) if columns is None else list(columns)
        rows = batch_rows(self.file.rows, self.file.bytes)
        if self.decoded > 0:  # a bound that takes every text for the longest one
            rows = min(rows, max(1, _BATCH_MOST * self.file.rows // self.decoded))
        if not self._sliceable(names):
            yield from numbered(self._collected(names, rows), columns)
            return
        steps = ((start, rows) for start in range(0, self.file.rows, rows))
        slices = self._slices(names, steps)
        yield from numbered((part.read() for part in slices), columns)

    def parts(self, columns: Sequence[str], sizes: PartSizes) -> Iterator[Part]:
        """Yield the same in parts: slices, or else what was read."""
        if not columns:
            return number_parts(self.file.rows, sizes)
        if self._sliceable(columns):
            least = 0 if isinstance(self.origin, LocalFile) else PartSizes.most
            return self._slices(columns, _steps(self.file.rows, self.memory, sizes, least))
        row_bytes = max(1, self.memory // self.file.rows)
        if not self.groups or max(self.groups) * row_bytes > sizes.group:
            return held_parts(self.batches(columns), sizes)
        return self._slices(columns, _whole_groups(self.groups, row_bytes, sizes))

    def _sliceable(self, names: Sequence[str]) -> bool:
        """Return whether rows can be read from the middle.

        Nothing is read ahead of a slow reader then, so that memory is a quarter of what
        `_collected` takes. Not of nested columns, of which polars reads a row group from its
        beginning each time.
        """
        return bool(names) and not any(self.schema[name].is_nested() for name in names)

    def _slices(self, names: Sequence[str], steps: Iterable[tuple[int, int]]) -> "Iterator[Slice]":
        for start, rows in steps:
            upto = min(start + rows, self.file.rows)
            yield Slice(self.origin, tuple(names), start, upto - start)

    def _collected(self, names: Sequence[str], rows: int) -> Iterator[pl.DataFrame]:
        self.origin.verify()
        lazy = plain(scan_parquet(self.origin.address), names)
        return _collected(lazy, rows, self.origin.user_path)


class Slice(Struct, frozen=True):
    """Consecutive rows of a columnar file."""

    origin: Origin
    names: tuple[str, ...]
    start: int
    rows: int

    @property
    def row_range(self) -> range:
        """Return which rows of the file they are."""
        return range(self.start, self.start + self.rows)

    def frames(self) -> Iterator[pl.DataFrame]:
        """Yield `__row` and the columns, in one frame."""
        return numbered([self.read()], first=self.start)

    def read(self) -> pl.DataFrame:
        """Return the columns.

        Raises:
            InputError: the file changed, or cannot be read any more.
        """
        self.origin.verify()
        try:
            lazy = plain(scan_parquet(self.origin.address), self.names)
            frame = lazy.slice(self.start, self.rows).collect(engine="streaming")
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
            raise broken(self.origin.user_path, "sound") from None
        if frame.height != self.rows:
            raise broken(self.origin.user_path, "sound")
        return frame


def _steps(total: int, memory: int, sizes: PartSizes, least: int) -> Iterator[tuple[int, int]]:
    """Yield first row and number of rows of the parts of a table; the last may overrun.

    A part has `least` bytes or more: a store takes as long to answer for fewer.
    """
    start, row_bytes = 0, max(1, memory // total)
    while start < total:
        rows = max(1, min(BATCH_ROWS, max(least, sizes.size()) // row_bytes))
        yield start, rows
        sizes.take(rows * row_bytes)
        start += rows


def _whole_groups(
    groups: Sequence[int], row_bytes: int, sizes: PartSizes
) -> Iterator[tuple[int, int]]:
    """Yield first row and number of rows of parts that are whole row groups."""
    start = 0
    for first, after in grouped([rows * row_bytes for rows in groups], sizes):
        rows = sum(groups[first:after])
        yield start, rows
        start += rows


def open_parquet(
    origin: LocalFile, name: str, split: str, advance: Callable[[int], None]
) -> ScannedSource:
    """Read a parquet file from end to end.

    Raises:
        InputError: it is not one, not complete, or holds nothing.
    """
    with origin.open() as file:
        metadata = key_values(file, origin.size)
        if (written := arrow_schema(metadata)) is not None:
            refuse_arrow_types(origin.user_path, written)
        decoded = parquet_bytes(file, origin.size)
        groups = group_rows(file, origin.size)
    refuse_expansion(origin.user_path, decoded, origin.size)
    read = digest(origin, advance)
    if not read.size:
        data_file(origin, name, split, read, rows=0)
    with without_panic_text():
        source = _surveyed(origin, name, split, read, metadata, decoded)
    return replace(source, groups=groups if sum(groups) == source.file.rows else ())


def _surveyed(  # noqa: PLR0913, PLR0917 - what `open_parquet` learned of the file
    origin: LocalFile,
    name: str,
    split: str,
    read: BytesDigest,
    metadata: Mapping[bytes, bytes],
    decoded: int,
) -> ScannedSource:
    """Read every row once.

    Raises:
        InputError: the file is not sound.
    """
    try:
        schema = scan_parquet(origin.address).collect_schema()
        rows = scan_parquet(origin.address).select(pl.len()).collect().item() if schema else 0
    except pl.exceptions.DuplicateError:
        problem, remedy = "has several columns of one name", "Give every column its own name"
        raise InputError(origin.user_path, problem, remedy=remedy) from None
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
        raise broken(origin.user_path, "parquet") from None
    refuse_columns(origin.user_path, list(schema))
    refuse_types(origin.user_path, schema)
    source = ScannedSource(
        data_file(origin, name, split, read, rows=rows),
        plain_schema(schema),
        origin,
        json_columns=json_text(schema),
        decoded=decoded,
        class_names=class_names(metadata),
    )
    memory, root = _read_whole(source)
    return replace(source, memory=memory, content_root=root)


def _read_whole(source: ScannedSource) -> tuple[int, str | None]:
    """Read all rows, and return the bytes they take in memory and their content root.

    Raises:
        InputError: a cell is too long, the file becomes too large, or rows are missing.
    """
    user_path = source.origin.user_path
    rows = memory = 0
    content = ContentRoot()
    for frame in read_ahead(source.batches()):
        refuse_long_cells(user_path, frame, rows)
        rows, memory = rows + frame.height, memory + int(frame.estimated_size())
        refuse_expansion(user_path, memory, source.file.bytes)
        content.update(frame)
    if rows != source.file.rows:
        raise broken(user_path, "parquet")
    return memory, content.root()


def scan_parquet(address: str) -> pl.LazyFrame:
    """Scan just this file: its name is no pattern, and its folders are no columns."""
    options = reader_options(address)
    return pl.scan_parquet(address, glob=False, hive_partitioning=False, storage_options=options)


def batch_rows(rows: int, size: int) -> int:
    """Return how many rows a batch may have, for a file of so many rows and bytes."""
    row_bytes = max(1, size * _EXPANSION // max(1, rows))
    return max(64, min(BATCH_ROWS, BATCH_BYTES // row_bytes))


def plain_schema(schema: pl.Schema) -> pl.Schema:
    """Return the types in which columns are delivered (`column_types`), those that are read."""
    return pl.Schema({n: delivered_type(t) or t for n, t in schema.items()})


def plain(lazy: pl.LazyFrame, names: Sequence[str]) -> pl.LazyFrame:
    """Select columns, in the types in which they are delivered."""
    schema = lazy.collect_schema()
    return lazy.select(delivered(pl.col(n), schema[n]).alias(n) for n in names)


def broken(user_path: str, format_: str) -> InputError:
    """Say that a file is not what its extension says."""
    problem = f"is not a complete {format_} file"
    return InputError(user_path, problem, remedy="Write or copy it again; its end may be missing")


def _collected(lazy: pl.LazyFrame, rows: int, user_path: str) -> Iterator[pl.DataFrame]:
    try:
        for frame in lazy.collect_batches(chunk_size=rows, maintain_order=True):
            if frame.height:
                yield frame
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
        raise broken(user_path, "sound") from None
