"""The values of one column of a batch: typed by polars, or decoded from JSON text.

Nested columns arrive in two ways (see `ftaudit.readers`): uniform ones as polars lists and
structs, all others as a String column of JSON text. `Cells` is either; what reads a record
format handles both and must make the same canonical rows of them.
"""

import re
from typing import Final, TypeAlias

import msgspec
import polars as pl
from msgspec import Struct, field

from ftaudit.records.content_parts import content_text

Json: TypeAlias = object
"""A decoded JSON value: None, bool, int, float, str, list, dict or `UnreadableCell`."""

Cells: TypeAlias = pl.Series | list[Json]
"""One value per row of the batch."""


class UnreadableCell(Struct, frozen=True):
    """A cell that is not JSON, and why. Holds none of its text."""

    rule: str
    reason: str


NESTED: Final = (pl.List, pl.Array, pl.Struct)

_DECODER: Final = msgspec.json.Decoder()
_PAIR: Final = r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
_SURROGATE: Final = re.compile(rf"({_PAIR}|\\[^u])|\\u[dD][89a-fA-F][0-9a-fA-F]{{2}}")
"""Escaped surrogates; group 1 matches whole pairs and other escapes, which stay. Linear time."""


class Raw(Struct, frozen=True, eq=False):
    """One batch of the user's columns. JSON text is decoded once, when asked for."""

    frame: pl.DataFrame
    json_columns: frozenset[str]
    _decoded: dict[str, list[Json]] = field(default_factory=dict)

    def __len__(self) -> int:
        return self.frame.height

    def index(self) -> pl.DataFrame:
        """Return a table of one column `row`: 0 to the number of rows, exclusive."""
        return pl.select(row=pl.int_range(0, len(self), dtype=pl.UInt32))

    def cells(self, column: str) -> Cells:
        """Return the column's values: decoded when it holds JSON text, else as they are."""
        return self.decoded(column) if column in self.json_columns else self.frame[column]

    def values(self, column: str) -> list[Json]:
        """Return the column's values as Python objects; JSON text is decoded."""
        cells = self.cells(column)
        return cells.to_list() if isinstance(cells, pl.Series) else cells

    def decoded(self, column: str) -> list[Json]:
        """Return the values of a String column of JSON text."""
        if column not in self._decoded:
            self._decoded[column] = [decode(text) for text in self.frame[column].cast(pl.String)]
        return self._decoded[column]


def decode(text: str | None) -> Json:
    """Decode JSON text; what is not JSON, or nested too deep, becomes `UnreadableCell`."""
    if text is None:
        return None
    try:
        return _DECODER.decode(text)
    except RecursionError:
        return UnreadableCell("malformed", "is nested too deep")
    except msgspec.DecodeError:
        whole = _SURROGATE.sub(r"\1", text)
        if whole != text and not isinstance(decode(whole), UnreadableCell):
            return UnreadableCell("lone_surrogate", "holds half of a surrogate pair")
        return UnreadableCell("malformed", "is not JSON")


def encode(value: Json) -> str:
    """Return compact JSON text of a decoded value."""
    return msgspec.json.encode(value).decode()


def member(cells: Cells, name: str) -> Cells:
    """Return one member of every object; null where there is none."""
    if not isinstance(cells, pl.Series):
        return [value.get(name) if isinstance(value, dict) else None for value in cells]
    if isinstance(cells.dtype, pl.Struct) and name in struct_fields(cells.dtype):
        return cells.struct.field(name)
    return pl.Series([None] * len(cells), dtype=pl.Null)


def struct_fields(dtype: pl.DataType) -> dict[str, pl.DataType]:
    """Return the fields of a Struct, or of the Structs in a List; none for other types."""
    if isinstance(dtype, pl.List | pl.Array):
        dtype = inner(dtype)
    if isinstance(dtype, pl.Struct):
        return {f.name: concrete(f.dtype) for f in dtype.fields}
    return {}


def inner(dtype: pl.List | pl.Array) -> pl.DataType:
    """Return the type of a list's elements."""
    return concrete(dtype.inner)


def concrete(dtype: object) -> pl.DataType:
    """Return an instance of a polars type that may be given as its class."""
    return dtype() if isinstance(dtype, type) else dtype  # type: ignore[return-value] # polars' own union


def scalar(dtype: pl.DataType) -> bool:
    """Tell whether values of the type can be shown as one text."""
    return not isinstance(dtype, (*NESTED, pl.Object, pl.Binary, pl.Duration))


