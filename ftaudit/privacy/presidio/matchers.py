"""Run one recognizer on one text: Presidio's results, without what only explains them."""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from importlib.metadata import version
from typing import Any, NamedTuple, Protocol

import msgspec
import regex  # type: ignore[import-untyped] # no stubs among the dependencies
from presidio_analyzer import PatternRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts
from presidio_analyzer.pattern_recognizer import REGEX_TIMEOUT_SECONDS

from ftaudit.privacy.patterns.pattern_cache import cached
from ftaudit.privacy.patterns.prefilter import Finder, load_re2
from ftaudit.privacy.patterns.regex_ir import Underivable, is_within_words
from ftaudit.privacy.presidio import derivation, recognizer_types
from ftaudit.privacy.presidio.phone_search import PhoneSearch, longest_only


class RecognizerMatch(NamedTuple):
    """One result of one recognizer, before context words and thresholds."""

    entity: str
    start: int
    end: int
    score: float
    recognizer: str
    fixed: bool = False
    """Whether the recognizer has looked at context itself, so that its score stays."""


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


def prune(matches: Sequence[RecognizerMatch]) -> list[RecognizerMatch]:
    """Drop matches inside others of their entity with at least their score, and zero scores.

    Same as `EntityRecognizer.remove_duplicates`; of equal ones the first is kept.
    """
    if len(matches) == 1:
        return list(matches) if matches[0].score else []
    first = {m[:4]: m for m in reversed(matches) if m.score}
    kept: list[RecognizerMatch] = []
    active: list[RecognizerMatch] = []
    for match in sorted(first.values(), key=lambda m: (m.entity, m.start, -m.end, -m.score)):
        active = [m for m in active if m.entity == match.entity and m.end >= match.start]
        if not any(m.end >= match.end and m.score >= match.score for m in active):
            kept.append(match)
            active.append(match)
    return kept


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
        self._searches = [_PatternRun(p.regex, flags, p.score) for p in recognizer.patterns]

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


class PatternPlaces(msgspec.Struct, frozen=True):
    """Where a pattern may match: deriving it takes longer than searching thousands of rows."""

    shape: str
    """A prefilter that is in every match; empty where none can be told."""
    within_words: bool
    """Whether no match holds white space."""


class _PatternRun:
    """One pattern."""

    def __init__(self, pattern: str, flags: int, score: float) -> None:
        """Take a pattern; nothing is compiled before it is searched."""
        self.score = score
        self._pattern, self._flags = pattern, flags

    @cached_property
    def _compiled(self) -> Any:  # noqa: ANN401 - the `regex` module has no stubs
        return regex.compile(self._pattern, flags=self._flags)

    @cached_property
    def _places(self) -> PatternPlaces:
        identity = (self._pattern, str(self._flags), "" if load_re2() else "without re2")
        return cached("places", (*identity, version("regex")), PatternPlaces, self._derived)

    def _derived(self) -> PatternPlaces:
        shape = None
        if load_re2() is not None:
            shape = derivation.derive_from_patterns((self._pattern,), self._flags)
        try:
            return PatternPlaces(shape or "", is_within_words(self._pattern, self._flags))
        except Underivable:
            return PatternPlaces(shape or "", within_words=False)

    @cached_property
    def _finder(self) -> Finder | None:
        return Finder(self._places.shape) if self._places.shape else None

    def spans(self, text: str, data: bytes) -> Iterator[tuple[int, int]]:
        """Yield where the pattern matches, empty matches left out. `data` is the text in UTF-8.

        Raises:
            TimeoutError: it takes longer than Presidio allows.
        """
        for offset, part in self._parts(text, data):
            for match in self._compiled.finditer(part, timeout=REGEX_TIMEOUT_SECONDS):
                first, last = match.span()
                if last > first:
                    yield offset + first, offset + last

    def _parts(self, text: str, data: bytes) -> Iterator[tuple[int, str]]:
        """Yield the parts of the text to look at: all of it, none, or words that may match."""
        if self._finder is None or not self._places.within_words:
            if self._finder is None or self._finder.is_in(data):
                yield 0, text
        elif len(text) == len(data):
            yield from ((at, word.decode()) for at, word in self._finder.words(data))
        else:
            for at, word in self._finder.words(data):
                yield len(data[:at].decode()), word.decode()
