"""Every string of a record with its path: what searches for personal data and secrets read."""

from collections.abc import Iterator, Sequence
from typing import Final

import polars as pl

from ftaudit.model.dataset import FIELD
from ftaudit.records.cell_values import Cells, Json, Raw, inner, scalar, struct_fields
from ftaudit.records.dialect import OPENAI, SHAREGPT

LEAVES: Final = pl.Schema(
    {"row": pl.UInt32, "order": pl.UInt64, "path": pl.String, "text": pl.String}
)
"""One string: the row's index in the batch, its order in the record, path and text."""

_TAGS: Final = frozenset({"role", "from"})
_ROLES: Final = OPENAI.roles | SHAREGPT.roles
"""Known roles are words of the format, not of the data: they are no leaves."""

_COLUMN: Final = 48
_LISTS: Final = ((22, 18), (4, 10))
_FIELDS: Final = ((40, 8), (14, 8), (0, 4))
"""Shift and width in bits, in `order`, of the place in a list and in a struct, by depth.

Places too large or too deep for them share an order and keep the order in which they are met."""


def leaves(raw: Raw, columns: Sequence[str] | None = None) -> pl.DataFrame:
    """Return the strings of the columns (all but `__…` by default) as `LEAVES`, in order.

    Numbers and dates in columns of their own count too, as text: telephone numbers and
    account numbers are often stored so. Empty strings, booleans and lists of numbers do not.
    """
    names = columns or [name for name in raw.frame.columns if not name.startswith("__")]
    tables = [
        leaf
        for number, name in enumerate(names)
        for leaf in _cells_leaves(raw.cells(name), name, number << _COLUMN)
    ]
    if not tables:
        return LEAVES.to_frame()
    return pl.concat(tables).sort("row", "order", maintain_order=True)


def fields(raw: Raw) -> pl.Series:
    """Return every string of each record as a list of `dataset.FIELD`."""
    listed = leaves(raw).group_by("row", maintain_order=True).agg(fields=pl.struct("path", "text"))
    rows = raw.index().join(listed, on="row", how="left", maintain_order="left")
    return rows["fields"].cast(pl.List(FIELD)).fill_null([])


def _cells_leaves(cells: Cells, path: str, base: int) -> Iterator[pl.DataFrame]:
    if not isinstance(cells, pl.Series):
        yield _json_leaves(cells, path, base)
        return
    frame = pl.DataFrame({"value": cells}).with_row_index("row")
    frame = frame.with_columns(path=pl.lit(path), order=pl.lit(base, pl.UInt64))
    yield from _walk(frame, 0)


def _walk(frame: pl.DataFrame, depth: int) -> Iterator[pl.DataFrame]:
    """Yield the leaves under `value`, whatever its type."""
    dtype = frame["value"].dtype
    if isinstance(dtype, pl.List | pl.Array):
        element = inner(dtype)
        if element.is_numeric() or element == pl.Boolean:
            return
        yield from _walk(_elements(frame, element, depth), depth + 1)
    elif isinstance(dtype, pl.Struct):
        for number, name in enumerate(struct_fields(dtype)):
            yield from _walk(_field(frame, name, _placed(number, _FIELDS, depth)), depth)
    elif scalar(dtype) and dtype != pl.Boolean:
        yield _texts(frame)


def _elements(frame: pl.DataFrame, element: pl.DataType, depth: int) -> pl.DataFrame:
    lists = pl.col("value").cast(pl.List(element))
    shift, width = _LISTS[depth] if depth < len(_LISTS) else (0, 0)
    place = pl.min_horizontal("index", (1 << width) - 1).cast(pl.UInt64) * (1 << shift)
    index = pl.int_ranges(0, pl.col("value").list.len().fill_null(0), dtype=pl.UInt32)
    flat = frame.with_columns(value=lists).with_columns(index=index)
    flat = flat.explode("value", "index", empty_as_null=False, keep_nulls=False)
    return flat.select(
        "row",
        "value",
        path=pl.concat_str("path", pl.lit("["), "index", pl.lit("]")),
        order=pl.col("order") + place,
    )


def _field(frame: pl.DataFrame, name: str, step: int) -> pl.DataFrame:
    member = frame["value"].struct.field(name)
    inside = frame.select(
        "row",
        member.alias("value"),
        path=pl.concat_str("path", pl.lit(f".{name}")),
        order=pl.col("order") + pl.lit(step, pl.UInt64),
    )
    if name in _TAGS and member.dtype == pl.String:
        return inside.filter(~pl.col("value").is_in(sorted(_ROLES)))
    return inside


def _placed(number: int, slots: Sequence[tuple[int, int]], depth: int) -> int:
    shift, width = slots[depth] if depth < len(slots) else (0, 0)
    return min(number, (1 << width) - 1) << shift


def _texts(frame: pl.DataFrame) -> pl.DataFrame:
    value = pl.col("value")
    if frame["value"].dtype.is_float():
        whole = (value == value.round()) & (value.abs() < 1 << 53)
        value = (
            pl.when(whole)
            .then(value.cast(pl.Int64, strict=False).cast(pl.String))
            .otherwise(value.cast(pl.String))
        )
    named = frame.select("row", "order", "path", text=value.cast(pl.String))  # as in `LEAVES`
    return named.filter(pl.col("text") != "")


def _json_leaves(values: Sequence[Json], path: str, base: int) -> pl.DataFrame:
    rows: list[tuple[int, int, str, str]] = []
    for row, value in enumerate(values):
        for number, (at, text) in enumerate(_visit(value, path)):
            rows.append((row, base + number, at, text))
    return pl.DataFrame(rows, schema=LEAVES, orient="row")


def strings_of(value: Json) -> Iterator[str]:
    """Yield the strings of one value, as `leaves` has them."""
    return (text for _, text in _visit(value, ""))


def _visit(value: Json, path: str) -> Iterator[tuple[str, str]]:
    """Yield path and text of every leaf. Depth is bounded by the JSON decoder's own limit."""
    stack: list[tuple[Json, str, str]] = [(value, path, "")]
    while stack:
        item, at, key = stack.pop()
        if isinstance(item, str):
            if item and not (key in _TAGS and item in _ROLES):
                yield at, item
        elif isinstance(item, dict):
            stack.extend((v, f"{at}.{k}", k) for k, v in reversed(item.items()))
        elif isinstance(item, list):
            if not all(v is None or isinstance(v, int | float) for v in item):
                stack.extend((v, f"{at}[{i}]", "") for i, v in reversed(list(enumerate(item))))
        elif isinstance(item, int | float) and not isinstance(item, bool):
            yield at, str(int(item)) if item == item // 1 and abs(item) < 1 << 53 else str(item)
