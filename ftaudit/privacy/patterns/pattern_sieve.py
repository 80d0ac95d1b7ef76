"""A coarse search before an exact one: which of many patterns may be found in a text at all.

An automaton for many patterns has a state for every set of places that they are in together, and
soon more states than the processor's cache holds. Most texts hold none of the patterns, and a far
smaller automaton says so: of each pattern it looks for the most telling part, with repeats that are
hardly counted. Patterns whose parts are in too many texts are sieved apart from the others, by the
whole of them.
"""

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from ftaudit.privacy.patterns.prefilter import usable
from ftaudit.privacy.patterns.regex_ir import Node, Underivable, to_re2
from ftaudit.privacy.patterns.regex_widen import core, factor, loosen, shape, telling

_TELLING: Final = 28.0
"""Bits that a part must tell to stand for its pattern: about four letters in both cases."""
_COUNTED: Final = 4
"""Repeats that a sieve counts."""
_ALWAYS: Final = r"\A"
_SYMBOL: Final = re.compile(r"\\(?:x\{[0-9A-Fa-f]{1,6}\}|.)|\[\^?\]?|.", re.DOTALL)
_FOREIGN: Final = re.compile(r"\{,|\\[pPCQz]|\(\?[a-zA-Z-]*U")
"""Syntax that RE2 reads otherwise than the parser."""
_SPACE: Final = r"\t\n\f\r "


class SievedGroup(msgspec.Struct, frozen=True):
    """Some of the patterns, and what is found in every text in which one of them is."""

    sieve: str
    """RE2 syntax."""
    members: tuple[int, ...]
    """Indexes of the patterns, ascending."""


class PatternSieve(msgspec.Struct, frozen=True):
    """Every pattern, in one group each."""

    groups: tuple[SievedGroup, ...]


def derive_sieve(patterns: Sequence[str]) -> PatternSieve:
    """Derive a sieve for patterns in RE2's syntax, with `dot_nl`."""
    parts_of: tuple[dict[int, str], dict[int, str]] = {}, {}
    for index, pattern in enumerate(patterns):
        whole = _shape(pattern)
        part = None if whole is None else loosen(core(whole, foreign=0), _COUNTED)
        if part is not None and telling(part, foreign=0) >= _TELLING:
            parts_of[0][index] = to_re2(factor(part))
        else:
            written = pattern if whole is None else to_re2(factor(loosen(whole, _COUNTED)))
            parts_of[1][index] = written
    return PatternSieve(tuple(_group(parts) for parts in parts_of if parts))


def _group(parts: dict[int, str]) -> SievedGroup:
    either = "|".join(f"(?:{part})" for part in parts.values())
    return SievedGroup(either if usable(either) else _ALWAYS, tuple(parts))


def _shape(pattern: str) -> Node | None:
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
        elif symbol.startswith(r"\x{"):
            written.append(f"\\U{int(symbol[3:-1], 16):08x}")
        elif within and symbol[0] == "[":
            written.append("\\[" + symbol[1:])
            within = not symbol.endswith("]")
        else:
            written.append(symbol)
            within = symbol[0] == "[" or (within and symbol != "]")
    return "".join(written)
