"""Lists, tuples and sets as Python and NumPy print them, in cells of csv files of pandas."""

import re
from typing import Final

_QUOTED: Final = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"")
_BETWEEN: Final = re.compile(r"[\s,]*")
_BRACKETS: Final = frozenset({"[]", "()", "{}"})
_LONGEST: Final = 100_000
"""Characters of the longest cell that is read so."""


def printed_list(text: str) -> list[str] | None:
    """Return the texts of `['a', 'b']`, `['a' 'b']`, `('a', 'b')` or `{'a', 'b'}`; else None."""
    whole = text.strip()
    if len(whole) > _LONGEST or (whole[:1] + whole[-1:]) not in _BRACKETS:
        return None
    items: list[str] = []
    at, end = 1, len(whole) - 1
    while (at := _after(whole, at)) < end:
        item = _QUOTED.match(whole, at, end)
        if item is None:
            return None
        single, double = item.groups()
        items.append((single if single is not None else double).replace("\\'", "'"))
        at = item.end()
    return items


def _after(text: str, at: int) -> int:
    """Return where the next item begins."""
    between = _BETWEEN.match(text, at)
    return between.end() if between else at
