"""Edit cells of an Arrow table; its schema, and all other cells, stay what they are."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ftaudit.writers.cell_edits import FieldEdits
from ftaudit.writers.field_path import by_column, column_of, item_and_rest
from ftaudit.writers.json_cells import edited_cell

if TYPE_CHECKING:
    from ftaudit.model.text_edit import TextEdit


def edited_table(table: Any, edits: Mapping[int, FieldEdits]) -> Any:  # noqa: ANN401 - pyarrow has no types
    """Return a table with edits of some rows.

    Args:
        table: a pyarrow table.
        edits: row of the table → edits of its fields.

    Raises:
        KeyError: a path leads nowhere.
    """
    cells: dict[int, dict[int, FieldEdits]] = {}
    for row, of_row in edits.items():
        for number, inner in by_column(of_row, table.column_names).items():
            cells.setdefault(number, {})[row] = inner
    for number, of_column in cells.items():
        column = _edited_column(table.column(number), of_column)
        table = table.set_column(number, table.schema.field(number), column)
    return table


def stayed(table: Any, stays: npt.NDArray[np.bool_]) -> Any:  # noqa: ANN401 - pyarrow has no types
    """Return the rows of a table that stay, whatever its types."""
    import pyarrow as pa

    if stays.all():
        return table
    try:
        return table.filter(pa.array(stays))
    except pa.ArrowNotImplementedError:  # views of strings: Arrow cuts them, and filters them not
        edges = np.flatnonzero(np.diff(np.concatenate([[False], stays, [False]])))
        runs = [table.slice(first, after - first) for first, after in edges.reshape(-1, 2).tolist()]
        return pa.concat_tables(runs) if runs else table.slice(0, 0)


def _edited_column(column: Any, edits: Mapping[int, FieldEdits]) -> Any:  # noqa: ANN401 - pyarrow has no types
    """Return a column with edits of some rows."""
    import pyarrow as pa

    values = [_edited_value(column[row].as_py(), inner) for row, inner in sorted(edits.items())]
    try:
        return _with_values(column, sorted(edits), values)
    except pa.ArrowNotImplementedError:  # as in `stayed`
        cells = column.to_pylist()
        for row, value in zip(sorted(edits), values, strict=True):
            cells[row] = value
        return pa.chunked_array([pa.array(cells, type=column.type)], type=column.type)


def _with_values(column: Any, rows: Sequence[int], values: Sequence[Any]) -> Any:  # noqa: ANN401 - pyarrow has no types
    """Put the new values behind the old ones, and take each row's value from where it is."""
    import pyarrow as pa

    dtype = column.type
    plain = dtype.value_type if pa.types.is_dictionary(dtype) else dtype
    places = np.arange(len(column))
    places[list(rows)] = len(column) + np.arange(len(values))
    both = pa.chunked_array(
        [*column.cast(plain).chunks, pa.array(values, type=plain)], type=plain
    ).take(pa.array(places))
    if not pa.types.is_dictionary(dtype):
        return both
    return both.dictionary_encode().cast(dtype)


def _edited_value(value: Any, edits: FieldEdits) -> Any:  # noqa: ANN401 - nested plain values
    """Return a value with edits of the strings in it; what is no string becomes null."""
    if isinstance(value, str):
        return edited_cell(value, edits)
    if isinstance(value, dict):
        return _edited_object(value, edits)
    if isinstance(value, list):
        return _edited_list(value, edits)
    return None


def _edited_object(value: dict[str, Any], edits: FieldEdits) -> dict[str, Any]:
    names = list(value)
    inner: dict[str, dict[str, Sequence[TextEdit]]] = {}
    for path, edits_there in edits.items():
        name = names[column_of(path, names)]
        inner.setdefault(name, {})[path[len(name) :].removeprefix(".")] = edits_there
    return value | {name: _edited_value(value[name], e) for name, e in inner.items()}


def _edited_list(value: list[Any], edits: FieldEdits) -> list[Any]:
    inner: dict[int, dict[str, Sequence[TextEdit]]] = {}
    for path, edits_there in edits.items():
        place, rest = item_and_rest(path)
        inner.setdefault(place, {})[rest] = edits_there
    new = list(value)
    for place, item_edits in inner.items():
        new[place] = _edited_value(value[place], item_edits)
    return new
