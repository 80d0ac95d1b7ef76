"""Read parquet through polars, from disk or from a store."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import polars as pl

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
from ftaudit.readers.data_source import data_file, numbered
from ftaudit.readers.decoded_size import (
    parquet_bytes,
    refuse_columns,
    refuse_expansion,
    refuse_long_cells,
)
from ftaudit.readers.file_digest import digest
from ftaudit.readers.origin import LocalFile, Origin
from ftaudit.readers.parquet_footer import key_values

BATCH_ROWS: Final = 50_000
BATCH_BYTES: Final = 32 << 20
"""A batch is the fewer of these. Results do not depend on them."""

_BATCH_MOST: Final = 1 << 30
"""Bytes that a batch takes even if all of its texts are as long as the longest one."""

_EXPANSION: Final = 4
"""How much larger than its file a table is taken to be in memory."""


@dataclass(frozen=True)
class ScannedSource:
    """A columnar file that polars scans lazily."""

    file: DataFile
    schema: pl.Schema
    origin: Origin
    scan: Callable[[str], pl.LazyFrame]
    json_columns: frozenset[str] = frozenset()
    memory: int = 0
    decoded: int = 0
    """Bytes its values take at most, where the file says so."""
    class_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        """Yield `__row` and the columns asked for."""
        names = list(self.schema) if columns is None else list(columns) or list(self.schema)[:1]
        rows = batch_rows(self.file.rows, self.file.bytes)
        if self.decoded > 0:  # a bound that takes every text for the longest one
            rows = min(rows, max(1, _BATCH_MOST * self.file.rows // self.decoded))
        local = self._sliceable(names)
        if local is None:
            yield from numbered(self._collected(names, rows), columns)
            return
        steps = ((start, rows) for start in range(0, self.file.rows, rows))
        slices = self._slices(local, names, steps)
        yield from numbered((part.read() for part in slices), columns)

    def parts(self, columns: Sequence[str], sizes: PartSizes) -> Iterator[Part]:
        """Yield the same in parts: slices of a local file; of any other what was read."""
        local = self._sliceable(columns)
        if local is None:
            return held_parts(self.batches(columns), sizes)
        return self._slices(local, columns, _steps(self.file.rows, self.memory, sizes))

    def _sliceable(self, names: Sequence[str]) -> LocalFile | None:
        """Return the file if rows can be read from its middle.

        Nothing is read ahead of a slow reader then, so that memory is a quarter of what
        `_collected` takes. Not from stores, where every slice is requests of its own, nor of
        nested columns, of which polars reads a row group from its beginning each time.
        """
        flat = names and not any(self.schema[name].is_nested() for name in names)
        return self.origin if flat and isinstance(self.origin, LocalFile) else None

    def _slices(
        self, local: LocalFile, names: Sequence[str], steps: Iterable[tuple[int, int]]
    ) -> "Iterator[Slice]":
        for start, rows in steps:
            upto = min(start + rows, self.file.rows)
            yield Slice(local, self.scan, tuple(names), start, upto - start)

    def _collected(self, names: Sequence[str], rows: int) -> Iterator[pl.DataFrame]:
        if isinstance(self.origin, LocalFile):
            self.origin.verify()
        return _collected(plain(self.scan(self.origin.address), names), rows, self.origin.user_path)


@dataclass(frozen=True)
class Slice:
    """Consecutive rows of a columnar file on disk."""

    origin: LocalFile
    scan: Callable[[str], pl.LazyFrame]
    names: tuple[str, ...]
    start: int
    rows: int

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
            lazy = plain(self.scan(self.origin.address), self.names)
            frame = lazy.slice(self.start, self.rows).collect(engine="streaming")
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
            raise broken(self.origin.user_path, "sound") from None
        if frame.height != self.rows:
            raise broken(self.origin.user_path, "sound")
        return frame


def _steps(total: int, memory: int, sizes: PartSizes) -> Iterator[tuple[int, int]]:
    """Yield first row and number of rows of the parts of a table; the last may overrun."""
    start, row_bytes = 0, max(1, memory // total)
    while start < total:
        rows = max(1, min(BATCH_ROWS, sizes.size() // row_bytes))
        yield start, rows
        sizes.take(rows * row_bytes)
        start += rows


def open_scanned(  # noqa: PLR0913 - one argument for each thing that differs between formats
    origin: Origin,
    name: str,
    split: str,
    advance: Callable[[int], None],
    *,
    scan: Callable[[str], pl.LazyFrame],
    format_: str,
    decoded: int = 0,
    metadata: Mapping[bytes, bytes] | None = None,
) -> ScannedSource:
    """Read a columnar file from end to end.

    `decoded` is how many bytes its values take, `metadata` what its writer says of it, where that
    is known.

    Raises:
        InputError: it is not of its format, not complete, or holds nothing.
    """
    read = digest(origin, advance)
    if not read.size:
        data_file(origin, name, split, read, rows=0)
    try:
        schema = scan(origin.address).collect_schema()
        expected = scan(origin.address).select(pl.len()).collect().item() if schema else 0
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
        raise broken(origin.user_path, format_) from None
    refuse_columns(origin.user_path, list(schema))
    refuse_types(origin.user_path, schema)
    file = data_file(origin, name, split, read, rows=expected)
    source = ScannedSource(
        file,
        plain_schema(schema),
        origin,
        scan,
        json_columns=json_text(schema),
        decoded=decoded,
        class_names=class_names(metadata),
    )
    rows = memory = 0
    for frame in source.batches():
        refuse_long_cells(origin.user_path, frame, rows)
        rows, memory = rows + frame.height, memory + int(frame.estimated_size())
        refuse_expansion(origin.user_path, memory, read.size)
    if rows != expected:
        raise broken(origin.user_path, format_)
    return replace(source, memory=memory)


def open_parquet(
    origin: Origin, name: str, split: str, advance: Callable[[int], None]
) -> ScannedSource:
    """Read a parquet file from end to end. Raises InputError as `open_scanned` does."""
    decoded, size = 0, origin.size or 0
    metadata: Mapping[bytes, bytes] = {}
    if isinstance(origin, LocalFile):
        with origin.open() as file:
            decoded = parquet_bytes(file, size)
            metadata = key_values(file, size)
        if (schema := arrow_schema(metadata)) is not None:
            refuse_arrow_types(origin.user_path, schema)
    refuse_expansion(origin.user_path, decoded, size)
    return open_scanned(
        origin,
        name,
        split,
        advance,
        scan=scan_parquet,
        format_="parquet",
        decoded=decoded,
        metadata=metadata,
    )


def scan_parquet(address: str) -> pl.LazyFrame:
    """Scan just this file: its name is no pattern, and its folders are no columns."""
    return pl.scan_parquet(address, glob=False, hive_partitioning=False)


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
