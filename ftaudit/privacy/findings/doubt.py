"""Doubt findings that are right in shape and wrong in fact, before they are resolved.

The rules come from reading what plain Presidio reports on dialogue, intents and arithmetic
(gsm8k, banking77, GPTeacher roleplay) and on one half of an annotated set.
"""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from ftaudit.privacy.findings.span import Span

CERTAIN: Final = 0.8
"""From this score on (a checksum, or a cue in the pattern) a finding is not doubted."""
CUED: Final = 0.5
"""From this score on a phone number had a context word nearby (Presidio adds 0.35 to 0.4)."""

THRESHOLD: Final = 0.4
"""Below it Presidio's findings are mostly noise: US_DRIVER_LICENSE has a precision of .03 there."""
_NEAR: Final = 60
"""Characters in which a word counts as near."""

_SCHEME: Final = re.compile(r"[\"']?(?:https?://|www\d{0,3}\.)", re.IGNORECASE)
_NO_WORD: Final = re.compile(
    r"\.(?:com|org|net|edu|gov|mil|info|biz|io|ai|dev|app|co\.[a-z]{2}|com\.[a-z]{2}|ac\.[a-z]{2}"
    r"|de|fr|uk|nl|pl|se|fi|dk|cz|sk|hu|ch|eu|jp|cn|kr|br|ru|ca|au|nz|ie|mx|ar|cl|za|tr|gr|pt"
    r"|ro|ua|il|sg|hk|tw)$"
)
_TIMESTAMP: Final = re.compile(
    r"\s*(?:\d{4}[-/.]?\d{1,2}[-/.]?\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})[T ](?P<clock>\d{1,2}"
    r"(?::?\d{2}){1,2}(?:[.,]\d{1,9})?(?:[ ]?[AaPp][Mm])?)"
    r"[ ]?(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?\s*"
)
"""A date with a clock time (ISO 8601, its basic form, and what spreadsheets make of it)."""
_EPOCH: Final = re.compile(r"\s*1\d{9}(?:\d{3}|\.\d{1,9})?\s*")
"""Seconds or milliseconds since 1970: from 2001 to 2033."""
_ARITHMETIC: Final = frozenset("=<>$€£¥*\u00d7÷%^~|")
_SEPARATOR: Final = re.compile(r"[ .()/-]+")


def reweighed(text: str, span: Span) -> Span | None:
    """Return `span`, found in `text`, with the score it deserves; None when it cannot be right."""
    doubt = _DOUBTS.get(span.entity)
    if doubt is None:
        return span
    score = doubt(text, span)
    return span._replace(score=score) if score else None


def _url(text: str, span: Span) -> float:
    """Ask a bare domain to end where a word ends, in lower case, under no domain that is a word."""
    value = text[span.start : span.end].strip("\"'")
    if _SCHEME.match(value):
        return span.score
    if text[span.end : span.end + 1].isalnum() or ".." in value:
        return 0.0
    host = value.split("/", 1)[0]
    return span.score if _NO_WORD.search(host) else 0.0


def _date(text: str, span: Span) -> float:
    """Ask for more than a machine's timestamp that is a whole cell: when a row was written.

    Midnight without a time zone counts as a bare date: so databases write dates of birth.
    """
    whole = _TIMESTAMP.fullmatch(text)
    if whole is None:
        return span.score
    midnight = not any(c in "123456789" for c in whole["clock"])
    return span.score if midnight and not whole["zone"] else 0.0


def _phone(text: str, span: Span) -> float:
    """Ask a number with no cue to be punctuated like one, and to stand outside of arithmetic.

    A whole cell that counts the seconds since 1970 is a timestamp: no number is dialled so.
    """
    if span.score >= CERTAIN:
        return span.score
    if _EPOCH.fullmatch(text):
        return 0.0
    value = text[span.start : span.end]
    count = sum(c.isdigit() for c in value)
    groups = len(_SEPARATOR.split(value.strip("() ")))
    if span.score >= CUED or value.startswith(("+", "(")):
        dialled = count >= 7
    else:
        dialled = count >= 9 and (groups >= 3 or (value.isdigit() and count in (10, 11)))
    return span.score if dialled and not _in_arithmetic(text, span) else 0.0


def _in_arithmetic(text: str, span: Span) -> bool:
    before = text[max(0, span.start - 3) : span.start].rstrip(" ")[-1:]
    after = text[span.end : span.end + 3].lstrip(" ")[:1]
    return before in _ARITHMETIC or after in _ARITHMETIC


def _license(text: str, span: Span) -> float:
    """Ask for five characters: no state has shorter licence numbers."""
    return span.score if sum(c.isalnum() for c in text[span.start : span.end]) >= 5 else 0.0


def _one_check_digit(cue: "re.Pattern[str]") -> Callable[[str, Span], float]:
    """Trust one check digit, which a tenth of all numbers pass, only near a word that fits."""

    def doubt(text: str, span: Span) -> float:
        if _EPOCH.fullmatch(text):
            return 0.0
        around = text[max(0, span.start - 1) : span.start] + text[span.end : span.end + 1]
        if any(c.isalnum() for c in around):
            return 0.0
        near = text[max(0, span.start - _NEAR) : span.end + _NEAR]
        return span.score if cue.search(near) else min(span.score, THRESHOLD)

    return doubt


_DOUBTS: Final[Mapping[str, Callable[[str, Span], float]]] = MappingProxyType(
    {
        "URL": _url,
        "DATE_TIME": _date,
        "PHONE_NUMBER": _phone,
        "US_DRIVER_LICENSE": _license,
        "UK_NHS": _one_check_digit(re.compile(r"\bnhs\b|national health|patient", re.IGNORECASE)),
        "MEDICAL_LICENSE": _one_check_digit(
            re.compile(r"\bdea\b|medical|licen[cs]e|prescri|practitioner|physician", re.IGNORECASE)
        ),
    }
)
