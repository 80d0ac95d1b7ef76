"""Tables already in memory: polars frames, lazy frames, and anything with an Arrow C stream.

A frame has no bytes of its own, so its digest is that of its content: the names and types of
its columns, then its rows as JSON Lines. Rows are the same however the frame is chunked.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Protocol, runtime_checkable

import polars as pl

from ftaudit.model.dataset import DataFile
from ftaudit.model.errors import InputError
from ftaudit.model.parts import Part, PartSizes, held_parts
from ftaudit.readers.column_types import class_names, json_text, refuse_types
from ftaudit.readers.data_source import numbered
from ftaudit.readers.parquet import BATCH_ROWS, plain, plain_schema

_SHOWN: Final = "frame"


@runtime_checkable
class ArrowStream(Protocol):
    """Anything that hands out its rows through the Arrow C stream interface."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Return a capsule named `arrow_array_stream`."""


@dataclass(frozen=True, eq=False)
class FrameSource:
    """A frame under audit."""

    file: DataFile
    schema: pl.Schema
    lazy: pl.LazyFrame = field(repr=False)
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
    try:
        return table if isinstance(table, pl.DataFrame) else pl.DataFrame(table)
    except (pl.exceptions.PolarsError, TypeError, ValueError):
        problem = "does not hand out a table through the Arrow C stream interface"
        raise InputError(type(table).__name__, problem, remedy="Give a polars frame") from None


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
    return [pl.col(n).bin.encode("hex") for n, t in schema.items() if isinstance(t, pl.Binary)]


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
