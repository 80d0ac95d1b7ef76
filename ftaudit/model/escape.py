"""Make text that may come from hostile data safe to show on a terminal or in one line."""

import unicodedata
from typing import Final

_UNSAFE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode general categories that move a cursor, reorder text or cannot be shown (UAX #44)."""


def printable(text: str, *, limit: int = 200) -> str:
    """Return `text` on one line of at most `limit` characters, unsafe characters as U+FFFD.

    White space becomes single spaces. Terminal escapes, bidirectional overrides (Trojan Source,
    CVE-2021-42574), lone surrogates and other format characters are replaced.
    """
    one_line = " ".join(text[: 4 * limit].split())
    if one_line.isprintable():  # none of the categories above, nor a space that is not plain
        safe = one_line
    else:
        safe = "".join("�" if unicodedata.category(c) in _UNSAFE else c for c in one_line)
    return safe if len(safe) <= limit and len(text) <= 4 * limit else safe[: limit - 1] + "…"