def text_cells(cells: Cells) -> tuple[pl.Series, pl.Series]:
    """Read content: a string, or a list of strings or of parts `{"type": …, "text": …}`.

    Parts are joined by a line break; those without text are shown as `content_parts` does, such
    as `[image_url https://…]`.

    Returns:
        The text (null where there is none) and whether the value is of no such type.
    """
    if isinstance(cells, pl.Series):
        return _text_series(cells)
    pairs = [text_value(value) for value in cells]
    return (
        pl.Series([text for text, _ in pairs], dtype=pl.String),
        pl.Series([bad for _, bad in pairs], dtype=pl.Boolean),
    )


def text_value(value: Json) -> tuple[str | None, bool]:
    """Read the content of one turn as `text_cells` does."""
    if value is None or isinstance(value, str):
        return value, False
    if isinstance(value, list):
        parts = [content_text(v) for v in value]
        if value and all(part is None for part in parts):
            return _plain_json(value), True
        return "\n".join(p for p in parts if p is not None), None in parts
    return (None if isinstance(value, UnreadableCell) else encode(value)), True


def _plain_json(value: Json) -> str | None:
    try:
        return encode(value)
    except (TypeError, RecursionError, ValueError):
        return None


def as_string(cells: pl.Series) -> pl.Series:
    """Return values as strings: nested ones as JSON, bytes and what has no text as null."""
    if scalar(cells.dtype):
        return cells.cast(pl.String, strict=False)
    return text_cells(cells)[0]


def holds_bytes(dtype: pl.DataType) -> bool:
    """Tell whether values hold bytes, which polars cannot write as JSON."""
    if isinstance(dtype, pl.List | pl.Array):
        return holds_bytes(inner(dtype))
    if isinstance(dtype, pl.Struct):
        return any(holds_bytes(member) for member in struct_fields(dtype).values())
    return isinstance(dtype, pl.Binary | pl.Object)


def _encoded(cells: pl.Series) -> pl.Series:
    """Return objects as JSON text; null where there is none."""
    if holds_bytes(cells.dtype):
        texts = [None if value is None else encode(value) for value in cells]
        return pl.Series(texts, dtype=pl.String)
    # .struct.json_encode turns null structs into text: keep them null
    return pl.select(pl.when(cells.is_not_null()).then(cells.struct.json_encode())).to_series()


def _text_series(cells: pl.Series) -> tuple[pl.Series, pl.Series]:
    good = pl.repeat(value=False, n=len(cells), dtype=pl.Boolean, eager=True)
    dtype = cells.dtype
    if dtype == pl.String or dtype == pl.Null:  # noqa: PLR1714 - DataType hashes are per class
        return cells.cast(pl.String), good
    if isinstance(dtype, pl.List | pl.Array):
        return _text_lists(cells.cast(pl.List(inner(dtype))), inner(dtype), good)
    if isinstance(dtype, pl.Struct):
        return _encoded(cells), cells.is_not_null()
    if not scalar(dtype):
        return pl.Series([None] * len(cells), dtype=pl.String), cells.is_not_null()
    return cells.cast(pl.String), cells.is_not_null()


def _text_lists(
    cells: pl.Series, dtype: pl.DataType, good: pl.Series
) -> tuple[pl.Series, pl.Series]:
    members = struct_fields(dtype) if isinstance(dtype, pl.Struct) else {}
    if members.keys() - {"text", "type"}:
        pairs = [text_value(value) for value in cells.to_list()]
        return (
            pl.Series([text for text, _ in pairs], dtype=pl.String),
            pl.Series([bad for _, bad in pairs], dtype=pl.Boolean),
        )
    text_of: pl.Expr | None = None
    if dtype == pl.String:
        text_of = pl.element()
    elif members.get("text") == pl.String or members.get("type") == pl.String:
        text, kind = (
            pl.element().struct.field(n) if members.get(n) == pl.String else pl.lit(None, pl.String)
            for n in ("text", "type")
        )
        text_of = pl.coalesce(text, "[" + kind + "]")
    if text_of is None:
        empty = (cells.list.len() == 0).fill_null(value=False)
        blank = pl.select(pl.when(empty).then(pl.lit(""))).to_series()
        return blank, cells.is_not_null() & ~empty
    parts = cells.list.eval(text_of)
    bad = parts.list.eval(pl.element().is_null().any()).list.first().fill_null(value=False)
    return parts.list.join("\n", ignore_nulls=True), good | bad
