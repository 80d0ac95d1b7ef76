"""Tables already in memory: polars frames, lazy frames, and anything with an Arrow C stream.

A frame has no bytes of its own, so its digest is that of its content: the names and types of
its columns, then its rows as JSON Lines. Rows are the same however the frame is chunked.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

import polars as pl
from msgspec import Struct, field
from msgspec.structs import replace

from ftaudit.model.column_label import column_label, place_of
from ftaudit.model.dataset import DataFile
from ftaudit.model.errors import InputError
from ftaudit.model.parts import Part, PartSizes, held_parts
from ftaudit.readers.arrow_stream import ArrowStream
from ftaudit.readers.column_types import (
    class_names,
    holds_bytes,
    json_text,
    refuse_arrow_types,
    refuse_types,
    written,
)
from ftaudit.readers.data_source import numbered
from ftaudit.readers.parquet import BATCH_ROWS, plain, plain_schema

_SHOWN: Final = "frame"
_CONVERTED: Final = re.compile(r"Conversion failed for column (\S+) with type")


class FrameSource(Struct, frozen=True, eq=False):
    """A frame under audit."""

    file: DataFile
    schema: pl.Schema
    lazy: pl.LazyFrame
    json_columns: frozenset[str] = frozenset()
    memory: int = 0
    class_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        """Yield `__row` and the columns asked for."""
        names = list(self.schema) if columns is None else list(columns) or list(self.schema)[:1]
        yield from numbered(_collected(plain(self.lazy, names)), columns)

    def parts(self, columns: Sequence[str], sizes: PartSizes) -> Iterator[Part]:
        """Yield the same in parts, which hold their rows."""
        return held_parts(self.batches(columns), sizes)

    def renamed(self, name: str) -> "FrameSource":
        """Return the same frame under another name."""
        return replace(self, file=replace(self.file, name=name))


def open_frame(table: pl.DataFrame | pl.LazyFrame | ArrowStream, split: str) -> FrameSource:
    """Read a frame from end to end. Its name is `<split>-frame` until it is given another.

    A stream that can be read only once is gathered in memory; a lazy frame is not.

    Raises:
        InputError: it cannot be computed, holds nothing, or a column has no type that is read.
    """
    lazy = table if isinstance(table, pl.LazyFrame) else _whole(table).lazy()
    try:
        schema = plain_schema(lazy.collect_schema())
    except pl.exceptions.PolarsError as error:
        raise _failed(error) from None
    objects = [n for n, t in schema.items() if isinstance(t, (pl.Object, pl.Unknown))]
    if objects:
        problem = "holds Python objects, which have no type"
        raise InputError(_SHOWN, problem, place=f"column {objects[0]}", remedy="Cast or drop it")
    refuse_types(_SHOWN, lazy.collect_schema())
    sha256, rows, memory = _content(lazy, schema)
    if not rows:
        raise InputError(_SHOWN, "has no data rows", remedy="Give a frame with data")
    file = DataFile(f"{split}-frame", split, sha256, rows, 0)
    json_columns = json_text(lazy.collect_schema())
    names = _class_names(table)
    return FrameSource(file, schema, lazy, json_columns, memory, names)


def _class_names(table: object) -> Mapping[str, tuple[str, ...]]:
    """Return the names of classes that a table knows: a dataset's, or those of its metadata."""
    if (names := getattr(table, "class_names", None)) is not None:
        return dict(names)
    if isinstance(table, (pl.DataFrame, pl.LazyFrame)):
        return {}
    metadata = getattr(getattr(table, "schema", None), "metadata", None)
    return class_names(metadata) if isinstance(metadata, Mapping) else {}


