"""Lists as Python and NumPy print them, which stand in cells of csv files that pandas wrote."""

import re
from typing import Final

_QUOTED: Final = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"")
_BETWEEN: Final = re.compile(r"[\s,]*")
_LONGEST: Final = 100_000
"""Characters of the longest cell that is read so."""


def printed_list(text: str) -> list[str] | None:
    """Return the texts of `['a', 'b']` or `['a' 'b']`; None where the text is no such list."""
    whole = text.strip()
    if len(whole) > _LONGEST or not (whole.startswith("[") and whole.endswith("]")):
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
