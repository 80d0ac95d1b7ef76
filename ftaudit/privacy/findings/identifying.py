"""Which findings identify a person: not every one does by itself."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

from ftaudit.privacy.findings.entity_types import INDIRECT
from ftaudit.privacy.findings.span import Span
from ftaudit.privacy.findings.stand_ins import is_stand_in

_LOW: Final = 0.45
"""Score, inclusive, up to which a name is a guess: a title and a surname, as in fiction."""
_ALONE: Final = 0.7
"""Score, inclusive, of a name by a greeting or a relation: "Hello Kitty", "my friend Bob"."""
_BARE: Final = 0.4
"""Score, inclusive, of digits that fill a cell whose column says nothing: any number may be one."""
_ONE_CHECK_DIGIT: Final = frozenset({"UK_NHS", "MEDICAL_LICENSE"})
_DIALLED: Final = 10
"""Digits from which a number that begins with a zero is one that is dialled."""
_NEAR: Final = 200
"""Characters within which a contact or an id makes such a name a person's."""


def identifying(text: str, spans: Sequence[Span]) -> list[bool]:
    """Say of each span, by ascending start, whether it identifies a person.

    Dates, ages and places do not, nor do documented stand-ins (555-01xx, example.com). A title
    with a surname alone ("Mr. Benson") and a given name in a greeting ("Hi Ann,") do so only
    beside something else that does, a name of one word beside stand-ins alone is as invented as
    they are, and digits alone in a cell are an order, a count or a phone number: nothing tells
    which.
    """
    certain = [
        span.entity not in INDIRECT
        and not _is_guess(text, span)
        and not _is_bare(text, span)
        and not is_stand_in(span.entity, text[span.start : span.end])
        for span in spans
    ]
    invented = _beside_stand_ins(text, spans, certain)
    certain = [sure and span not in invented for span, sure in zip(spans, certain, strict=True)]
    places = [span for span, sure in zip(spans, certain, strict=True) if sure]
    return [
        sure or (_is_guess(text, span) and _is_beside(span, places))
        for span, sure in zip(spans, certain, strict=True)
    ]


def _beside_stand_ins(text: str, spans: Sequence[Span], certain: Sequence[bool]) -> set[Span]:
    """Return the names of one word that only stand-ins stand beside, and are as invented."""
    printed = [span for span in spans if is_stand_in(span.entity, text[span.start : span.end])]
    if not printed:
        return set()
    words = {span for span in spans if _is_word(text, span)}
    real = [span for span, sure in zip(spans, certain, strict=True) if sure and span not in words]
    return {s for s in words if _is_beside(s, printed) and not _is_beside(s, real)}


def _is_guess(text: str, span: Span) -> bool:
    """Say whether a name may be that of a character, of a brand, or of any of thousands."""
    if span.entity != "PERSON" or span.score > _ALONE:
        return False
    value = text[span.start : span.end]
    return span.score <= _LOW or (value.isascii() and value.isalpha())


def _is_word(text: str, span: Span) -> bool:
    """Say whether a name is one word, in a script with capitals: others write whole names so."""
    value = text[span.start : span.end]
    return span.entity == "PERSON" and value.isalpha() and value.upper() != value.lower()


def _is_bare(text: str, span: Span) -> bool:
    """Say whether a number or a code is all there is, and has no cue: any is like one in ten."""
    if span.score > _BARE:
        return False
    value = text[span.start : span.end]
    if span.entity in _ONE_CHECK_DIGIT:
        return text.strip() == value
    dialled = value[0] == "0" and len(value) >= _DIALLED
    number = span.entity == "PHONE_NUMBER" and value.isdecimal() and not dialled
    return number and text.strip() == value


def _is_beside(span: Span, places: Sequence[Span]) -> bool:
    index = bisect_left(places, span.start, key=lambda place: place.start)
    return any(
        span.start - _NEAR <= place.end and place.start <= span.end + _NEAR
        for place in places[max(0, index - 1) : index + 1]
    )
