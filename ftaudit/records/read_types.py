"""The types in which columns are read: bytes that are text as strings, class numbers as names."""

from collections.abc import Mapping

import polars as pl


def readable_schema(
    schema: pl.Schema, sample: pl.DataFrame | None, class_names: Mapping[str, tuple[str, ...]]
) -> pl.Schema:
    """Return the types in which columns are read: bytes that are UTF-8 text are strings."""
    schema = with_names(schema.to_frame(), class_names).schema
    texts = (
        {}
        if sample is None
        else {
            name: pl.String()
            for name, dtype in schema.items()
            if dtype == pl.Binary and name in sample.columns and _is_utf8(sample[name])
        }
    )
    return pl.Schema({name: texts.get(name, dtype) for name, dtype in schema.items()})


def _is_utf8(values: pl.Series) -> bool:
    try:
        values.cast(pl.String)
    except pl.exceptions.PolarsError:
        return False
    return True


def with_names(table: pl.DataFrame, class_names: Mapping[str, tuple[str, ...]]) -> pl.DataFrame:
    """Return a table with class numbers as names of the classes; others stay as digits."""
    named = [
        _named(pl.col(column), dtype, class_names[column]).alias(column)
        for column, dtype in table.schema.items()
        if column in class_names and _is_numbered(dtype)
    ]
    return table.with_columns(named) if named else table


def _is_numbered(dtype: pl.DataType) -> bool:
    inner = dtype.inner if isinstance(dtype, pl.List) else dtype
    return inner.is_integer()


def _named(value: pl.Expr, dtype: pl.DataType, names: tuple[str, ...]) -> pl.Expr:
    if isinstance(dtype, pl.List):
        return value.list.eval(_named(pl.element(), pl.Int64(), names))
    numbers = dict(enumerate(names))
    digits = value.cast(pl.String)
    return value.cast(pl.Int64).replace_strict(numbers, default=digits, return_dtype=pl.String)


def as_text(table: pl.DataFrame, schema: pl.Schema) -> pl.DataFrame:
    """Cast bytes that are read as strings; what is not UTF-8 in them becomes U+FFFD."""
    read = [n for n, t in table.schema.items() if t == pl.Binary and schema.get(n) == pl.String]
    return table.with_columns(_decoded(table[name]) for name in read) if read else table


def _decoded(values: pl.Series) -> pl.Series:
    if _is_utf8(values):
        return values.cast(pl.String)
    texts = [None if value is None else value.decode(errors="replace") for value in values]
    return pl.Series(values.name, texts, dtype=pl.String)
