"""Where something was found in a text."""

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
