"""Search texts by what is known of recognizers, without loading Presidio and spaCy.

Most recognizers find what their patterns match, and where nothing matches, or nothing judges a
match and no context word stands in the text, that is all there is to know. Of any other text this
search says nothing, and Presidio's own recognizers are asked.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final

import msgspec

from ftaudit.privacy.findings.span import Span, by_place
from ftaudit.privacy.presidio.pattern_run import PatternPlaces, PatternRun, RecognizerMatch, prune
from ftaudit.privacy.presidio.recognizer_guard import RecognizerGuard
from ftaudit.privacy.presidio.score_floor import EVERY_SCORE, ScoreFloor

if TYPE_CHECKING:
    from ftaudit.privacy.presidio.phone_search import PhoneSearch

_SIGMAS: Final = frozenset("\u03c3\u03c2")
"""Which of these a capital sigma becomes depends on whether the word goes on."""


def words_within(lowered: str, words: Iterable[str]) -> list[str]:
    """Return the context words (lower case) that may stand in a text, which is in lower case."""
    return [word for word in words if word in lowered or not _SIGMAS.isdisjoint(word)]


class PatternOutline(msgspec.Struct, frozen=True):
    """A pattern of a recognizer."""

    pattern: str
    flags: int
    score: float
    timeout: float
    """Seconds that Presidio allows for one text."""
    places: PatternPlaces


class RecognizerOutline(msgspec.Struct, frozen=True):
    """What is known of a recognizer; without patterns and regions, only Presidio can run it."""

    name: str
    language: str
    entity: str
    context: tuple[str, ...]
    """Its context words, in lower case."""
    thresholds: dict[str, float]
    patterns: tuple[PatternOutline, ...] = ()
    """Of one that searches its patterns as Presidio does."""
    judged: bool = False
    """Whether it has a method that judges what its patterns match."""
    regions: tuple[str, ...] = ()
    """Of one that searches phone numbers (ISO 3166-1 alpha-2)."""
    score: float = 0.0
    """Of a phone number."""


class OutlinedSearch:
    """Spans of texts, as far as outlines of recognizers tell."""

    def __init__(self, outlines: Sequence[RecognizerOutline], shapes: Sequence[int | None]) -> None:
        """Take the recognizers, and of each the index of its prefilter among the distinct ones."""
        self._known = [_OutlinedRecognizer(outline) for outline in outlines]
        self._of_shape: dict[int, list[int]] = {}
        for i, shape in enumerate(shapes):
            if shape is not None:
                self._of_shape.setdefault(shape, []).append(i)

    def spans(
        self, text: str, shapes: Sequence[int], floor: ScoreFloor = EVERY_SCORE
    ) -> list[Span] | None:
        """Return what the recognizers of prefilters find in a text, by place; None: unknown.

        Findings below the `floor` may be left out.
        """
        chosen = [self._known[i] for i in sorted(i for s in shapes for i in self._of_shape[s])]
        kept: dict[str, list[RecognizerMatch]] = {}
        for recognizer in chosen:
            if recognizer.is_low(text, floor):
                continue
            matches = recognizer.matches(text)
            if matches is None:
                return None
            kept.setdefault(recognizer.outline.language, []).extend(matches)
        spans = {
            Span(m.entity, m.start, m.end, m.score, m.recognizer)
            for matches in kept.values()
            for m in prune(matches)
        }
        return sorted(spans, key=by_place)


class _OutlinedRecognizer:
    """One recognizer, as far as its outline tells."""

    def __init__(self, outline: RecognizerOutline) -> None:
        self.outline = outline

    @cached_property
    def _runs(self) -> list[PatternRun]:
        return [
            PatternRun(p.pattern, p.flags, p.score, timeout=p.timeout, places=p.places)
            for p in self.outline.patterns
        ]

    @cached_property
    def _phones(self) -> "PhoneSearch":
        from ftaudit.privacy.presidio.phone_search import PhoneSearch

        return PhoneSearch(self.outline.regions)

    def is_low(self, text: str, floor: ScoreFloor) -> bool:
        """Return whether all that it may find in a text scores below the floor."""
        return self._highest < floor.of(self.outline.entity) and not self._may_be_supported(text)

    @cached_property
    def _highest(self) -> float:
        """The highest score that it gives where no context word is in the text."""
        if self.outline.judged or not self.outline.patterns:
            return 1.0
        return max(pattern.score for pattern in self.outline.patterns)

    def matches(self, text: str) -> list[RecognizerMatch] | None:
        """Return its matches in a text, before those of others are looked at; None: unknown."""
        outline, places = self.outline, None
        with RecognizerGuard(outline.name):  # what raises here, raises when Presidio runs it, too
            places = self._places(text)
        if places is None or (places and (outline.judged or self._may_be_supported(text))):
            return None
        matches = [RecognizerMatch(outline.entity, *place, outline.name) for place in places]
        if outline.patterns:
            matches = prune([match for match in matches if match.score > 0])
        least = outline.thresholds.get(outline.entity, outline.thresholds.get("default", 0))
        return [match for match in matches if match.score >= least]

    def _places(self, text: str) -> list[tuple[int, int, float]] | None:
        """Return (start, end, score) of what it finds in a text; None: unknown."""
        if self.outline.patterns:
            return list(self._pattern_places(text))
        if self.outline.regions:
            from ftaudit.privacy.presidio.phone_search import longest_only

            places = self._phones.find(text)
            if places is not None:
                return [(a, b, self.outline.score) for a, b in longest_only(places)]
        return None

    def _pattern_places(self, text: str) -> Iterator[tuple[int, int, float]]:
        data = text.encode()
        for run in self._runs:
            for start, end in run.spans(text, data):
                yield start, end, run.score

    def _may_be_supported(self, text: str) -> bool:
        """Return whether a context word may raise scores in a text."""
        return bool(words_within(text.lower(), self.outline.context))
