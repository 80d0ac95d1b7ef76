r"""Rewrite Python regular expressions for the linear engine of polars, where the two can be equal.

Great Expectations searches with Python's `re`, which backtracks: on hostile text a bad pattern
takes exponential time. The fast path searches with the Rust engine of polars, which is linear,
but means other things by `\w`, `\s`, `$`, `\b` and by case. `rust_pattern` therefore rewrites
what Python parsed, character for character, and returns None wherever the two cannot be made
equal (look-around, back-references, word boundaries, `$` before the end of the pattern): such
an expectation is then evaluated by Great Expectations itself.

Checked over all code points: Python's `\w` is the categories L and N and `_`; its `\s` is
Unicode White_Space and U+001C..U+001F; its `\d` is the category Nd.
"""

import re
import sys
from collections.abc import Sequence
from functools import cache, lru_cache
from re import _constants as sre  # type: ignore[attr-defined] # the tree that Python itself compiles
from re import _parser as sre_parser  # type: ignore[attr-defined] # as above
from typing import Any, Final

import polars as pl

_CATEGORY: Final = {
    sre.CATEGORY_DIGIT: r"\p{Nd}",
    sre.CATEGORY_NOT_DIGIT: r"\P{Nd}",
    sre.CATEGORY_WORD: r"\p{L}\p{N}_",
    sre.CATEGORY_NOT_WORD: r"[^\p{L}\p{N}_]",
    sre.CATEGORY_SPACE: r"\p{White_Space}\x{1c}-\x{1f}",
    sre.CATEGORY_NOT_SPACE: r"[^\p{White_Space}\x{1c}-\x{1f}]",
}
WIDEST: Final = 512
"""Characters in a range beyond which its case variants are not listed one by one."""


class _Untranslatable(Exception):  # noqa: N818 - a signal inside this module, not an error
    """The pattern has no equal in the linear engine."""


def rust_pattern(pattern: str) -> str | None:
    """Return a pattern of the Rust engine that finds the same, or None where there is none.

    Raises:
        re.error: `pattern` is not a regular expression for Python either.
    """
    compiled = re.compile(pattern)
    if compiled.flags & (re.ASCII | re.LOCALE):
        return None
    try:
        tree = sre_parser.parse(pattern)
        rewritten = _sequence(list(tree), compiled.flags, last=True)
    except _Untranslatable:
        return None
    return rewritten if _compiles(rewritten) else None


@lru_cache(256)
def _compiles(pattern: str) -> bool:
    try:
        pl.Series([""]).str.contains(pattern)
    except pl.exceptions.ComputeError:
        return False
    return True


def _sequence(nodes: Sequence[Any], flags: int, *, last: bool) -> str:
    """Rewrite nodes that follow one another; `last`: nothing of the pattern follows them."""
    final = len(nodes) - 1
    return "".join(_node(n, flags, last=last and i == final) for i, n in enumerate(nodes))


def _node(node: Any, flags: int, *, last: bool) -> str:  # noqa: ANN401, PLR0911 - Python's own tree is untyped, one return per operator
    operator, value = node
    if operator is sre.LITERAL:
        return _set(_variants(value, flags), negate=False)
    if operator is sre.NOT_LITERAL:
        return _set(_variants(value, flags), negate=True)
    if operator is sre.ANY:
        return "(?s:.)" if flags & re.DOTALL else r"[^\n]"
    if operator is sre.IN:
        return _class(value, flags)
    if operator is sre.BRANCH:
        return f"(?:{'|'.join(_sequence(list(b), flags, last=last) for b in value[1])})"
    if operator is sre.SUBPATTERN:
        _, added, removed, inner = value
        return f"(?:{_sequence(list(inner), (flags | added) & ~removed, last=last)})"
    if operator in (sre.MAX_REPEAT, sre.MIN_REPEAT):
        least, most, inner = value
        return _repeat(least, most, inner, flags)
    if operator is sre.AT:
        return _anchor(value, flags, last=last)
    raise _Untranslatable


def _repeat(least: int, most: int, inner: Any, flags: int) -> str:  # noqa: ANN401 - as above
    upper = "" if most is sre.MAXREPEAT else str(int(most))
    return f"(?:{_sequence(list(inner), flags, last=False)}){{{least},{upper}}}"


def _anchor(position: Any, flags: int, *, last: bool) -> str:  # noqa: ANN401 - as above
    multiline = bool(flags & re.MULTILINE)
    if position is sre.AT_BEGINNING:
        return "(?m:^)" if multiline else r"\A"
    if position is sre.AT_BEGINNING_STRING:
        return r"\A"
    if position is sre.AT_END_STRING:
        return r"\z"
    if position is sre.AT_END and multiline:
        return "(?m:$)"
    if position is sre.AT_END and last:
        return r"(?:\n?\z)"
    raise _Untranslatable


def _class(items: Sequence[Any], flags: int) -> str:
    negate = items[0][0] is sre.NEGATE
    parts = []
    for operator, value in items[1:] if negate else items:
        if operator is sre.LITERAL:
            parts += [_escape(c) for c in _variants(value, flags)]
        elif operator is sre.RANGE:
            low, high = value
            parts.append(_range(low, high, flags))
        elif operator is sre.CATEGORY:
            parts.append(_CATEGORY[value])
        else:
            raise _Untranslatable
    return f"[{'^' if negate else ''}{''.join(parts)}]"


def _range(low: int, high: int, flags: int) -> str:
    parts = [f"{_escape(low)}-{_escape(high)}"]
    if flags & re.IGNORECASE:
        if high - low > WIDEST:
            raise _Untranslatable
        others = {v for c in range(low, high + 1) for v in _variants(c, flags)}
        parts += [_escape(c) for c in sorted(others) if not low <= c <= high]
    return "".join(parts)


def _set(characters: Sequence[int], *, negate: bool) -> str:
    return f"[{'^' if negate else ''}{''.join(_escape(c) for c in characters)}]"


def _escape(character: int) -> str:
    if 0xD800 <= character <= 0xDFFF:
        raise _Untranslatable  # a lone surrogate is no text in UTF-8
    return f"\\x{{{character:x}}}"


def _variants(character: int, flags: int) -> tuple[int, ...]:
    """Return the code points that match `character` in Python under the flags."""
    return _other_cases(character) if flags & re.IGNORECASE else (character,)


@cache
def _other_cases(character: int) -> tuple[int, ...]:
    letter = re.compile(re.escape(chr(character)), re.IGNORECASE)
    return tuple(sorted({character, *(c for c in _cased() if letter.fullmatch(chr(c)))}))


@cache
def _cased() -> tuple[int, ...]:
    """Return every code point that has another case (about 2,900)."""
    points = (chr(c) for c in range(sys.maxunicode + 1))
    return tuple(ord(c) for c in points if c.lower() != c or c.upper() != c)
