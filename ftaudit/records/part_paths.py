"""The paths of all parts inside a column, by its type or by its values."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

import polars as pl

from ftaudit.model.errors import UsageError, suggestion
from ftaudit.model.watched_parts import column_of, covers, shown_key
from ftaudit.records.cell_values import Json, Raw, concrete, inner

_LISTED: Final = 12
"""Parts that an error names."""


def check_parts(
    parts: Iterable[str],
    schema: pl.Schema,
    decoded: frozenset[str],
    sample: pl.DataFrame,
    tables: Callable[[list[str]], Iterable[pl.DataFrame]],
) -> None:
    """Refuse the path of a part that no value has.

    Args:
        parts: paths into columns of the table, as a user names them.
        schema: the types of the columns.
        decoded: the columns that hold JSON text.
        sample: the first rows; only what stands nowhere in them is looked for in all tables.
        tables: yields all rows of some columns; called where the sample lacks a part of a column
            of JSON text.

    Raises:
        UsageError: no such part; the nearest is named.
    """
    for part in parts:
        column = column_of(part, schema)
        if column is None:
            continue
        paths = {*_typed(schema[column], column)}
        if column in decoded:
            paths = {*_held(sample, column)}
        if any(covers(part, path) for path in paths):
            continue
        if column in decoded and any(
            covers(part, path) for table in tables([column]) for path in _held(table, column)
        ):
            continue
        named = sorted(path for path in paths if path != column)
        listed = ", ".join(named[:_LISTED]) + (" and more" if len(named) > _LISTED else "")
        known = f"parts: {listed}" if named else f"{column} has no parts"
        msg = f"--ignore-column {part}: no such part{suggestion(part, named)}; {known}"
        raise UsageError(msg)


def _typed(dtype: pl.DataType, path: str) -> Iterator[str]:
    """Yield the paths of all parts of a type."""
    yield path
    if isinstance(dtype, pl.List | pl.Array):
        yield from _typed(inner(dtype), f"{path}[]")
    elif isinstance(dtype, pl.Struct):
        for field in dtype.fields:
            yield from _typed(concrete(field.dtype), f"{path}.{shown_key(field.name)}")


def _held(table: pl.DataFrame, column: str) -> Iterator[str]:
    """Yield the paths of all parts of the JSON values of a column, once each."""
    if column not in table.columns:
        return
    seen: set[str] = set()
    stack: list[tuple[Json, str]] = [
        (value, column) for value in Raw(table.select(column), frozenset({column})).values(column)
    ]
    while stack:
        item, path = stack.pop()
        if path not in seen:
            seen.add(path)
            yield path
        if isinstance(item, Mapping):
            stack.extend((member, f"{path}.{shown_key(str(key))}") for key, member in item.items())
        elif isinstance(item, list):
            stack.extend((member, f"{path}[]") for member in item)
