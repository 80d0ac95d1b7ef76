"""Names of people: whether two spellings are one person's, and whether a text says anything."""

import unicodedata
from typing import Final

_INVISIBLE: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | frozenset(
    chr(code)
    for start, end in ((0x180B, 0x180F), (0xFE00, 0xFE0F), (0xE0000, 0xE0FFF))
    for code in range(start, end + 1)
)
"""Letters, marks and symbols that show nothing: those of Default_Ignorable_Code_Point (UAX #44)
that are in no category below, and the blank pattern of Braille."""

_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""General categories of characters that show nothing, or nothing that every font shows."""


def same_person(name: str, other: str) -> bool:
    """Return whether two names are one person's: case, width and unseen characters aside."""
    return _folded(name) == _folded(other)


def says_nothing(text: str) -> bool:
    """Return whether a reader sees no character of the text."""
    return not _folded(text)


def _folded(text: str) -> str:
    """Return what two spellings of one name have in common (NFKC_Casefold of UAX #44)."""
    once = unicodedata.normalize("NFKC", " ".join(text.split())).casefold()
    visible = (c for c in once if c not in _INVISIBLE and unicodedata.category(c) not in _UNSEEN)
    return " ".join(unicodedata.normalize("NFKC", "".join(visible)).split())
