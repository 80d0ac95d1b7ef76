"""Text as it is searched: one spelling for spaces, hyphens, digits, entities and escapes.

Word processors, web pages and tool calls write the same value in many ways: no-break spaces and
hyphens, dashes, zero-width marks, full-width and other digits, HTML entities, percent-encoding,
quotes escaped within a string. Where Chinese, Japanese or Korean meets a number or a Latin word,
a space is put, so that words end there as they do elsewhere. Patterns see the plain spelling;
findings are reported where they stand in the original. Most texts need none of it, and are
searched as they are.
"""

import re
from bisect import bisect_right
from functools import cache
from html.entities import html5
from typing import Final
from weakref import ref

import polars as pl
from msgspec import Struct

from ftaudit.model.lazy_pattern import LazyPattern

_ZEROS: Final = (
    0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xDE6,
    0xE50, 0xED0, 0xF20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50,
    0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10,
)  # fmt: skip
"""The zeros of the decimal digits of the Basic Multilingual Plane (Unicode, category Nd)."""
_SPACES: Final = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_HYPHENS: Final = "\u2010-\u2013\u2212\ufe58\ufe63\u30fc"
_INVISIBLE: Final = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_FULL_WIDTH: Final = "\uff01-\uff5e"


def _characters(ranges: str) -> list[str]:
    """Return every character of the body of a class of ranges, `a-z` among them."""
    return [
        chr(code)
        for first, last in re.findall(r"(?s)(.)(?:-(.))?", ranges)
        for code in range(ord(first), ord(last or first) + 1)
    ]


_SAME_LENGTH: Final = {
    **{ord(c): " " for c in _characters(_SPACES)},
    **{ord(c): "-" for c in _characters(_HYPHENS) if c != "\u30fc"},
    **{ord(c): chr(ord(c) - 0xFEE0) for c in _characters(_FULL_WIDTH)},
    **{zero + digit: str(digit) for zero in _ZEROS for digit in range(10)},
    0x2024: ".",
    0xFE6B: "@",
    0x3002: ".",
}
"""Characters that become another one, in the same place."""
_INVISIBLES: Final = frozenset(_characters(_INVISIBLE))
_BACKSLASHES: Final = r"(?<!\\)\\++"
"""All of a run of them: begun within it, a search of a long one would take its square."""
_ESCAPED_JSON: Final = rf"{_BACKSLASHES}(?:[\"/nrt]|u[0-9a-fA-F]{{4}})"
_ENTITY: Final = r"&(?:#[0-9]{1,7};?|#[xX][0-9a-fA-F]{1,6};?|[a-zA-Z]{2,8};)"
_PERCENT: Final = r"%[2-7][0-9a-fA-F]"
_UNSPACED: Final = "\u3041-\u3096\u30a1-\u30fa\u30fc\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
"""Scripts that write no space between a word and a number or a Latin word."""
_SEAM: Final = f"(?<=[{_UNSPACED}])(?=[+(A-Za-z0-9])|(?<=[A-Za-z0-9)])(?=[{_UNSPACED}])"
_BROKEN_POINT: Final = r"(?<=[A-Za-z0-9])\[\.\](?=[A-Za-z0-9])"
"""The point of an address that is written so that nobody follows it: `84[.]23[.]17[.]201`."""
_WRITTEN_BREAK: Final = rf"{_BACKSLASHES}n(?=[0-9+(A-Z]|[a-z_]{{2,24}}[\"']?[ ]?[:=])"
"""A line break that was written out, before a number or a key."""
_IN_ASCII: Final = rf"{_ENTITY}|{_BACKSLASHES}u00[0-9a-fA-F]{{2}}|{_BROKEN_POINT}|{_WRITTEN_BREAK}"
_OUTSIDE_ASCII: Final = f"[{_INVISIBLE}]|{_SEAM}"
_FORM: Final = LazyPattern(
    r"(?:^|[?&;\s\"'(|])[\w.\[\]%-]{1,60}=[^\s&=+\"'<>]{0,60}(?:\+[^\s&=+\"'<>]{1,60})+"
)
"""A value of a form or a query, in which `+` stands for a space (HTML, form-urlencoded)."""
_CONTROL: Final = {"n": "\n", "r": "\r", "t": "\t"}
_PLACES: Final = "".join(rf"\x{{{zero:X}}}-\x{{{zero + 9:X}}}" for zero in _ZEROS)
_ODD: Final = (
    rf"[{_SPACES}\x{{2010}}-\x{{2013}}\x{{2212}}\x{{FE58}}\x{{FE63}}{_INVISIBLE}{_FULL_WIDTH}\x{{2024}}"
    rf"\x{{FE6B}}\x{{3002}}{_PLACES}]|&(?:#[0-9xX]|[a-zA-Z]{{2,8}};)|%[2-7][0-9a-fA-F]|\\[\"]"
    rf"|\\u00[0-9a-fA-F]{{2}}|[A-Za-z0-9]\[\.\][A-Za-z0-9]"
    rf"|\\n(?:[0-9+(A-Z]|[a-z_]{{2,24}}[\"']?[ ]?[:=])|[{_UNSPACED}][+(A-Za-z0-9]"
    rf"|[A-Za-z0-9)][{_UNSPACED}]|[\w\]]=[^\s&=+\"'<>]{{0,60}}\+[^\s&=+\"'<>]"
)
"""In the syntax of polars' engine, which takes linear time."""
_MAY_BE_ODD: Final = r"[&%\\\[+]"
"""One of these is in every text of ASCII that holds `_ODD`, and is looked for far sooner."""


