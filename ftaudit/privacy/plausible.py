"""Doubt findings that are right in shape and wrong in fact, before they are resolved.

The rules come from reading what plain Presidio reports on dialogue, intents and arithmetic
(gsm8k, banking77, GPTeacher roleplay) and on one half of an annotated set.
"""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from ftaudit.privacy.span import Span

CERTAIN: Final = 0.8
"""From this score on (a checksum, or a cue in the pattern) a finding is not doubted."""
CUED: Final = 0.5
"""From this score on a phone number had a context word nearby (Presidio adds 0.35 to 0.4)."""

_SCHEME: Final = re.compile(r"[\"']?(?:https?://|www\d{0,3}\.)", re.IGNORECASE)
_WORDLIKE: Final = re.compile(
    r"\.(?:com|org|net|edu|gov|mil|info|biz|io|ai|dev|app|co\.[a-z]{2}|com\.[a-z]{2}|ac\.[a-z]{2}"
    r"|de|fr|uk|nl|pl|se|fi|dk|cz|sk|hu|ch|eu|jp|cn|kr|br|ru|ca|au|nz|ie|mx|ar|cl|za|tr|gr|pt"
    r"|ro|ua|il|sg|hk|tw)$"
)
_ARITHMETIC: Final = frozenset("=<>$€£¥*\u00d7÷%^~|")
_SEPARATOR: Final = re.compile(r"[ .()/-]+")


def plausible(text: str, span: Span) -> bool:
    """Say whether `span`, found in `text`, can be what its entity says."""
    doubt = _DOUBTS.get(span.entity)
    return doubt is None or doubt(text, span)


def _url(text: str, span: Span) -> bool:
    """Ask a bare domain to end where a word ends, in lower case, under no domain that is a word."""
    value = text[span.start : span.end].strip("\"'")
    if _SCHEME.match(value):
        return True
    if text[span.end : span.end + 1].isalnum() or ".." in value:
        return False
    host = value.split("/", 1)[0]
    return _WORDLIKE.search(host) is not None


def _phone(text: str, span: Span) -> bool:
    """Ask a number with no cue to be punctuated like one, and to stand outside of arithmetic."""
    if span.score >= CERTAIN:
        return True
    value = text[span.start : span.end]
    if _in_arithmetic(text, span):
        return False
    count = sum(c.isdigit() for c in value)
    if span.score >= CUED:
        return count >= 7
    if value.startswith(("+", "(")):
        return count >= 7
    groups = len(_SEPARATOR.split(value.strip("() ")))
    return count >= 9 and (groups >= 3 or (value.isdigit() and count in (10, 11)))


def _in_arithmetic(text: str, span: Span) -> bool:
    before = text[max(0, span.start - 3) : span.start].rstrip(" ")[-1:]
    after = text[span.end : span.end + 3].lstrip(" ")[:1]
    return before in _ARITHMETIC or after in _ARITHMETIC


def _license(text: str, span: Span) -> bool:
    """Ask for five characters: no state has shorter licence numbers."""
    return sum(c.isalnum() for c in text[span.start : span.end]) >= 5


_DOUBTS: Final[Mapping[str, Callable[[str, Span], bool]]] = MappingProxyType(
    {"URL": _url, "PHONE_NUMBER": _phone, "US_DRIVER_LICENSE": _license}
)
