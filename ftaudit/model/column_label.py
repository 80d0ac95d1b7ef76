"""How a message calls a column: by its name only where that can be no text of a row.

The header of a csv without one is a person's row, and messages quote no text of rows.
"""

import re
from collections.abc import Sequence
from typing import Final

_NAME: Final = re.compile(r"[^\W\d][\w.\-]{0,63}")
"""A name as programs and databases give it: one word that begins with a letter or `_`."""

_DATA: Final = re.compile(r"\S@\S+\.\S|://|^[+\d][\d ()./-]{6,}$")
"""An e-mail address, an address of the web, or a long number: no name of a column."""

_LONGEST: Final = 500
"""Characters of the longest header that may be a name, such as a question of a survey."""


def column_label(name: str, number: int) -> str:
    """Return what a message calls the column: its name, or its 1-based number."""
    return name if _NAME.fullmatch(name) else f"column {number}"


def place_of(name: str, names: Sequence[str]) -> str:
    """Return where a column is, for an error: `column label`, or `column 3`."""
    label = column_label(name, names.index(name) + 1 if name in names else 0)
    return label if label.startswith("column ") else f"column {label}"


def is_no_name(name: str) -> bool:
    """Return whether a header is text of a record rather than the name of a column."""
    return bool(_DATA.search(name)) or len(name) > _LONGEST
