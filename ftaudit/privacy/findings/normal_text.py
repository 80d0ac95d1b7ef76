"""Text as it is searched: one spelling for spaces, hyphens, digits, entities and escapes.

Word processors, web pages and tool calls write the same value in many ways: no-break spaces and
hyphens, dashes, zero-width marks, full-width and other digits, HTML entities, percent-encoding,
quotes escaped within a string, marks escaped in Markdown, line breaks of Windows. Where Chinese,
Japanese or Korean meets a number or a Latin word, a space is put, so that words end there as they
do elsewhere. Patterns see the plain spelling; findings are reported where they stand in the
original. Most texts need none of it, and are searched as they are.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from functools import cache
from html.entities import html5
from types import MappingProxyType
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
    0x00B7: ".",
    0x2024: ".",
    0xFE6B: "@",
    0x3002: ".",
}
"""Characters that become another one, in the same place."""
_INVISIBLES: Final = frozenset(_characters(_INVISIBLE))
_BACKSLASHES: Final = r"(?<!\\)\\++"
"""All of a run of them: begun within it, a search of a long one would take its square."""
_ESCAPED_JSON: Final = rf"{_BACKSLASHES}r{_BACKSLASHES}n|{_BACKSLASHES}[\"/nrt]"
_ENTITY: Final = (
    rf"{_BACKSLASHES}&(?:quot|#0?34|#[xX]22);"
    r"|&(?:amp;){0,2}(?:#[0-9]{1,7};?|#[xX][0-9a-fA-F]{1,6};?|[a-zA-Z]{2,8};)"
)
"""An entity, also one whose `&` was escaped again, or a quote that was escaped twice."""
_PERCENT: Final = (
    r"%(?:25){0,2}[2-7][0-9a-fA-F]|%0[9aAdD]|%[c-dC-D][0-9a-fA-F]%[89abAB][0-9a-fA-F]"
    r"|%[eE][0-9a-fA-F](?:%[89abAB][0-9a-fA-F]){2}|%[fF][0-4](?:%[89abAB][0-9a-fA-F]){3}"
)
"""A character of ASCII, encoded once or up to three times, or the bytes of another one in UTF-8."""
_UNSPACED: Final = "\u3041-\u3096\u30a1-\u30fa\u30fc\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
"""Scripts that write no space between a word and a number or a Latin word."""
_SEAM: Final = f"(?<=[{_UNSPACED}])(?=[+(A-Za-z0-9])|(?<=[A-Za-z0-9)])(?=[{_UNSPACED}])"
_BROKEN_POINT: Final = r"(?<=[A-Za-z0-9])\[\.\](?=[A-Za-z0-9])"
"""The point of an address that is written so that nobody follows it: `84[.]23[.]17[.]201`."""
_WRITTEN_BREAK: Final = (
    rf"(?:{_BACKSLASHES}r)?{_BACKSLASHES}n(?=[0-9+(A-Z]|[a-z_]{{2,24}}[\"']?[ ]?[:=])"
)
"""A line break that was written out, before a number or a key."""
_ESCAPED_MARK: Final = r"(?<=[A-Za-z0-9])\\++(?=[-_.@+][A-Za-z0-9])|(?<!\\)\\(?=\+[0-9])"
"""The backslash by which Markdown or a manual page takes a mark as it is: `ann\\_lee`."""
_IN_ASCII: Final = (
    rf"{_ENTITY}|{_BACKSLASHES}u[0-9a-fA-F]{{4}}|{_BROKEN_POINT}|{_WRITTEN_BREAK}|{_ESCAPED_MARK}"
    r"|\r++[\n\t]"
)
_OUTSIDE_ASCII: Final = f"[{_INVISIBLE}]|(?<=[0-9])[\u2014\u2015](?=[0-9])|{_SEAM}"
_LITERAL: Final = LazyPattern(r"(?<!\\)\"(?:[^\"\\\n]|\\[^\n])*+\"")
"""A string of JSON or of code, within one line."""
_NESTED: Final = LazyPattern(r"(?<!\\)(\\++)\"((?:[^\"\\\n]|\\++[^\"\\\n])*+)(\\++)\"")
"""A string within such a string."""
_WRITTEN: Final = LazyPattern(r"\\[^\n]")
_WRITTEN_DEEPER: Final = LazyPattern(r"\\++[nrt]")
_AT_ONCE: Final = {r"\n": "\r\n", r"\t": "\r\t", r"\r": "\r\r"}
_SEAMS: Final = LazyPattern(_SEAM)
_FORM: Final = LazyPattern(
    rf"(?:^|[?&;\s\"'(|{_INVISIBLE}])"
    r"[\w.\[\]%-]{1,60}=[^\s&=+\"'<>]{0,60}(?:\+[^\s&=+\"'<>]{1,60})+"
)
"""A value of a form or a query, in which `+` stands for a space (HTML, form-urlencoded)."""
_JOINING_PLUS: Final = LazyPattern(r"(?<=[^:=(])\+")
"""A plus that stands for a space: the first of a value, or after a colon, leads a number."""
_CONTROL: Final = {"n": "\n", "r": "\r", "t": "\t"}
_PLACES: Final = "".join(rf"\x{{{zero:X}}}-\x{{{zero + 9:X}}}" for zero in _ZEROS)
_ODD: Final = (
    rf"[{_SPACES}\x{{2010}}-\x{{2013}}\x{{2212}}\x{{FE58}}\x{{FE63}}{_INVISIBLE}{_FULL_WIDTH}\x{{B7}}\x{{2024}}"
    rf"\x{{FE6B}}\x{{3002}}{_PLACES}]|&(?:#[0-9xX]|[a-zA-Z]{{2,8}};)|%(?:[2-7c-fC-F][0-9a-fA-F]|0[9aAdD])"
    rf"|\r[\n\t]|\\[\"]|[0-9][\x{{2014}}\x{{2015}}][0-9]|[A-Za-z0-9]\\+[-_.@+][A-Za-z0-9]|\\\+[0-9]"
    rf"|\\u[0-9a-fA-F]{{4}}|[A-Za-z0-9]\[\.\][A-Za-z0-9]"
    rf"|\\n[^\n]*\"|\\n(?:[0-9+(A-Z]|[a-z_]{{2,24}}[\"']?[ ]?[:=])|[{_UNSPACED}][+(A-Za-z0-9]"
    rf"|[A-Za-z0-9)][{_UNSPACED}]|[\w\]]=[^\s&=+\"'<>]{{0,60}}\+[^\s&=+\"'<>]"
)
"""In the syntax of polars' engine, which takes linear time."""
_MAY_BE_ODD: Final = r"[&%\\\[+\r]"
"""One of these is in every text of ASCII that holds `_ODD`, and is looked for far sooner."""


