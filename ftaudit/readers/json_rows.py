"""Turn JSON records, proved well-formed by `json_survey`, into frames."""

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

import msgspec
import polars as pl
from msgspec import Struct

from ftaudit.readers.json_shape import record_type
from ftaudit.readers.json_survey import Record


class JsonRows(Struct, frozen=True):
    """Builds frames of some columns.

    A key that occurs twice counts where it occurs last, as in Python's json and in JavaScript;
    polars' own reader takes the first, and turns lone surrogates into NUL: hence msgspec.
    """

    schema: pl.Schema
    """The columns to read, and their types."""
    text: frozenset[str]
    """Those of them that are delivered as JSON text."""

    def frame(self, records: Sequence[Record]) -> pl.DataFrame:
        """Return one row per record."""
        cells = self._cells(records)
        columns = zip(self.schema, cells, strict=True)
        return pl.DataFrame({name: self._series(name, column) for name, column in columns})

    def _cells(self, records: Sequence[Record]) -> list[list[Any]]:
        try:
            decode = self._decoder().decode
        except ValueError:
            rows = [msgspec.json.decode(record) for record in records]
            return [[row.get(name) for row in rows] for name in self.schema]
        decoded = [decode(record) for record in records]
        return [list(map(attrgetter(f"f{i}"), decoded)) for i in range(len(self.schema))]

    def _decoder(self) -> msgspec.json.Decoder[Any]:
        fields = {n: Any if n in self.text else _type(t) for n, t in self.schema.items()}
        return msgspec.json.Decoder(record_type(fields, strict=False))

    def _series(self, name: str, cells: list[Any]) -> pl.Series:
        dtype = self.schema[name]
        if name in self.text or dtype.is_nested():
            texts = pl.Series(name, [_compact(cell) for cell in cells], dtype=pl.String)
            return texts if name in self.text else texts.str.json_decode(dtype)
        if dtype.is_float():
            cells = [None if cell is None else float(cell) for cell in cells]
        return pl.Series(name, cells, dtype=dtype)


def _compact(cell: object) -> str | None:
    return None if cell is None else msgspec.json.encode(cell).decode()


def _type(dtype: pl.DataType) -> Any:  # noqa: ANN401 - a type made at run time
    """Return the type msgspec decodes a cell of `dtype` into."""
    match dtype:
        case pl.List(inner=inner):
            return list[_type(inner)] | None  # type: ignore[misc,arg-type] # made at run time
        case pl.Struct(fields=fields):
            return record_type({f.name: _type(f.dtype) for f in fields}, strict=False) | None  # type: ignore[arg-type] # a type in a schema is never a class
        case pl.String():
            return str | None
        case _:
            return Any
