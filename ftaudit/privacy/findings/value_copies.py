"""Copies of a value elsewhere in its row: in another case or encoding, over lines, in pieces.

A detector finds a value by its shape or by the words before it; a copy has neither. What shows a
row therefore masks its copies as well, here.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from msgspec import Struct

from ftaudit.model.lazy_pattern import LazyPattern
from ftaudit.privacy.findings.span import Span

_SHORTEST: Final = 6
"""Letters and digits of the shortest value whose copies are looked for: an age stays."""
_PIECE: Final = 8
"""Letters and digits of the shortest piece that is masked of a value with both of them."""
_LONGEST: Final = 64
"""Letters and digits that are compared at a time, so that time grows with the text alone."""
_UNIT: Final = LazyPattern(
    r"(?:%[0-9a-fA-F]{2})+|&#[xX]?[0-9a-fA-F]{1,6};|\\u[0-9a-fA-F]{4}|\\[nrt]|[^\W_]"
)
"""What yields letters and digits: one of them, or a code that stands for some, or for a break."""


class _Letters(Struct, frozen=True):
    """The letters and digits of a text in small letters, and where each of them stands in it."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]


def copies(text: str, values: Mapping[str, str]) -> list[Span]:
    """Return the places of a text where a value stands again, whatever its case and breaks.

    Only letters and digits are compared, decoded from percent-encoding, entities and escapes. Of a
    value with letters and digits, as keys have them, pieces are found too.

    Args:
        text: any text of the row in which the values were found.
        values: value → entity type.
    """
    letters = _letters(text)
    return [
        Span(entity, letters.starts[start], letters.ends[end - 1], 0.0, "")
        for size, pieces in _pieces(values).items()
        for start, end, entity in _places(letters.text, size, pieces)
    ]


def _pieces(values: Mapping[str, str]) -> dict[int, dict[str, str]]:
    """Return length → pieces of that length → entity type, of all values."""
    by_size: dict[int, dict[str, str]] = {}
    for value, entity in values.items():
        sought = _letters(value).text
        if len(sought) < _SHORTEST:
            continue
        size = min(len(sought), _LONGEST)
        if not sought.isalpha() and not sought.isdecimal():
            size = min(size, _PIECE)
        pieces = by_size.setdefault(size, {})
        for at in range(len(sought) - size + 1):
            pieces.setdefault(sought[at : at + size], entity)
    return by_size


def _places(text: str, size: int, pieces: Mapping[str, str]) -> Iterator[tuple[int, int, str]]:
    """Yield first and behind last character of every run of pieces in `text`, and their type."""
    begun, end, entity = 0, -1, ""
    for at in range(len(text) - size + 1):
        if (matched := pieces.get(text[at : at + size])) is not None:
            if at > end:
                if entity:
                    yield begun, end, entity
                begun, entity = at, matched
            end = at + size
    if entity:
        yield begun, end, entity


def _letters(text: str) -> _Letters:
    characters: list[tuple[str, int, int]] = [
        (character, match.start(), match.end())
        for match in _UNIT.finditer(text)
        for character in _decoded(match[0])
    ]
    return _Letters(
        "".join(character for character, _, _ in characters),
        tuple(start for _, start, _ in characters),
        tuple(end for _, _, end in characters),
    )


def _decoded(unit: str) -> Iterable[str]:
    """Return the letters and digits, one by one, that a unit of text stands for."""
    if unit.startswith("%"):
        unit = bytes.fromhex(unit.replace("%", "")).decode(errors="ignore")
    elif unit.startswith("&#"):
        digits = unit[2:-1]
        code = _number(digits[1:], 16) if digits[0] in "xX" else _number(digits, 10)
        unit = chr(code) if 0 < code < 0x110000 else ""
    elif unit.startswith("\\u"):
        unit = chr(_number(unit[2:], 16))
    elif unit.startswith("\\"):
        return ()
    folded = unicodedata.normalize("NFKC", unit).casefold()
    return [character for character in folded if character.isalnum()]


def _number(digits: str, base: int) -> int:
    try:
        return int(digits, base)
    except ValueError:
        return 0
