"""Read parquet through polars, from disk or from a store."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from ftaudit.dataset import DataFile
from ftaudit.errors import InputError
from ftaudit.readers.digest import digest
from ftaudit.readers.origin import LocalFile, Origin
from ftaudit.readers.source import data_file, numbered

BATCH_ROWS: Final = 50_000
BATCH_BYTES: Final = 32 << 20
"""A batch is the fewer of these. Results do not depend on them."""

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

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        """Yield `__row` and the columns asked for."""
        if isinstance(self.origin, LocalFile):
            self.origin.verify()
        names = list(self.schema) if columns is None else list(columns) or list(self.schema)[:1]
        rows = batch_rows(self.file.rows, self.file.bytes)
        lazy = plain(self.scan(self.origin.address), names)
        flat = not any(self.schema[name].is_nested() for name in names)
        if flat and isinstance(self.origin, LocalFile):
            frames = _sliced(lazy, rows, self.origin.shown)
        else:
            frames = _collected(lazy, rows, self.origin.shown)
        yield from numbered(frames, columns)


def open_scanned(  # noqa: PLR0913 - one argument for each thing that differs between formats
    origin: Origin,
    name: str,
    split: str,
    advance: Callable[[int], None],
    *,
    scan: Callable[[str], pl.LazyFrame],
    format_: str,
) -> ScannedSource:
    """Read a columnar file from end to end.

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
        raise broken(origin.shown, format_) from None
    source = ScannedSource(
        data_file(origin, name, split, read, rows=expected), plain_schema(schema), origin, scan
    )
    if sum(frame.height for frame in source.batches()) != expected:
        raise broken(origin.shown, format_)
    return source


def open_parquet(
    origin: Origin, name: str, split: str, advance: Callable[[int], None]
) -> ScannedSource:
    """Read a parquet file from end to end. Raises InputError as `open_scanned` does."""
    return open_scanned(origin, name, split, advance, scan=scan_parquet, format_="parquet")


def scan_parquet(address: str) -> pl.LazyFrame:
    """Scan just this file: its name is no pattern, and its folders are no columns."""
    return pl.scan_parquet(address, glob=False, hive_partitioning=False)


def batch_rows(rows: int, size: int) -> int:
    """Return how many rows a batch may have, for a file of so many rows and bytes."""
    each = max(1, size * _EXPANSION // max(1, rows))
    return max(64, min(BATCH_ROWS, BATCH_BYTES // each))


def plain_schema(schema: pl.Schema) -> pl.Schema:
    """Return the types in which columns are delivered: categories as their text."""
    return pl.Schema({n: pl.String() if _is_category(t) else t for n, t in schema.items()})


def plain(lazy: pl.LazyFrame, names: Sequence[str]) -> pl.LazyFrame:
    """Select columns, categories as their text."""
    schema = lazy.collect_schema()
    return lazy.select(
        pl.col(n).cast(pl.String) if _is_category(schema[n]) else pl.col(n) for n in names
    )


def broken(shown: str, format_: str) -> InputError:
    """Say that a file is not what its extension says."""
    what = f"is not a complete {format_} file"
    return InputError(shown, what, remedy="Write or copy it again; its end may be missing")


def _is_category(dtype: pl.DataType) -> bool:
    return isinstance(dtype, (pl.Categorical, pl.Enum))


def _sliced(lazy: pl.LazyFrame, rows: int, shown: str) -> Iterator[pl.DataFrame]:
    """Read slice by slice, until one is not full.

    Nothing is read ahead of a slow reader, so that memory is a quarter of what `_collected`
    takes. Not for stores, where every slice is requests of its own, nor for nested columns, of
    which polars reads a row group from its beginning each time.
    """
    start = 0
    while True:
        try:
            frame = lazy.slice(start, rows).collect(engine="streaming")
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
            raise broken(shown, "sound") from None
        if frame.height:
            yield frame
        if frame.height < rows:
            return
        start += rows


def _collected(lazy: pl.LazyFrame, rows: int, shown: str) -> Iterator[pl.DataFrame]:
    try:
        for frame in lazy.collect_batches(chunk_size=rows, maintain_order=True):
            if frame.height:
                yield frame
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
        raise broken(shown, "sound") from None
