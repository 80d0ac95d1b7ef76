"""The types of columns: which are delivered as they are, which otherwise, which not at all."""

import base64
import binascii
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

import polars as pl

from ftaudit.model.column_label import column_label
from ftaudit.model.errors import InputError
from ftaudit.readers.decoded_size import refuse_columns

MOST_DIGITS: Final = 38
"""Digits of the largest decimal that is read: those of 128 bits."""
JSON_EXTENSION: Final = "arrow.json"
"""Name of Arrow's extension type for JSON text.
Source: https://arrow.apache.org/docs/format/CanonicalExtensions.html."""

_REMEDY: Final = "Cast it to another type, or drop it, and write the file again"
_UNREAD: Final = (
    *("list_view", "large_list_view", "decimal256", "run_end_encoded", "dense_union"),
    *("sparse_union", "month_day_nano_interval", "interval"),
)
"""Arrow types that polars cannot hold; it ends with a panic on some of them."""


def delivered_type(dtype: pl.DataType) -> pl.DataType | None:  # noqa: PLR0911 - one for each kind of type
    """Return the type in which values are delivered; None where they cannot be read.

    Categories are delivered as their text, maps as lists of `{key, value}`, extension types as
    what they are stored as.
    """
    match dtype:
        case pl.Categorical() | pl.Enum():
            return pl.String()
        case pl.Object() | pl.Unknown():
            return None
        case pl.Decimal():
            return None if (dtype.precision or 0) > MOST_DIGITS else dtype
        case pl.List():
            inner = delivered_type(_instance(dtype.inner))
            return None if inner is None else pl.List(inner)
        case pl.Array():
            inner = delivered_type(_instance(dtype.inner))
            return None if inner is None else pl.Array(inner, dtype.size)
        case pl.Struct():
            fields = {f.name: delivered_type(_instance(f.dtype)) for f in dtype.fields}
            read = {name: t for name, t in fields.items() if t is not None}
            return pl.Struct(read) if len(read) == len(fields) else None
        case _:
            return _unwrapped(dtype)


def delivered(  # noqa: PLR0911 - one for each kind of type
    value: pl.Expr, dtype: pl.DataType
) -> pl.Expr:
    """Convert values of a type to the type in which they are delivered."""
    target = delivered_type(dtype)
    if target == dtype or target is None:
        return value
    match dtype:
        case pl.Categorical() | pl.Enum():
            return value.cast(pl.String)
        case pl.List():
            return value.list.eval(delivered(pl.element(), _instance(dtype.inner)))
        case pl.Struct():
            fields = [
                delivered(value.struct.field(f.name), _instance(f.dtype)).alias(f.name)
                for f in dtype.fields
            ]
            return pl.when(value.is_not_null()).then(pl.struct(fields))
        case pl.Array():
            return value.arr.eval(delivered(pl.element(), _instance(dtype.inner)))
        case _ if isinstance(dtype, pl.BaseExtension):
            storage = _instance(dtype.ext_storage())
            return delivered(value.ext.storage(), storage)
        case _:
            entries = _entries(dtype)
            return value if entries is None else delivered(value.cast(entries), entries)


def holds_bytes(dtype: pl.DataType) -> bool:
    """Tell whether values hold bytes, at any depth."""
    match dtype:
        case pl.List() | pl.Array():
            return holds_bytes(_instance(dtype.inner))
        case pl.Struct():
            return any(holds_bytes(_instance(f.dtype)) for f in dtype.fields)
        case _:
            return isinstance(dtype, pl.Binary)