def _whole(table: pl.DataFrame | ArrowStream) -> pl.DataFrame:
    if isinstance(table, pl.DataFrame):
        return table
    if isinstance(table, pl.Series):
        return table.to_frame()
    import pyarrow as pa

    try:
        # polars ends with a panic on types that it cannot hold: look at them first
        stream = pa.RecordBatchReader.from_stream(_with_index(table))
        refuse_arrow_types(_SHOWN, stream.schema)
        return _read_all(stream.read_all())
    except (pl.exceptions.PolarsError, pa.ArrowException, TypeError, ValueError) as error:
        problem = "does not hand out a table through the Arrow C stream interface"
        if (column := _column_of(error)) is not None:
            problem = "holds values of several types"
            place, remedy = f"column {column}", "Give the column one type, as with astype(str)"
            raise InputError(_SHOWN, problem, place=place, remedy=remedy) from None
        raise InputError(type(table).__name__, problem, remedy="Give a polars frame") from None


def _read_all(table: Any) -> pl.DataFrame:  # noqa: ANN401 - pyarrow has no types
    """Return an Arrow table as a frame, column by column where polars fails on the whole.

    Raises:
        InputError: names a column that cannot be read.
    """
    try:
        return pl.DataFrame(table)
    except pl.exceptions.PanicException:
        names = list(table.column_names)
        pairs = zip(names, table.columns, strict=True)
        return pl.DataFrame([_column(column, name, names) for name, column in pairs])


def _column(column: Any, name: str, names: Sequence[str]) -> pl.Series:  # noqa: ANN401 - as above
    with suppress(pl.exceptions.PanicException):
        return pl.Series(name, column)
    # polars fails on categories inside objects that are all null
    if column.null_count == len(column):
        return pl.Series(name, [None] * len(column), dtype=pl.Null)
    problem = "is of a type that cannot be read"
    remedy = "Cast it to another type, or drop it"
    raise InputError(_SHOWN, problem, place=place_of(name, names), remedy=remedy)


def _with_index(table: Any) -> Any:  # noqa: ANN401 - pandas is no dependency
    """Return a pandas frame with its named index as columns, which it does not hand out else.

    Raises:
        InputError: two of its columns have one name.
    """
    if type(table).__module__.partition(".")[0] != "pandas":
        return table
    names = list(map(str, getattr(table, "columns", ())))
    if double := sorted(name for name, times in Counter(names).items() if times > 1):
        label = column_label(double[0], names.index(double[0]) + 1)
        problem = f"has several columns called {label}"
        raise InputError(_SHOWN, problem, remedy="Give every column its own name")
    index = getattr(table, "index", None)
    named = any(name is not None for name in getattr(index, "names", ()))
    return table.reset_index() if named else table


def _column_of(error: Exception) -> str | None:
    """Return the column that pyarrow could not convert from Python objects."""
    match = _CONVERTED.search(str(error.args[-1]) if error.args else "")
    return column_label(match[1], 0) if match else None


def _content(lazy: pl.LazyFrame, schema: pl.Schema) -> tuple[str, int, int]:
    """Return the digest of the content, the number of rows and their bytes in memory."""
    hasher, rows, memory = hashlib.sha256(), 0, 0
    for name, dtype in schema.items():
        hasher.update(f"{len(name)}:{name}:{dtype!r}\n".encode())
    for frame in _collected(plain(lazy, list(schema))):
        rows, memory = rows + frame.height, memory + int(frame.estimated_size())
        hasher.update(frame.with_columns(_text(schema)).write_ndjson().encode())
    return hasher.hexdigest(), rows, memory


def _text(schema: pl.Schema) -> list[pl.Expr]:
    """Write bytes as hexadecimal digits, which JSON can hold."""
    return [written(pl.col(n), t).alias(n) for n, t in schema.items() if holds_bytes(t)]


def _collected(lazy: pl.LazyFrame) -> Iterator[pl.DataFrame]:
    try:
        for frame in lazy.collect_batches(chunk_size=BATCH_ROWS, maintain_order=True):
            if frame.height:
                yield frame
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        raise _failed(error) from None


def _failed(error: BaseException) -> InputError:
    problem = f"the lazy frame cannot be computed ({type(error).__name__})"
    return InputError(_SHOWN, problem, remedy="Collect it yourself to see why")
