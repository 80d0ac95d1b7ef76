"""Give types to the parts of Presidio's recognizers that ftaudit reads."""

from collections.abc import Sequence
from typing import Any, Protocol


class Pattern(Protocol):
    """One regular expression of a pattern recognizer, for the `regex` module."""

    regex: str
    score: float


class Result(Protocol):
    """One result of a recognizer."""

    entity_type: str
    start: int
    end: int
    score: float
    recognition_metadata: dict[str, Any] | None


class Recognizer(Protocol):
    """An `EntityRecognizer`."""

    name: str
    supported_entities: list[str]
    supported_language: str
    context: list[str] | None
    score_thresholds: dict[str, float]

    def country_code(self) -> str | None:
        """Return the country it is for."""

    def analyze(
        self,
        text: str,
        entities: Sequence[str],
        nlp_artifacts: Any,  # noqa: ANN401 - Presidio's own
    ) -> list[Result] | None:
        """Return what it finds in a text."""


class PatternRecognizer(Recognizer, Protocol):
    """A `PatternRecognizer`."""

    patterns: list[Pattern]
    global_regex_flags: int | None

    def validate_result(self, pattern_text: str) -> bool | None:
        """Return whether a match is certainly right, certainly wrong, or neither."""

    def invalidate_result(self, pattern_text: str) -> bool | None:
        """Return whether a match is certainly wrong."""


class PhoneRecognizer(Recognizer, Protocol):
    """A `PhoneRecognizer`."""

    supported_regions: Sequence[str]
    leniency: int
    SCORE: float
