"""The head of the column that a number in a table within a text is in, and the cells around."""

from typing import Final

_MARKS: Final = ("|", "\t", ";", ",")
_ABOVE: Final = 3_000
"""Characters above a row in which its table's head is looked for, and those of the longest row."""


def head_above(text: str, start: int) -> str:
    """Return the cell above a place in the first line of its table; empty when there is none.

    A table is lines with as many separators each. A rule below the head counts as one of them.
    """
    first = text.rfind("\n", max(0, start - _ABOVE), start) + 1
    end = text.find("\n", start, start + _ABOVE)
    if not first:
        return ""
    row = text[first : end if end >= 0 else start + _ABOVE]
    mark = next((mark for mark in _MARKS if mark in row), "")
    lines = text[max(0, first - _ABOVE) : first - 1].split("\n")
    head = _first_alike(lines, row.count(mark), mark) if mark else ""
    cells = head.split(mark) if head else []
    place = text.count(mark, first, start) if mark else 0
    return cells[place].strip(" \"'`*") if place < len(cells) else ""


def cells_around(text: str, start: int) -> list[str]:
    """Return the cells above and below a place, in lines with as many separators as its own."""
    first = text.rfind("\n", max(0, start - _ABOVE), start) + 1
    end = text.find("\n", start, start + _ABOVE)
    last = end if end >= 0 else min(len(text), start + _ABOVE)
    row = text[first:last]
    mark = next((mark for mark in _MARKS if mark in row), "")
    if not mark:
        return []
    above = text[max(0, first - _ABOVE) : max(0, first - 1)].rsplit("\n", 1)[-1]
    below = text[last + 1 : last + 1 + _ABOVE].split("\n", 1)[0]
    place = text.count(mark, first, start)
    return [
        line.split(mark)[place].strip(" \"'`*")
        for line in (above, below)
        if line.count(mark) == row.count(mark)
    ]


def _first_alike(lines: list[str], count: int, mark: str) -> str:
    """Return the first of the last lines that have as many separators."""
    head = ""
    for line in reversed(lines):
        if line.count(mark) != count:
            break
        head = line
    return head
