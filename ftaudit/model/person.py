"""Names of people: whether two spellings are one person's, and whether a text says anything."""

import re
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

_LOOK_ALIKE: Final = str.maketrans(
    "\u0430\u0432\u0435\u043a\u043c\u043d\u043e\u0440\u0441\u0442\u0443\u0445\u0455\u0456\u0458"
    "\u04bb\u0501\u051b\u051d\u03b1\u03b2\u03b5\u03b9\u03ba\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7"
    "\u0131\u0261\u0251",
    "abekmhopctyxsijhdqwabeikvoptuxiga",
)
"""Small Cyrillic and Greek letters, and Latin variants, that are drawn as another Latin letter, in
that form or as a capital (the confusables of UTS #39)."""

_ADDRESS: Final = re.compile("<([^<>]*@[^<>]*)>")


def same_person(name: str, other: str) -> bool:
    """Return whether two names are one person's, or one may be taken for the other.

    Case, width, accents' encoding, punctuation, unseen characters and alphabets aside; an e-mail
    address in angle brackets is enough.
    """
    return bool(_spellings(name) & _spellings(other))


def says_nothing(text: str) -> bool:
    """Return whether a reader sees no letter and no digit in the text."""
    return not _letters(text)


def _spellings(name: str) -> set[str]:
    """Return what a name is recognised by: all of it, and the address in it."""
    return {_letters(part).translate(_LOOK_ALIKE) for part in (name, *_ADDRESS.findall(name))}


def _letters(text: str) -> str:
    """Return the letters and digits that are seen (NFKC_Casefold of UAX #44)."""
    once = unicodedata.normalize("NFKC", text).casefold()
    visible = (c for c in once if c not in _INVISIBLE and unicodedata.category(c) not in _UNSEEN)
    whole = unicodedata.normalize("NFKC", "".join(visible))
    return "".join(c for c in whole if unicodedata.category(c)[0] in "LNM")
