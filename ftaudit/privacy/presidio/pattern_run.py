"""Run one pattern of a recognizer on one text. Does not load Presidio."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, Final, NamedTuple

import msgspec

from ftaudit.model.installed_version import installed_version
from ftaudit.privacy.patterns.pattern_cache import cached
from ftaudit.privacy.patterns.prefilter import Finder, load_re2
from ftaudit.privacy.patterns.regex_ir import Underivable, is_within_words

_REMEMBERED: Final = 2_000
"""Words of which a pattern keeps where it matches."""
_LONGEST: Final = 100
"""Bytes of the longest of these words."""


class RecognizerMatch(NamedTuple):
    """One result of one recognizer, before context words and thresholds."""

    entity: str
    start: int
    end: int
    score: float
    recognizer: str
    fixed: bool = False
    """Whether the recognizer has looked at context itself, so that its score stays."""


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


class PatternPlaces(msgspec.Struct, frozen=True):
    """Where a pattern may match: deriving it takes longer than searching thousands of rows."""

    shape: str
    """A prefilter that is in every match; empty where none can be told."""
    within_words: bool
    """Whether no match holds white space."""


class PatternRun:
    """One pattern."""

    def __init__(
        self,
        pattern: str,
        flags: int,
        score: float,
        *,
        timeout: float,
        places: PatternPlaces | None = None,
    ) -> None:
        """Take a pattern; nothing is compiled before it is searched.

        Without `places`, these are derived when they are first needed. `timeout` is in seconds.
        """
        self.score = score
        self._pattern, self._flags, self._timeout = pattern, flags, timeout
        self._given = places
        self._remembered: dict[bytes, tuple[tuple[int, int], ...]] = {}

    def derived_places(self) -> PatternPlaces:
        """Derive where it may match."""
        from ftaudit.privacy.presidio.derivation import derive_from_patterns

        shape = None
        if load_re2() is not None:
            shape = derive_from_patterns((self._pattern,), self._flags)
        try:
            return PatternPlaces(shape or "", is_within_words(self._pattern, self._flags))
        except Underivable:
            return PatternPlaces(shape or "", within_words=False)

    @cached_property
    def _compiled(self) -> Any:  # noqa: ANN401 - the `regex` module has no stubs
        import regex  # type: ignore[import-untyped] # no stubs among the dependencies

        return regex.compile(self._pattern, flags=self._flags)

    @cached_property
    def places(self) -> PatternPlaces:
        """Where it may match."""
        if self._given is not None:
            return self._given
        identity = (self._pattern, str(self._flags), "" if load_re2() else "without re2")
        return cached(
            "places", (*identity, installed_version("regex")), PatternPlaces, self.derived_places
        )

    @cached_property
    def _finder(self) -> Finder | None:
        return Finder(self.places.shape) if self.places.shape else None

    def spans(self, text: str, data: bytes) -> Iterator[tuple[int, int]]:
        """Yield where the pattern matches, empty matches left out. `data` is the text in UTF-8.

        Raises:
            TimeoutError: it takes longer than Presidio allows.
        """
        if self._finder is None or not self.places.within_words:
            if self._finder is None or self._finder.is_in(data):
                yield from self._spans_in(text)
            return
        ascii_ = len(text) == len(data)
        for at, word in self._finder.words(data):
            spans = self._spans_in_word(word)
            offset = at if ascii_ or not spans else len(data[:at].decode())
            for first, last in spans:
                yield offset + first, offset + last

    def _spans_in_word(self, word: bytes) -> tuple[tuple[int, int], ...]:
        """Return where the pattern matches in a word, which is remembered: words recur."""
        spans = self._remembered.get(word)
        if spans is None:
            spans = tuple(self._spans_in(word.decode()))
            if len(word) <= _LONGEST:
                if len(self._remembered) >= _REMEMBERED:
                    self._remembered.clear()
                self._remembered[word] = spans
        return spans

    def _spans_in(self, text: str) -> Iterator[tuple[int, int]]:
        for match in self._compiled.finditer(text, timeout=self._timeout):
            first, last = match.span()
            if last > first:
                yield first, last
