"""Read the shape of a pattern in RE2's syntax."""

import re
from typing import Final

from ftaudit.privacy.patterns.regex_ir import Node, Underivable
from ftaudit.privacy.patterns.regex_widen import shape

_SYMBOL: Final = re.compile(r"\\(?:x\{[0-9A-Fa-f]{1,6}\}|.)|\[\^?\]?|.", re.DOTALL)
_FOREIGN: Final = re.compile(r"\{,|\\[pPCQz]|\(\?[a-zA-Z-]*U")
"""Syntax that RE2 reads otherwise than the parser."""
_SPACE: Final = r"\t\n\f\r "


def read_shape(pattern: str) -> Node | None:
    """Return a shape that is in every match of a pattern in RE2's syntax; None if it is unknown."""
    if _FOREIGN.search(pattern):
        return None
    try:
        return shape(_as_parsed(pattern), 0)
    except Underivable:
        return None


def _as_parsed(pattern: str) -> str:
    """Write a pattern in RE2's syntax for the parser: its escapes, its white space."""
    written: list[str] = []
    within = False
    for symbol in _SYMBOL.findall(pattern):
        if symbol == r"\S":
            if within:
                raise Underivable
            written.append(f"[^{_SPACE}]")
        elif symbol == r"\s":
            written.append(_SPACE if within else f"[{_SPACE}]")
        elif symbol == r"\{" and not within:
            written.append(r"[{\x00]")  # as a literal it is refused, which no set of several is
        elif symbol.startswith(r"\x{"):
            written.append(f"\\U{int(symbol[3:-1], 16):08x}")
        elif within and symbol[0] == "[":
            written.append("\\[" + symbol[1:])
            within = not symbol.endswith("]")
        else:
            written.append(symbol)
            within = symbol[0] == "[" or (within and symbol != "]")
    return "".join(written)
