"""Search columns of text with Presidio's recognizers, each on the texts where it may find anything.

Stage one: a prefilter, derived from every recognizer's own patterns (`derivation`), says for each
text which recognizers may find something; all prefilters run at once. Stage two: these recognizers
run on that text as in Presidio (`matchers`), and context words raise scores as in Presidio
(`context_words`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from typing import Final

import polars as pl
from msgspec import Struct
from presidio_analyzer import EntityRecognizer
from presidio_analyzer.nlp_engine import NlpArtifacts

from ftaudit.privacy.findings.span import Span, by_place
from ftaudit.privacy.patterns.prefilter import Prefilter
from ftaudit.privacy.presidio import derivation
from ftaudit.privacy.presidio.blank_nlp import BlankNlpEngine
from ftaudit.privacy.presidio.context_words import ContextWords, TextContext, boosted
from ftaudit.privacy.presidio.matchers import RecognizerMatcher, highest_score, matcher
from ftaudit.privacy.presidio.pattern_run import RecognizerMatch, prune
from ftaudit.privacy.presidio.recognizer_guard import RecognizerGuard
from ftaudit.privacy.presidio.recognizer_types import Recognizer
from ftaudit.privacy.presidio.score_floor import EVERY_SCORE, ScoreFloor

_AT_A_TIME: Final = 256
"""Texts that a recognizer searches before the next one does."""


class ActiveRecognizer(Struct, frozen=True, eq=False):
    """A recognizer, ready to run."""

    name: str
    language: str
    prefilter: str | None
    """RE2 syntax; None: it sees every text."""
    matcher: RecognizerMatcher
    context: tuple[str, ...]
    """Its context words, in lower case."""
    thresholds: dict[str, float]
    entity: str = ""
    """What it finds, if it finds but one entity."""
    highest: float = 1.0
    """The highest score that it gives where no context word is in the text."""

    def keeps(self, match: RecognizerMatch) -> bool:
        """Whether the score reaches the recognizer's own threshold."""
        return match.score >= self.thresholds.get(match.entity, self.thresholds.get("default", 0))


def activate(
    recognizers: Sequence[Recognizer], prefilters: Sequence[str | None] | None = None
) -> list[ActiveRecognizer]:
    """Prepare recognizers to run, in the order given; derive their prefilters where none are."""
    if prefilters is None:
        prefilters = [derivation.derive(recognizer) for recognizer in recognizers]
    return [_active(r, prefilter) for r, prefilter in zip(recognizers, prefilters, strict=True)]


def _active(recognizer: Recognizer, prefilter: str | None) -> ActiveRecognizer:
    return ActiveRecognizer(
        name=recognizer.name,
        language=recognizer.supported_language,
        prefilter=prefilter,
        matcher=matcher(recognizer, prefilter),
        context=tuple(word.lower() for word in recognizer.context or ()),
        thresholds=recognizer.score_thresholds,
        entity=recognizer.supported_entities[0] if len(recognizer.supported_entities) == 1 else "",
        highest=highest_score(recognizer),
    )


def unusual(recognizers: Iterable[Recognizer]) -> str:
    """Return why the two-stage scan cannot serve these recognizers, or nothing.

    One with a context rule of its own is asked about every text, with the results of all others.
    """
    rule = "enhance_using_context"
    names = [r.name for r in recognizers if derivation.overrides(r, EntityRecognizer, rule)]
    return f"{', '.join(sorted(names))} changes scores by a rule of its own" if names else ""


