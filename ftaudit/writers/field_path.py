"""Paths of fields, such as `messages[1].content`, taken apart."""

import re
from collections.abc import Sequence
from typing import Final

from ftaudit.model.text_edit import TextEdit
from ftaudit.writers.cell_edits import FieldEdits

_STEP: Final = re.compile(r"\[(\d+)\]")


def by_column(
    edits: FieldEdits, columns: Sequence[str]
) -> dict[int, dict[str, Sequence[TextEdit]]]:
    """Return column number → path inside its cells (empty: the cell itself) → edits.

    Raises:
        KeyError: a path is of no column.
    """
    cells: dict[int, dict[str, Sequence[TextEdit]]] = {}
    for path, edits_there in edits.items():
        column = column_of(path, columns)
        rest = path[len(columns[column]) :].removeprefix(".")
        cells.setdefault(column, {})[rest] = edits_there
    return cells


def column_of(path: str, columns: Sequence[str]) -> int:
    """Return the number of the column that a path begins with: the longest name that fits.

    Raises:
        KeyError: none does.
    """
    fits = [
        (len(name), number)
        for number, name in enumerate(columns)
        if path == name or path.startswith((f"{name}.", f"{name}["))
    ]
    if not fits:
        raise KeyError(path)
    return max(fits)[1]


def item_and_rest(path: str) -> tuple[int, str]:
    """Return the place in a list that a path begins with, and the path from there.

    Raises:
        KeyError: the path does not begin with one.
    """
    step = _STEP.match(path)
    if step is None:
        raise KeyError(path)
    return int(step[1]), path[step.end() :].removeprefix(".")