class NormalText(Struct, frozen=True):
    """A text as it is searched, and where each of its pieces stands in the original."""

    text: str
    pieces: tuple[tuple[int, int, int, bool], ...] = ()
    """(offset here, first and last offset there, whether it is a copy), ascending; none: the same
    offsets throughout."""
    source: "NormalText | None" = None
    """The text that this one was made of, where the original was rewritten twice."""

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return the offsets in the original of a span that is not empty."""
        there = self._place(start, end)
        return there if self.source is None else self.source.place(*there)

    def _place(self, start: int, end: int) -> tuple[int, int]:
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
    normal = _rewrite(text, prefix, percent=percent)
    if text.isascii() and not normal.text.isascii() and _SEAMS.search(normal.text):
        seamed = _rewrite(normal.text, "", percent=False)  # letters that were written as escapes
        return NormalText(seamed.text, seamed.pieces, normal)
    return normal


def _rewrite(text: str, prefix: str, *, percent: bool) -> NormalText:
    same = text.translate(_SAME_LENGTH)
    if percent and "+" in same and "=" in same:
        same = _FORM.sub(_with_spaces, same)
    if "\\n" in same and '"' in same:
        same = _LITERAL.sub(_with_breaks, _NESTED.sub(_with_nested_breaks, same))
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
    reader = _READERS.get(written[:1])
    return reader(written) if reader else ""


def _entity(name: str) -> str | None:
    if name.startswith("#"):
        code = int(name[1:].lstrip("xX"), 16 if name[1] in "xX" else 10)
        plain = chr(code) if 9 <= code < 0x110000 and not 0xD800 <= code < 0xE000 else ""
    else:
        plain = html5.get(f"{name};", "")
    if not plain:
        return None
    return "" if plain in _INVISIBLES else plain.translate(_SAME_LENGTH)


def _percent(written: str) -> str | None:
    code = written[-2:] if written.startswith("%25") else written.replace("%", "")
    try:
        plain = bytes.fromhex(code).decode()
    except UnicodeDecodeError:  # another encoding
        return None
    return "" if plain in _INVISIBLES else plain.translate(_SAME_LENGTH)


def _escape(name: str) -> str | None:
    if name.startswith("u"):
        return _entity(f"#x{name[1:]}")
    if name.startswith("&"):
        return '"'
    return _CONTROL.get(name[-1:], name)


def _with_breaks(literal: "re.Match[str]") -> str:
    """Put line breaks for the quotes of a string in which breaks are written: it is of lines."""
    within = literal.group()
    return f"\n{_WRITTEN.sub(_at_once, within[1:-1])}\n" if "\\n" in within else within


def _with_nested_breaks(literal: "re.Match[str]") -> str:
    opened, within, closed = literal.groups()
    if "\\n" not in within:
        return literal.group()
    plain = _WRITTEN_DEEPER.sub(_deeper_at_once, within)
    return "\r" * len(opened) + f"\n{plain}" + "\r" * len(closed) + "\n"


def _deeper_at_once(escape: "re.Match[str]") -> str:
    written = escape.group()
    return "\r" * (len(written) - 1) + _CONTROL[written[-1]]


def _at_once(escape: "re.Match[str]") -> str:
    """Put what is read as one break or tab later, as long as its escape."""
    return _AT_ONCE.get(escape.group(), escape.group())


def _with_spaces(form: "re.Match[str]") -> str:
    """Put spaces for the pluses of a value, unless it may be a sum: `x=3+4`."""
    name, _, value = form.group().partition("=")
    certain = name[:1] in {"?", "&"} or "%" in value or form.string[form.end() :][:1] == "&"
    if not certain and not any(c.isalpha() for c in value):
        return form.group()
    return f"{name}={_JOINING_PLUS.sub(' ', value)}"


_READERS: Final[Mapping[str, Callable[[str], str | None]]] = MappingProxyType(
    {
        "": lambda _: " ",
        "\r": lambda written: written[-1],
        "\u2014": lambda _: "-",
        "\u2015": lambda _: "-",
        "&": lambda written: _entity(written.rstrip(";").rsplit("amp;", 1)[-1].removeprefix("&")),
        "[": lambda _: ".",
        "%": _percent,
        "\\": lambda written: _escape(written.lstrip("\\")),
    }
)
"""First character of what is written → what it stands for."""