class TwoStageSearch:
    """Give a text only to the recognizers whose prefilter is found in it."""

    def __init__(self, active: Sequence[ActiveRecognizer], *, whole_words: bool = False) -> None:
        """Take recognizers of all languages.

        With `whole_words` a context word counts only as a word or the head of a compound, and not
        anywhere in a token as in Presidio.
        """
        self._active = active
        self._whole_words = whole_words
        self._always = [i for i, a in enumerate(active) if a.prefilter is None]
        self._shapes = distinct(a.prefilter for a in active)
        self._of_shape = [
            [i for i, a in enumerate(active) if a.prefilter == shape] for shape in self._shapes
        ]
        self._contexts = {
            name: ContextWords(name) for name in dict.fromkeys(a.language for a in active)
        }
        self._nlp = BlankNlpEngine(tuple(self._contexts))
        self._guard = RecognizerGuard()

    @cached_property
    def _prefilter(self) -> Prefilter:
        return Prefilter(self._shapes)

    def find(self, texts: pl.Series) -> Iterator[tuple[int, list[Span]]]:
        """Yield (position, spans) as `PresidioScanner.find`."""
        yield from self.search(self._candidates(texts))

    def search_hits(
        self, hits: Iterable[tuple[int, str, list[int]]], floor: ScoreFloor = EVERY_SCORE
    ) -> Iterator[tuple[int, list[Span]]]:
        """Yield (position, spans) of what a prefilter of the recognizers' `distinct` shapes found.

        For recognizers of which every one has a prefilter. Findings below the `floor` may be
        left out.
        """
        chosen = ((at, text, self._chosen(shapes)) for at, text, shapes in hits)
        yield from self.search(chosen, floor)

    def search(
        self, candidates: Iterable[tuple[int, str, list[int]]], floor: ScoreFloor = EVERY_SCORE
    ) -> Iterator[tuple[int, list[Span]]]:
        """Yield (position, spans) of texts, each searched by the recognizers at its indexes."""
        ahead = iter(candidates)
        while part := [*islice(ahead, _AT_A_TIME)]:
            spans_of = self._guarded({text: chosen for _, text, chosen in part}, floor)
            for position, text, _ in part:
                if spans := spans_of.get(text):
                    yield position, list(spans)

    def _guarded(
        self, chosen_of: Mapping[str, Sequence[int]], floor: ScoreFloor
    ) -> dict[str, list[Span]]:
        spans_of: dict[str, list[Span]] = {}
        with self._guard:
            spans_of = self._search(chosen_of, floor)
        self._guard.complain()
        return spans_of

    def _candidates(self, texts: pl.Series) -> Iterator[tuple[int, str, list[int]]]:
        """Yield (position, text, recognizers that may find something in it)."""
        candidates = self._prefilter.candidates(texts)
        if not self._always:
            for position, text, hits in candidates:
                yield position, text, self._chosen(hits)
            return
        hits_of = {position: hits for position, _, hits in candidates}
        for position, text in enumerate(texts):
            if text is not None:
                yield position, text, self._chosen(hits_of.get(position, ()))

    def _chosen(self, hits: Iterable[int]) -> list[int]:
        return sorted(self._always + [i for hit in hits for i in self._of_shape[hit]])

    def _search(
        self, chosen_of: Mapping[str, Sequence[int]], floor: ScoreFloor
    ) -> dict[str, list[Span]]:
        """Return the spans of every text with any, searched by the recognizers chosen for it."""
        texts_of: dict[int, list[str]] = {}
        for text, chosen in chosen_of.items():
            for i in chosen:
                texts_of.setdefault(i, []).append(text)
        kept: dict[tuple[str, str], list[RecognizerMatch]] = {}
        read: dict[tuple[str, str], TextContext] = {}
        artifacts = self._artifacts()
        for i, texts in sorted(texts_of.items()):
            # one recognizer after the other: its patterns stay in the processor's cache
            active = self._active[i]
            self._guard.name = active.name
            for text in texts:
                place = text, active.language
                if place not in read:
                    read[place] = self._contexts[active.language].read(text)
                matches = self._matches(active, text, read[place], floor, artifacts)
                if matches:
                    kept.setdefault(place, []).extend(matches)
        spans_of: dict[str, set[Span]] = {}
        for (text, _), matches in kept.items():
            spans_of.setdefault(text, set()).update(map(_span, prune(matches)))
        return {text: sorted(spans, key=by_place) for text, spans in spans_of.items()}

    def _matches(
        self,
        active: ActiveRecognizer,
        text: str,
        context: TextContext,
        floor: ScoreFloor,
        artifacts: Callable[[str, str], NlpArtifacts],
    ) -> list[RecognizerMatch]:
        """Return what a recognizer finds in a text, weighed by the words around it."""
        low = active.highest < floor.of(active.entity)
        if low and not context.standing(active.context, whole_words=self._whole_words):
            return []
        matches = active.matcher.matches(text, lambda: artifacts(text, active.language))
        if matches and active.context:
            matches = [self._weighed(match, active, context) for match in matches]
        return [*filter(active.keeps, matches)] if active.thresholds else matches

    def _artifacts(self) -> Callable[[str, str], NlpArtifacts]:
        """Return what cuts a text into tokens, once for all recognizers that need them."""
        cut: dict[tuple[str, str], NlpArtifacts] = {}

        def artifacts(text: str, language: str) -> NlpArtifacts:
            if (text, language) not in cut:
                cut[text, language] = self._nlp.process_text(text, language)
            return cut[text, language]

        return artifacts

    def _weighed(
        self, match: RecognizerMatch, active: ActiveRecognizer, context: TextContext
    ) -> RecognizerMatch:
        if match.fixed or match.score == boosted(match.score):
            return match
        supported = context.supports(match.start, active.context, whole_words=self._whole_words)
        return match._replace(score=boosted(match.score)) if supported else match


def distinct(prefilters: Iterable[str | None]) -> list[str]:
    """Return the prefilters there are, each once, in their order."""
    return list(dict.fromkeys(prefilter for prefilter in prefilters if prefilter))


def _span(match: RecognizerMatch) -> Span:
    return Span(match.entity, match.start, match.end, match.score, match.recognizer)
