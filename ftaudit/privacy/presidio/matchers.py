"""Run one recognizer on one text: Presidio's results, without what only explains them."""

from collections.abc import Callable
from typing import Protocol

from msgspec.structs import replace
from presidio_analyzer import PatternRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts
from presidio_analyzer.pattern_recognizer import REGEX_TIMEOUT_SECONDS

from ftaudit.privacy.presidio import derivation, recognizer_types
from ftaudit.privacy.presidio.outlined_search import PatternOutline, RecognizerOutline
from ftaudit.privacy.presidio.pattern_run import PatternRun, RecognizerMatch, prune
from ftaudit.privacy.presidio.phone_search import PhoneSearch, longest_only


class RecognizerMatcher(Protocol):
    """A recognizer, ready to run."""

    def matches(self, text: str, artifacts: Callable[[], NlpArtifacts]) -> list[RecognizerMatch]:
        """Return what is found; `artifacts` cuts the text into tokens when they are needed."""


def matcher(recognizer: recognizer_types.Recognizer, prefilter: str | None) -> RecognizerMatcher:
    """Return the fastest way to run a recognizer that is known to give its results."""
    if derivation.runs_patterns_as_presidio(recognizer):
        return _Patterns(recognizer)
    if prefilter and derivation.looks_for_phones(recognizer):
        return _Phones(recognizer)
    return _Anything(recognizer, cuts=prefilter is None)


def highest_score(recognizer: recognizer_types.Recognizer) -> float:
    """Return the highest score that it gives where no context word is in the text."""
    if not derivation.runs_patterns_as_presidio(recognizer):
        return 1.0
    if derivation.overrides(recognizer, PatternRecognizer, "validate_result"):
        return 1.0
    return max(p.score for p in recognizer.patterns)


def outline(recognizer: recognizer_types.Recognizer, prefilter: str | None) -> RecognizerOutline:
    """Return what a search needs to know of a recognizer before Presidio is loaded."""
    made = RecognizerOutline(
        name=recognizer.name,
        language=recognizer.supported_language,
        entity=recognizer.supported_entities[0] if recognizer.supported_entities else "",
        context=tuple(word.lower() for word in recognizer.context or ()),
        thresholds=dict(recognizer.score_thresholds),
    )
    if derivation.runs_patterns_as_presidio(recognizer):
        judged = any(
            derivation.overrides(recognizer, PatternRecognizer, name)
            for name in ("validate_result", "invalidate_result")
        )
        return replace(made, patterns=_pattern_outlines(recognizer), judged=judged)
    if prefilter and derivation.looks_for_phones(recognizer):
        return replace(made, regions=tuple(recognizer.supported_regions), score=recognizer.SCORE)
    return made


def _pattern_outlines(recognizer: recognizer_types.PatternRecognizer) -> tuple[PatternOutline, ...]:
    flags = recognizer.global_regex_flags or 0
    return tuple(
        PatternOutline(
            p.regex,
            flags,
            p.score,
            REGEX_TIMEOUT_SECONDS,
            PatternRun(p.regex, flags, p.score, timeout=REGEX_TIMEOUT_SECONDS).derived_places(),
        )
        for p in recognizer.patterns
    )


class _Anything:
    """Any recognizer, run as it is."""

    def __init__(self, recognizer: recognizer_types.Recognizer, *, cuts: bool) -> None:
        self._recognizer, self._cuts = recognizer, cuts

    def matches(self, text: str, artifacts: Callable[[], NlpArtifacts]) -> list[RecognizerMatch]:
        tokens = artifacts() if self._cuts else None
        results = self._recognizer.analyze(
            text=text, entities=self._recognizer.supported_entities, nlp_artifacts=tokens
        )
        return [self._match(result) for result in results or ()]

    def _match(self, result: recognizer_types.Result) -> RecognizerMatch:
        metadata = result.recognition_metadata or {}
        name = metadata.get(RecognizerResult.RECOGNIZER_NAME_KEY, self._recognizer.name)
        fixed = bool(metadata.get(RecognizerResult.IS_SCORE_ENHANCED_BY_CONTEXT_KEY))
        return RecognizerMatch(
            result.entity_type, result.start, result.end, result.score, name, fixed
        )


class _Phones:
    """Presidio's `PhoneRecognizer`, all its regions at once."""

    def __init__(self, recognizer: recognizer_types.PhoneRecognizer) -> None:
        self._search = PhoneSearch(tuple(recognizer.supported_regions))
        self._entity, self._score = recognizer.supported_entities[0], recognizer.SCORE
        self._name = recognizer.name
        self._plain = _Anything(recognizer, cuts=False)

    def matches(self, text: str, artifacts: Callable[[], NlpArtifacts]) -> list[RecognizerMatch]:
        places = self._search.find(text)
        if places is None:
            return self._plain.matches(text, artifacts)
        return [
            RecognizerMatch(self._entity, a, b, self._score, self._name)
            for a, b in longest_only(places)
        ]


class _Patterns:
    """A `PatternRecognizer` that searches as Presidio does."""

    def __init__(self, recognizer: recognizer_types.PatternRecognizer) -> None:
        self._entity, self._name = recognizer.supported_entities[0], recognizer.name
        kind = PatternRecognizer
        validates = derivation.overrides(recognizer, kind, "validate_result")
        invalidates = derivation.overrides(recognizer, kind, "invalidate_result")
        self._validate = recognizer.validate_result if validates else None
        self._invalidate = recognizer.invalidate_result if invalidates else None
        flags = recognizer.global_regex_flags or 0
        self._searches = [
            PatternRun(p.regex, flags, p.score, timeout=REGEX_TIMEOUT_SECONDS)
            for p in recognizer.patterns
        ]

    def matches(self, text: str, artifacts: Callable[[], NlpArtifacts]) -> list[RecognizerMatch]:  # noqa: ARG002 - patterns need no tokens
        matches, data = [], text.encode()
        for search in self._searches:
            for start, end in search.spans(text, data):
                score = self._judge(text[start:end], search.score)
                if score > 0:
                    matches.append(RecognizerMatch(self._entity, start, end, score, self._name))
        return prune(matches) if matches else matches

    def _judge(self, value: str, score: float) -> float:
        if self._validate is not None:
            valid = self._validate(value)
            if valid is not None:
                score = 1.0 if valid else 0
        if self._invalidate is not None and self._invalidate(value):
            return 0
        return score
