"""Mask values, so that a finding can be shown without its value."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from ftaudit.model.lazy_pattern import LazyPattern
from ftaudit.privacy.findings.span import Span

_LONGEST: Final = 16
"""Characters of a shape; the length is told beside it."""
_LIKE_DATA: Final = LazyPattern(r"@|\d(?:[ .-]?\d){5}|.{61}")
_KEPT: Final = frozenset(" .-_@/:+()#,")
"""Separators that say what kind of value it is and nothing of its content."""


def shape(value: str) -> str:
    """Return the masked shape of `value`: digits as `d`, separators kept, all else as `*`.

    A card number becomes `dddd dddd dddd d…`, an e-mail address `****.***@*******…`: at most 16
    characters, no letter and no digit of the value.
    """
    masked = "".join(_mask(c) for c in value[:_LONGEST])
    return masked if len(value) <= _LONGEST else masked[:-1] + "…"


def detail(value: str) -> str:
    """Return the shape of `value` and its length in characters: `dddd-**** (9)`."""
    return f"{shape(value)} ({len(value)})"


@lru_cache(4096)
def mask_path(path: str) -> str:
    """Return the path of a field with keys that look like data, not like names, as shapes.

    Keys of nested objects are sometimes values: an e-mail address, an account number. A key that
    holds an `@` or six digits, or is longer than 60 characters, is masked.
    """
    return ".".join(shape(key) if _LIKE_DATA.search(key) else key for key in _keys(path))


def _keys(path: str) -> list[str]:
    """Split a path into keys; with an `@` all below the column is one, for dots are its own."""
    return path.split(".", 1) if "@" in path else path.split(".")


def mask_text(text: str, spans: Iterable[Span]) -> str:
    """Return `text` with every span replaced by its entity in brackets.

    Spans may overlap and come in any order: what overlaps is replaced as one, named after the
    span with the best score.
    """
    pieces, end = [], 0
    for group in merged(spans):
        start, stop = min(s.start for s in group), max(s.end for s in group)
        name = min(group, key=lambda s: (-s.score, s.start, s.entity)).entity
        pieces += [text[end:start], f"[{name}]"]
        end = stop
    return "".join([*pieces, text[end:]])


def _mask(character: str) -> str:
    if character in _KEPT:
        return character
    return "d" if character.isdecimal() else "*"


def merged(spans: Iterable[Span]) -> list[list[Span]]:
    """Group spans that overlap, groups and spans by ascending start, the longer span first."""
    groups: list[list[Span]] = []
    end = -1
    for span in sorted(spans, key=lambda s: (s.start, -s.end, s.entity)):
        if groups and span.start < end:
            groups[-1].append(span)
        else:
            groups.append([span])
        end = max(end, span.end)
    return groups
