"""A span of a text: one match of one recognizer."""

from typing import NamedTuple


class Span(NamedTuple):
    """One match of one recognizer. Holds no text of the data."""

    entity: str
    """Type of what was found, such as `EMAIL_ADDRESS`."""
    start: int
    """Offset of its first character."""
    end: int
    """Offset after its last character."""
    score: float
    """Confidence of the recognizer, in (0, 1]."""
    recognizer: str
    """Name of the recognizer that found it."""


def by_place(span: Span) -> tuple[int, int, str, str, float]:
    """Return the key by which spans of a text are sorted."""
    return span.start, span.end, span.entity, span.recognizer, span.score
