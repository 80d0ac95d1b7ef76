"""A digest of the rows a file holds, whatever way it stores them.

Two files have the same content root when they hold the same columns (in any order) with the same
cells in the same order of rows: compression, row groups, dictionary encoding, integer width and
the file format itself leave no trace. One changed cell, or two rows exchanged, changes it.
The format is specified in docs/reference/content-root.md, well enough to be written again.

A tree of hashes after RFC 6962, section 2.1, over chunks of 65,536 rows.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from collections.abc import Buffer  # type: ignore[attr-defined] # typeshed knows it from 3.12
    from hashlib import _Hash

    from polars._typing import PolarsDataType

PREFIX: Final = "ftaudit-rows-v1"
CHUNK: Final = 65_536
"""Rows under one leaf of the tree."""
PLACES: Final = frozenset({"__split", "__file", "__row"})
"""Columns a reader adds to say where a row is; they are no content."""

Type: TypeAlias = "str | list[Type]"
"""Canonical name of a column's type, as it is written into the header."""

_NAMES: Final[dict[type[pl.DataType], str]] = {
    pl.Null: "null",
    pl.Boolean: "bool",
    pl.String: "utf8",
    pl.Categorical: "utf8",
    pl.Enum: "utf8",
    pl.Binary: "binary",
    pl.Date: "date",
    pl.Time: "time",
    pl.Duration: "duration",
}


class ContentRoot:
    """Hash the rows of one file while they stream by. Batch boundaries carry no meaning."""

    def __init__(self) -> None:
        """Start with no rows; the first batch says which columns there are."""
        self._types: dict[str, Type | None] | None = None
        self._states: dict[str, list[_Hash]] = {}
        self._leaves: list[bytes] = []
        self._rows = 0
        self._filled = 0

    def update(self, batch: pl.DataFrame) -> None:
        """Add the next rows of the file, in their order.

        Args:
            batch: the user's own columns; `__split`, `__file` and `__row` are passed over.

        Raises:
            ValueError: the columns differ from those of the first batch.
        """
        batch = batch.drop(PLACES & set(batch.columns))
        schema = batch.schema  # read once: polars builds it anew for every look
        types = {name: describe(schema[name]) for name in sorted(schema)}
        if self._types is None:
            self._types = types
        elif types != self._types:
            msg = "the batches of one file have different columns"
            raise ValueError(msg)
        if None in types.values():
            return
        start = 0
        while start < batch.height:
            piece = batch.slice(start, CHUNK - self._filled)
            self._feed(piece)
            start += piece.height

    def root(self) -> str | None:
        """Return `ftaudit-rows-v1:` and 64 hexadecimal digits, of all rows so far.

        None when nothing was given, or when a column is of a type that has no canonical bytes
        (polars' Object and UInt128). More rows may follow.
        """
        if self._types is None or None in self._types.values():
            return None
        leaves = [*self._leaves, self._leaf()] if self._filled else self._leaves
        header = json.dumps(
            list(self._types.items()), ensure_ascii=False, separators=(",", ":")
        ).encode("utf-8", "surrogatepass")
        whole = hashlib.sha256(PREFIX.encode() + b"\0")
        whole.update(_u64(len(header)) + header + _u64(self._rows) + tree(leaves))
        return f"{PREFIX}:{whole.hexdigest()}"

    def _feed(self, piece: pl.DataFrame) -> None:
        """Hash rows that all belong to the current chunk."""
        for name in self._types or ():
            column = piece.get_column(name)
            if not self._filled:
                self._states[name] = []
            states = self._states[name]
            for i, stream in enumerate(_streams(column)):
                if i == len(states):
                    states.append(hashlib.sha256())
                states[i].update(stream)
        self._filled += piece.height
        self._rows += piece.height
        if self._filled == CHUNK:
            self._leaves.append(self._leaf())
            self._filled = 0

    def _leaf(self) -> bytes:
        columns = (
            hashlib.sha256(b"".join(state.digest() for state in self._states[name])).digest()
            for name in self._types or ()
        )
        return hashlib.sha256(b"\0" + _u64(self._filled) + b"".join(columns)).digest()


def content_root(batches: Iterable[pl.DataFrame]) -> str | None:
    """Return the content root of the rows in `batches`, as `ContentRoot.root` does."""
    content = ContentRoot()
    for batch in batches:
        content.update(batch)
    return content.root()


def tree(leaves: Sequence[bytes]) -> bytes:
    """Return the root of the hash tree: neighbours are paired, an odd one moves up as it is.

    The same tree as RFC 6962, section 2.1. Without leaves: SHA-256 of nothing.
    """
    level = list(leaves) or [hashlib.sha256().digest()]
    while len(level) > 1:
        pairs = [level[i : i + 2] for i in range(0, len(level), 2)]
        level = [
            hashlib.sha256(b"\1" + b"".join(pair)).digest() if len(pair) == 2 else pair[0]
            for pair in pairs
        ]
    return level[0]


