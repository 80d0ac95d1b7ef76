"""Agree on one schema for all files, or say which columns and files do not fit."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TypeGuard

import polars as pl
from msgspec import Struct
from msgspec.structs import replace

from ftaudit.model.column_label import column_label, place_of
from ftaudit.model.dataset import TRAIN
from ftaudit.model.errors import InputError
from ftaudit.readers.data_source import RESERVED, TableSource
from ftaudit.readers.delimited import DelimitedSource

if TYPE_CHECKING:
    from ftaudit.readers.json_source import JsonSource


class Agreed(Struct, frozen=True):
    """Sources that fit together, and what they have in common."""

    sources: tuple[TableSource, ...]
    schema: pl.Schema
    json_columns: frozenset[str]


def is_json(source: TableSource) -> "TypeGuard[JsonSource]":
    """Say whether a source is a JSON file, without loading the readers of JSON for others."""
    module = sys.modules.get("ftaudit.readers.json_source")
    return module is not None and isinstance(source, module.JsonSource)


def agree(sources: Sequence[TableSource]) -> Agreed:
    """Find the columns of the training files and the types that hold the values of all files.

    Every training file must have the same columns, in any order. A validation or holdout file
    may have more, which are left out, or fewer, which are null there; but not both, since then a
    column is likely called something else, and would be compared with nothing.

    Types differ harmlessly when one is null, both are numbers, or one is an integer and the
    other text from csv. Inner objects of JSON files may have different keys. Columns of JSON
    files whose inner types clash are JSON text in all of them.

    Raises:
        InputError: columns or types do not fit.
    """
    for source in sources:
        _reserve(source)
    trained = [source for source in sources if source.file.split == TRAIN] or list(sources)
    first = trained[0]
    for source in sources:
        _same_columns(first, source, strict=source.file.split == TRAIN)
    schema, text = {}, set()
    for name in first.schema:
        holders = [source for source in sources if name in source.schema]
        dtype = _common_type(name, holders)
        schema[name] = dtype or pl.String()
        if dtype is None:
            text.add(name)
    common = Agreed((), pl.Schema(schema), frozenset(text))
    return replace(common, sources=tuple(_conform(source, common) for source in sources))


def _reserve(source: TableSource) -> None:
    if taken := sorted(RESERVED & set(source.schema)):
        problem = f"has a column called {taken[0]}, a name kept for ftaudit's own use"
        raise InputError(source.file.name, problem, remedy="Rename the column")


def _same_columns(first: TableSource, other: TableSource, *, strict: bool) -> None:
    missing = [name for name in first.schema if name not in other.schema]
    extra = [name for name in other.schema if name not in first.schema]
    if (missing and extra) or (strict and (missing or extra)):
        parts = [f"lacks {_listed(missing)}"] if missing else []
        parts += [f"has {_listed(extra)} besides"] if extra else []
        problem = f"its columns are not those of {first.file.name}: it {' and '.join(parts)}"
        raise InputError(
            other.file.name,
            problem,
            remedy="Give every file the same columns, or name the files to be read",
        )


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - 10} more" if len(names) > 10 else ""
    return ", ".join(column_label(name, i) for i, name in enumerate(names[:10], 1)) + more


def _common_type(name: str, holders: Sequence[TableSource]) -> pl.DataType | None:
    """Return the type for a column, or None for JSON text."""
    dtype: pl.DataType | None = pl.Null()
    for holder in holders:
        own = None if name in holder.json_columns else holder.schema[name]
        wide = None if own is None or dtype is None else widen(dtype, own)
        if wide is None and not _may_be_text(name, holders):
            wide = _as_csv_text(name, holders)
            if wide is None:
                raise _clash(name, holders)
        dtype = wide
    return dtype


def _may_be_text(name: str, holders: Sequence[TableSource]) -> bool:
    """Say whether the column can be JSON text in every file: all are JSON, of nested values."""
    return all(
        name in holder.json_columns
        or (is_json(holder) and (holder.schema[name].is_nested() or holder.schema[name] == pl.Null))
        for holder in holders
    )


def _as_csv_text(name: str, holders: Sequence[TableSource]) -> pl.DataType | None:
    """Return String when what is not text from csv are integers."""
    fits = all(
        isinstance(holder, DelimitedSource)
        or holder.schema[name].is_integer()
        or (holder.schema[name] == pl.String and name not in holder.json_columns)
        for holder in holders
    )
    return pl.String() if fits and any(isinstance(h, DelimitedSource) for h in holders) else None


def _clash(name: str, holders: Sequence[TableSource]) -> InputError:
    first: dict[str, str] = {}
    for holder in holders:
        type_name = (
            "JSON of several types" if name in holder.json_columns else _shown(holder.schema[name])
        )
        first.setdefault(type_name, holder.file.name)
    types = " and ".join(f"{dtype} in {file}" for dtype, file in first.items())
    problem = f"its type differs between files: {types}"
    return InputError(
        holders[-1].file.name,
        problem,
        place=place_of(name, list(holders[-1].schema)),
        remedy="Give it one type",
    )


def _shown(dtype: pl.DataType) -> str:
    return str(dtype) if not dtype.is_nested() else str(dtype.base_type())


def widen(left: pl.DataType, right: pl.DataType) -> pl.DataType | None:
    """Return the type that holds the values of both, or None."""
    if left == right or isinstance(right, pl.Null):
        return left
    if isinstance(left, pl.Null):
        return right
    if left.is_numeric() and right.is_numeric():
        return _wider_number(left, right)
    if isinstance(left, pl.List) and isinstance(right, pl.List):
        inner = widen(left.inner, right.inner)  # type: ignore[arg-type] # never a class in a schema
        return None if inner is None else pl.List(inner)
    if isinstance(left, pl.Struct) and isinstance(right, pl.Struct):
        return _widen_struct(left, right)
    return None


def _wider_number(left: pl.DataType, right: pl.DataType) -> pl.DataType | None:
    if left.is_decimal() or right.is_decimal():
        return None
    if left.is_float() or right.is_float():
        return pl.Float64()
    unsigned = left.is_unsigned_integer() and right.is_unsigned_integer()
    if not unsigned and pl.UInt64 in (left, right):
        return None
    return pl.UInt64() if unsigned else pl.Int64()


def _widen_struct(left: pl.Struct, right: pl.Struct) -> pl.Struct | None:
    fields: dict[str, pl.DataType | None] = {f.name: f.dtype for f in left.fields}  # type: ignore[misc] # never a class
    for f in right.fields:
        present = fields.get(f.name)
        fields[f.name] = widen(present, f.dtype) if present is not None else f.dtype  # type: ignore[arg-type,assignment] # never a class
    known_types = {name: dtype for name, dtype in fields.items() if dtype is not None}
    return pl.Struct(known_types) if len(known_types) == len(fields) else None


def _conform(source: TableSource, common: Agreed) -> TableSource:
    """Let a JSON file deliver the agreed types itself; other files are cast by `conformed`."""
    if not is_json(source):
        return source
    text = common.json_columns & set(source.schema)
    own = {
        name: dtype
        if common.schema.get(name) == pl.String and name not in text
        else common.schema.get(name, dtype)
        for name, dtype in source.schema.items()
    }
    return replace(source, schema=pl.Schema(own), json_columns=text | source.json_columns)


def conformed(
    own: Mapping[str, pl.DataType], schema: Mapping[str, pl.DataType]
) -> Iterator[pl.Expr]:
    """Yield the columns of `schema` in its types, null where those of a frame (`own`) lack them."""
    for name, dtype in schema.items():
        lacking = pl.lit(None, dtype).alias(name)
        yield _conformed(own[name], name, dtype) if name in own else lacking


def _conformed(own: pl.DataType, name: str, dtype: pl.DataType) -> pl.Expr:
    return pl.col(name) if own == dtype else _fill(pl.col(name), own, dtype)


def _fill(value: pl.Expr, own: pl.DataType, dtype: pl.DataType) -> pl.Expr:
    """Cast a value, giving structs the fields they lack, which a polars cast does not."""
    match own, dtype:
        case pl.List(), pl.List():
            inner = _fill(pl.element(), own.inner, dtype.inner)  # type: ignore[arg-type] # never a class
            return value.list.eval(inner)
        case pl.Struct(), pl.Struct():
            has = {f.name: f.dtype for f in own.fields}
            fields = [
                _fill(value.struct.field(f.name), has[f.name], f.dtype).alias(f.name)  # type: ignore[arg-type] # never a class
                if f.name in has
                else pl.lit(None, f.dtype).alias(f.name)
                for f in dtype.fields
            ]
            return pl.when(value.is_not_null()).then(pl.struct(fields))
        case _:
            return value.cast(dtype)