class NormalText(Struct, frozen=True):
    """A text as it is searched, and where each of its pieces stands in the original."""

    text: str
    pieces: tuple[tuple[int, int, int, bool], ...] = ()
    """(offset here, first and last offset there, whether it is a copy), ascending; none: the same
    offsets throughout."""

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return the offsets in the original of a span that is not empty."""
        if not self.pieces:
            return start, end
        offset, first, _, copied = self._piece(start)
        last_offset, last_first, last, last_copied = self._piece(end - 1)
        return (
            first + (start - offset if copied else 0),
            last_first + (end - last_offset) if last_copied else last,
        )

    def _piece(self, offset: int) -> tuple[int, int, int, bool]:
        return self.pieces[bisect_right(self.pieces, offset, key=lambda piece: piece[0]) - 1]


def need_normalising(texts: pl.Series) -> pl.Series:
    """Say which texts hold anything that `normalise` would change.

    The answer for the last column is kept as long as it is: several searches read one in turn.
    """
    for last, needing in _LAST:
        if last() is texts:
            return needing
    foreign = texts.str.len_bytes() != texts.str.len_chars()
    possible = (foreign | texts.str.contains(_MAY_BE_ODD)).fill_null(value=False)
    places = possible.arg_true()
    needing = possible.scatter(places, texts.gather(places).str.contains(_ODD))
    _LAST[:] = [(ref(texts, lambda _: _LAST.clear()), needing)]
    return needing


_LAST: Final[list[tuple[ref[pl.Series], pl.Series]]] = []
"""The last column, and which of its texts need normalising; empty once the column is gone."""


@cache
def _rewritten(*, ascii_: bool, percent: bool, escaped: bool) -> re.Pattern[str]:
    """Return what is written otherwise; classes of other scripts take longest to compile."""
    forms = [_IN_ASCII]
    forms += [] if ascii_ else [_OUTSIDE_ASCII]
    forms += [_PERCENT] if percent else []
    forms += [_ESCAPED_JSON] if escaped else []
    return re.compile("|".join(forms))


def normalise(text: str, *, percent: bool = True, prefix: str = "") -> NormalText:
    """Return the text as it is searched, after a prefix that is not part of the original.

    `percent` says whether percent-encoding is decoded: passwords within URLs need theirs.
    """
    same = text.translate(_SAME_LENGTH)
    if percent and "+" in same and "=" in same:
        same = _FORM.sub(_with_spaces, same)
    pattern = _rewritten(ascii_=same.isascii(), percent=percent, escaped='\\"' in same)
    written, pieces, copied = [prefix], [], 0
    length = len(prefix)
    for match in pattern.finditer(same):
        plain = _plain(match.group())
        if plain is None:
            continue
        start, end = match.span()
        if start > copied:
            pieces.append((length, copied, start, True))
            written.append(same[copied:start])
            length += start - copied
        if plain:
            pieces.append((length, start, end, False))
            written.append(plain)
            length += len(plain)
        copied = end
    if not pieces and not prefix and not copied:
        return NormalText(same)
    pieces.append((length, copied, len(same), True))
    written.append(same[copied:])
    return NormalText("".join(written), tuple(pieces))


def _plain(written: str) -> str | None:
    """Return what an entity, an escape or an invisible character stands for; None: itself."""
    match written[:1]:
        case "":
            return " "
        case "&":
            return _entity(written[1:].rstrip(";"))
        case "[":
            return "."
        case "%":
            return chr(int(written[1:], 16))
        case "\\":
            return _escape(written.lstrip("\\"))
        case _:
            return ""


def _entity(name: str) -> str | None:
    if name.startswith("#"):
        code = int(name[1:].lstrip("xX"), 16 if name[1] in "xX" else 10)
        plain = chr(code) if 9 <= code < 0x110000 and not 0xD800 <= code < 0xE000 else ""
    else:
        plain = html5.get(f"{name};", "")
    if not plain:
        return None
    return "" if plain in _INVISIBLES else plain.translate(_SAME_LENGTH)


def _escape(name: str) -> str | None:
    if name.startswith("u"):
        return _entity(f"#x{name[1:]}")
    return _CONTROL.get(name, name)


def _with_spaces(form: "re.Match[str]") -> str:
    """Put spaces for the pluses of a value, unless it may be a sum: `x=3+4`."""
    name, _, value = form.group().partition("=")
    certain = name[:1] in {"?", "&"} or "%" in value or form.string[form.end() :][:1] == "&"
    if not certain and not any(c.isalpha() for c in value):
        return form.group()
    return f"{name}={value.replace('+', ' ')}"