def describe(dtype: pl.DataType) -> "Type | None":  # noqa: PLR0911 - one for each kind of type
    """Return the canonical name of a type, or None when it has no canonical bytes.

    Widths, units and the encoding of text leave no trace: every integer is `int`, every float
    `float`, categories are `utf8`, a fixed-size array is a list. Decimals keep their scale,
    timestamps whether they are instants (`utc`) or local.
    """
    match dtype:
        case pl.List() | pl.Array():
            inner = describe(_plain(dtype.inner))
            return None if inner is None else ["list", inner]
        case pl.Struct():
            fields = {field.name: describe(_plain(field.dtype)) for field in dtype.fields}
            described = [[name, t] for name, t in sorted(fields.items()) if t is not None]
            return ["struct", *described] if len(described) == len(fields) else None
        case pl.Decimal():
            return ["decimal", str(dtype.scale)]
        case pl.Datetime():
            return ["timestamp", "utc" if dtype.time_zone else "local"]
        case pl.UInt128():
            return None
        case _ if dtype.is_integer():
            return "int"
        case _ if dtype.is_float():
            return "float"
        case _:
            return _NAMES.get(type(dtype))


def _plain(dtype: "PolarsDataType") -> pl.DataType:
    return dtype if isinstance(dtype, pl.DataType) else dtype()


def _streams(column: pl.Series) -> Iterator["Buffer"]:
    """Yield the canonical bytes of a column, always as many streams for one type.

    First a byte per cell, 1 or 0 where it is null; then the cells that are not null. What lies
    under a null is therefore never seen.
    """
    valid = column.is_not_null()
    yield valid.cast(pl.UInt8).to_numpy()
    cells = column.filter(valid) if column.null_count() else column
    dtype = column.dtype
    match dtype:
        case pl.Null():
            return
        case pl.List() | pl.Array():
            yield from _list_streams(cells.arr.to_list() if dtype == pl.Array else cells)
        case pl.Struct():
            for name in sorted(field.name for field in dtype.fields):
                yield from _streams(cells.struct.field(name))
        case pl.Binary() | pl.String() | pl.Categorical() | pl.Enum():
            text = dtype in (pl.Categorical, pl.Enum)
            yield from _byte_streams(cells.cast(pl.String) if text else cells)
        case _:
            yield _words(cells)


def _list_streams(lists: pl.Series) -> Iterator["Buffer"]:
    lengths = lists.list.len()
    yield lengths.to_numpy().astype("<u8")
    yield from _streams(lists.filter(lengths > 0).explode())


def _byte_streams(cells: pl.Series) -> Iterator["Buffer"]:
    """Yield the length of every cell in bytes, then the bytes of all cells."""
    array = cells.to_arrow()
    _, offsets, data = array.buffers()
    if not len(array):
        yield from (b"", b"")
        return
    ends = np.frombuffer(offsets, "<i8", len(array) + 1, array.offset * 8)
    yield np.diff(ends)
    yield memoryview(data)[ends[0] : ends[-1]] if data is not None else b""


def _words(cells: pl.Series) -> "Buffer":  # noqa: PLR0911 - one for each kind of type
    """Return cells of a fixed width, one after the other."""
    match cells.dtype:
        case pl.Boolean():
            return cells.cast(pl.UInt8).to_numpy()
        case pl.Datetime(time_unit=unit) | pl.Duration(time_unit=unit):
            second = {"ms": 10**3, "us": 10**6, "ns": 10**9}[unit]
            ticks = cells.to_physical().to_numpy()
            return _pairs(ticks // second, ticks % second * (10**9 // second))
        case pl.Decimal():
            return _decimals(cells)
        case pl.Int128():
            return b"".join(value.to_bytes(16, "little", signed=True) for value in cells)
        case pl.UInt64():
            return _pairs(cells.to_numpy(), np.uint64(0))
        case pl.Float16() | pl.Float32() | pl.Float64():
            wide = cells.cast(pl.Float64).to_numpy()
            return np.where(np.isnan(wide), np.nan, wide).astype("<f8")
        case _:  # other integers, dates, times of day
            value = cells.to_physical().cast(pl.Int64).to_numpy()
            return _pairs(value, value >> 63)


def _pairs(low: np.ndarray, high: np.ndarray | np.generic) -> "Buffer":
    """Interleave two 8-byte words: an integer of 16 bytes, or seconds and nanoseconds."""
    words = np.empty((len(low), 2), "<i8")
    words[:, 0] = low.view("<i8")
    words[:, 1] = high
    return words


def _decimals(cells: pl.Series) -> "Buffer":
    """Return the unscaled values as integers of 16 bytes, which is how Arrow holds them."""
    array = cells.to_arrow()
    whole = memoryview(array.buffers()[1] or b"")
    return whole[array.offset * 16 : (array.offset + len(array)) * 16]


def _u64(number: int) -> bytes:
    return number.to_bytes(8, "little")
