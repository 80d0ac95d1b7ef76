"""Write a .json file as pandas' orients split, index and columns have it, or as records by key."""

import json
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from ftaudit.writers.cell_edits import CellEdits, FieldEdits
from ftaudit.writers.field_path import by_column
from ftaudit.writers.json_lines import edited_bytes
from ftaudit.writers.json_members import ObjectText, array_text, object_text
from ftaudit.writers.row_pieces import RowPieces

Kept: TypeAlias = npt.NDArray[np.bool_]


def write_split(text: bytes, kept: Kept, edits: CellEdits) -> bytes | None:
    """Return the text of `{"columns": …, "index": …, "data": …}` without some rows.

    None where the text is no such object. What is read as such is said by `readers.json_document`.
    """
    whole = object_text(text)
    if whole is None or len(whole.members) > 3:
        return None
    arrays = {member.name: array_text(member.value) for member in whole.members}
    columns, data = arrays.get("columns"), arrays.get("data")
    if columns is None or data is None or len(data.items) != len(kept):
        return None
    names = [str(json.loads(name)) for name in columns.items]
    changed = edits.between(0, len(kept))
    rows = [
        edited_bytes(item, _within(changed[row], names)) if row in changed else item
        for row, item in enumerate(data.items)
        if kept[row]
    ]
    index = arrays.get("index")
    values: dict[str, bytes] = {"data": data.with_items(rows)}
    if index is not None and len(index.items) == len(kept):
        labels = [label for label, stays in zip(index.items, kept, strict=True) if stays]
        values["index"] = index.with_items(labels)
    return whole.with_values([values.get(m.name, m.value) for m in whole.members])


def _within(edits: FieldEdits, names: list[str]) -> FieldEdits:
    """Return edits of a row that is a list of cells, in the order of the columns."""
    return {
        _joined(column, path): spans
        for column, inner in by_column(edits, names).items()
        for path, spans in inner.items()
    }


def _joined(item: int, path: str) -> str:
    return f"[{item}]{'' if path[:1] in {'', '['} else '.'}{path}"


def write_by_key(text: bytes, kept: Kept, edits: CellEdits) -> bytes | None:
    """Return the text of records by key, or of columns of values by key, without some rows.

    None where the text is no such object, or would not be read as one any more.
    """
    whole = object_text(text)
    if whole is None or not whole.members or any(m.opens != b"{" for m in whole.members):
        return None
    inner = [object_text(member.value) for member in whole.members]
    objects = [value for value in inner if value is not None]
    if _are_columns(whole, objects):
        return _columns(whole, objects, kept, edits)
    if len(objects) != len(kept) or kept.sum() < 2:  # one by itself would be read as a record
        return None
    values = RowPieces(kept, edits, edited_bytes).stay([member.value for member in whole.members])
    return whole.with_values([value or None for value in values])


def _are_columns(whole: ObjectText, objects: list[ObjectText]) -> bool:
    """Return whether the keys within are numbers of rows, as `readers.json_document` tells it."""
    keys = [[member.name for member in value.members] for value in objects]
    same = all(first == second for first, second in pairwise(keys))
    named = not all(member.name.isdecimal() for member in whole.members)
    return same and all(key.isdecimal() for key in keys[0]) and named


def _columns(
    whole: ObjectText, objects: list[ObjectText], kept: Kept, edits: CellEdits
) -> bytes | None:
    if any(len(column.members) != len(kept) for column in objects):
        return None
    names = [member.name for member in whole.members]
    cells: dict[tuple[int, int], FieldEdits] = {
        (row, column): inner
        for row, of_row in edits.between(0, len(kept)).items()
        for column, inner in by_column(of_row, names).items()
    }
    texts = []
    for number, column in enumerate(objects):
        values = [
            _edited(member.value, cells.get((row, number))) if kept[row] else None
            for row, member in enumerate(column.members)
        ]
        texts.append(column.with_values(values))
    return whole.with_values(texts)


def _edited(value: bytes, edits: FieldEdits | None) -> bytes:
    """Return a value with its text edited, and the space around it."""
    if not edits:
        return value
    inner = {_joined(0, path): spans for path, spans in edits.items()}
    return edited_bytes(b"[" + value + b"]", inner)[1:-1]