def written(value: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """Return values with bytes as hexadecimal digits, which JSON can hold."""
    if not holds_bytes(dtype):
        return value
    match dtype:
        case pl.List():
            return value.list.eval(written(pl.element(), _instance(dtype.inner)))
        case pl.Array():
            return value.arr.to_list().list.eval(written(pl.element(), _instance(dtype.inner)))
        case pl.Struct():
            fields = [
                written(value.struct.field(f.name), _instance(f.dtype)).alias(f.name)
                for f in dtype.fields
            ]
            return pl.when(value.is_not_null()).then(pl.struct(fields))
        case _:
            return value.bin.encode("hex")


def json_text(schema: pl.Schema) -> frozenset[str]:
    """Return the columns whose own type says that they hold JSON text."""
    return frozenset(
        name
        for name, dtype in schema.items()
        if isinstance(dtype, pl.BaseExtension) and dtype.ext_name() == JSON_EXTENSION
    )


def refuse_types(user_path: str, schema: pl.Schema) -> None:
    """Refuse a table with a column that cannot be read.

    Raises:
        InputError: names the column and its type.
    """
    for name, dtype in schema.items():
        if delivered_type(dtype) is None:
            raise _unread(user_path, name, _shown(_culprit(dtype)))


def refuse_arrow_types(user_path: str, schema: Any) -> None:  # noqa: ANN401 - pyarrow has no types
    """Refuse an Arrow schema with a column of a type that polars cannot hold, or a name twice.

    Raises:
        InputError: names the column and its type; or a name is no text.
    """
    try:
        _refuse_names_and_types(user_path, schema)
    except UnicodeDecodeError:
        problem = "has a column whose name is not UTF-8"
        raise InputError(user_path, problem, remedy="Write or copy it again") from None


def _refuse_names_and_types(user_path: str, schema: Any) -> None:  # noqa: ANN401 - as above
    names = list(schema.names)
    refuse_columns(user_path, names)
    if double := sorted(name for name, times in Counter(names).items() if times > 1):
        problem = (
            f"has several columns called {column_label(double[0], names.index(double[0]) + 1)}"
        )
        raise InputError(user_path, problem, remedy="Give every column its own name")
    for field in schema:
        if (named := _unheld(field.type)) is not None:
            raise _unread(user_path, field.name, named)


def arrow_schema(metadata: Mapping[bytes, bytes]) -> Any:  # noqa: ANN401 - pyarrow has no types
    """Return the Arrow schema that a parquet file's metadata hold; None where there is none."""
    import pyarrow as pa

    stored = metadata.get(b"ARROW:schema")
    if stored is None:
        return None
    try:
        return pa.ipc.read_schema(pa.py_buffer(base64.b64decode(stored)))
    except (pa.ArrowException, binascii.Error, OSError, ValueError):
        return None


def class_names(metadata: Mapping[bytes, bytes] | None) -> dict[str, tuple[str, ...]]:
    """Return column → names of its classes, which the Hugging Face library keeps in metadata.

    Source: `datasets.Features.arrow_schema` and `datasets.ClassLabel`.
    """
    try:
        info = json.loads((metadata or {}).get(b"huggingface", b"{}"))
        features = info["info"]["features"]
        return {
            str(column): tuple(map(str, names))
            for column, feature in features.items()
            for names in _names(feature)
        }
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def _names(feature: object) -> Iterator[list[object]]:
    """Yield the names of a class label, or of those in a list of them."""
    inner = feature
    while isinstance(inner, Mapping) and isinstance(inner.get("feature"), Mapping):
        inner = inner["feature"]
    inner = inner[0] if isinstance(inner, list) and len(inner) == 1 else inner
    if isinstance(inner, Mapping) and inner.get("_type") == "ClassLabel":
        names = inner.get("names")
        if isinstance(names, list):
            yield names


def _unheld(dtype: Any) -> str | None:  # noqa: ANN401 - pyarrow has no types
    """Return the name of the type, or of one inside it, that polars cannot hold."""
    import pyarrow as pa

    text = str(dtype)
    if text.startswith(_UNREAD):
        return text.partition("<")[0]
    if pa.types.is_dictionary(dtype):
        return _unheld(dtype.value_type)
    if pa.types.is_struct(dtype) and len({f.name for f in dtype}) < dtype.num_fields:
        return "struct with two fields of one name"
    inner = (dtype.field(i).type for i in range(dtype.num_fields))
    return next((named for child in inner if (named := _unheld(child)) is not None), None)


def _unwrapped(dtype: pl.DataType) -> pl.DataType | None:
    if isinstance(dtype, pl.BaseExtension):
        return delivered_type(_instance(dtype.ext_storage()))
    entries = _entries(dtype)
    return dtype if entries is None else delivered_type(entries)


def _entries(dtype: pl.DataType) -> pl.DataType | None:
    """Return a map as the list of entries that it is; None for other types."""
    key, value = getattr(dtype, "key", None), getattr(dtype, "value", None)
    if type(dtype).__name__ != "Map" or key is None or value is None:
        return None
    return pl.List(pl.Struct({"key": key, "value": value}))


def _instance(dtype: object) -> pl.DataType:
    return dtype() if isinstance(dtype, type) else dtype  # type: ignore[return-value] # polars' own union


def _culprit(dtype: pl.DataType) -> pl.DataType:
    """Return the type inside a nested one that is not read."""
    inner = [dtype.inner] if isinstance(dtype, pl.List | pl.Array) else []
    inner = [f.dtype for f in dtype.fields] if isinstance(dtype, pl.Struct) else inner
    types = map(_instance, inner)
    return next((_culprit(held) for held in types if delivered_type(held) is None), dtype)


def _shown(dtype: pl.DataType) -> str:
    if isinstance(dtype, pl.Decimal):
        return f"decimal256({dtype.precision}, {dtype.scale})"
    if isinstance(dtype, pl.Object):
        return "Python objects, which have no type"
    return str(dtype.base_type()).lower()


def _unread(user_path: str, column: str, type_name: str) -> InputError:
    problem = f"is of type {type_name}, which is not read"
    return InputError(user_path, problem, place=f"column {column}", remedy=_REMEDY)
