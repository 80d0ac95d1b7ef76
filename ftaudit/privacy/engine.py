"""Search columns of text with Presidio's recognizers: in two stages, or plainly."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, cast

import polars as pl
from presidio_analyzer import (
    AnalyzerEngine,
    EntityRecognizer,
    RecognizerRegistry,
    RecognizerResult,
)
from presidio_analyzer.nlp_engine import NlpArtifacts

from ftaudit.privacy import derivation, presidio
from ftaudit.privacy.context import Context, Reading, boosted
from ftaudit.privacy.matching import Match, Matcher, matcher, prune
from ftaudit.privacy.nlp import BlankNlpEngine
from ftaudit.privacy.prefilter import Prefilter
from ftaudit.privacy.scan import RecognizerError
from ftaudit.privacy.span import Span

_REMEMBERED = 10_000
"""Texts of a column whose spans are kept for when they come again."""


class Engine(Protocol):
    """Something that finds spans in columns of text."""

    def find(self, texts: pl.Series) -> Iterator[tuple[int, list[Span]]]:
        """Yield (position, spans) as `Scanner.find`."""


@dataclass(frozen=True, eq=False)
class Active:
    """A recognizer, ready to run."""

    name: str
    language: str
    prefilter: str | None
    """RE2 syntax; None: it sees every text."""
    matcher: Matcher
    context: tuple[str, ...]
    """Its context words, in lower case."""
    thresholds: dict[str, float]

    def keeps(self, match: Match) -> bool:
        """Whether the score reaches the recognizer's own threshold."""
        return match.score >= self.thresholds.get(match.entity, self.thresholds.get("default", 0))


def activate(recognizers: Iterable[presidio.Recognizer]) -> list[Active]:
    """Derive prefilters and prepare recognizers to run, in the order given."""
    return [_active(recognizer) for recognizer in recognizers]


def _active(recognizer: presidio.Recognizer) -> Active:
    prefilter = derivation.derive(recognizer)
    return Active(
        name=recognizer.name,
        language=recognizer.supported_language,
        prefilter=prefilter,
        matcher=matcher(recognizer, prefilter),
        context=tuple(word.lower() for word in recognizer.context or ()),
        thresholds=recognizer.score_thresholds,
    )


def unusual(recognizers: Iterable[presidio.Recognizer]) -> str:
    """Return why the two-stage scan cannot serve these recognizers, or nothing.

    One with a context rule of its own is asked about every text, with the results of all others.
    """
    rule = "enhance_using_context"
    names = [r.name for r in recognizers if derivation.overrides(r, EntityRecognizer, rule)]
    return f"{', '.join(sorted(names))} changes scores by a rule of its own" if names else ""


class TwoStage:
    """Give a text only to the recognizers whose prefilter is found in it."""

    def __init__(self, active: Sequence[Active]) -> None:
        """Compile the prefilters of all recognizers, of all languages, into one automaton."""
        self._active = active
        self._always = [i for i, each in enumerate(active) if each.prefilter is None]
        shapes = list(dict.fromkeys(each.prefilter for each in active if each.prefilter))
        self._prefilter = Prefilter(shapes)
        self._of_shape = [[i for i, a in enumerate(active) if a.prefilter == s] for s in shapes]
        self._contexts = {name: Context(name) for name in dict.fromkeys(a.language for a in active)}
        self._nlp = BlankNlpEngine(tuple(self._contexts))
        self._running = _Running()

    def find(self, texts: pl.Series) -> Iterator[tuple[int, list[Span]]]:
        """Yield (position, spans) as `Scanner.find`."""
        seen: dict[str, list[Span]] = {}
        for position, text, candidates in self._candidates(texts):
            spans = seen.get(text)
            if spans is None:
                spans = self._named(text, candidates)
                if len(seen) >= _REMEMBERED:
                    seen.clear()
                seen[text] = spans
            if spans:
                yield position, list(spans)

    def _named(self, text: str, candidates: Iterable[int]) -> list[Span]:
        spans: list[Span] = []
        with self._running:
            spans = self._search(text, candidates)
        self._running.complain()
        return spans

    def _candidates(self, texts: pl.Series) -> Iterator[tuple[int, str, list[int]]]:
        """Yield (position, text, recognizers that may find something in it)."""
        found = self._prefilter.candidates(texts)
        if not self._always:
            yield from ((position, text, self._chosen(hits)) for position, text, hits in found)
            return
        hits_of = {position: hits for position, _, hits in found}
        for position, text in enumerate(texts):
            if text is not None:
                yield position, text, self._chosen(hits_of.get(position, ()))

    def _chosen(self, hits: Iterable[int]) -> list[int]:
        return sorted(self._always + [i for hit in hits for i in self._of_shape[hit]])

    def _search(self, text: str, candidates: Iterable[int]) -> list[Span]:
        chosen = [self._active[i] for i in candidates]
        languages = dict.fromkeys(active.language for active in chosen)
        found: set[Span] = set()
        for language in languages:
            of_language = [active for active in chosen if active.language == language]
            found.update(self._search_in(language, text, of_language))
        return sorted(found, key=_order)

    def _search_in(self, language: str, text: str, chosen: Iterable[Active]) -> Iterator[Span]:
        artifacts = self._artifacts(language, text)
        reading: Reading | None = None
        found: list[Match] = []
        for active in chosen:
            self._running.name = active.name
            matches = active.matcher.matches(text, artifacts)
            if matches and active.context:
                reading = reading or self._contexts[language].read(text)
                matches = [_weighed(match, active, reading) for match in matches]
            found += matches if not active.thresholds else filter(active.keeps, matches)
        return map(_span, prune(found) if found else found)

    def _artifacts(self, language: str, text: str) -> Callable[[], NlpArtifacts]:
        cut: list[NlpArtifacts] = []

        def artifacts() -> NlpArtifacts:
            if not cut:
                cut.append(self._nlp.process_text(text, language))
            return cut[0]

        return artifacts


def _weighed(match: Match, active: Active, reading: Reading) -> Match:
    if match.fixed or not reading.supports(match.start, active.context):
        return match
    return match._replace(score=boosted(match.score))


def _span(match: Match) -> Span:
    return Span(match.entity, match.start, match.end, match.score, match.recognizer)


def _order(span: Span) -> tuple[int, int, str, str, float]:
    return span.start, span.end, span.entity, span.recognizer, span.score


class Plain:
    """Presidio's own engine: every recognizer sees every text."""

    def __init__(self, recognizers: Sequence[presidio.Recognizer]) -> None:
        """Build it, with blank pipelines for the recognizers' languages."""
        self._languages = tuple(dict.fromkeys(r.supported_language for r in recognizers))
        given = cast("list[EntityRecognizer]", list(recognizers))
        registry = RecognizerRegistry(given, supported_languages=list(self._languages))
        self.analyzer = AnalyzerEngine(
            registry=registry,
            nlp_engine=BlankNlpEngine(self._languages),
            supported_languages=list(self._languages),
        )
        self._running = _Running("presidio")

    def find(self, texts: pl.Series) -> Iterator[tuple[int, list[Span]]]:
        """Yield (position, spans) as `Scanner.find`."""
        for position, text in enumerate(texts):
            if text is not None:
                spans: list[Span] = []
                with self._running:
                    spans = self._search(text)
                self._running.complain()
                if spans:
                    yield position, spans

    def _search(self, text: str) -> list[Span]:
        found = {
            _span_of(result)
            for language in self._languages
            for result in self.analyzer.analyze(text, language)
        }
        return sorted(found, key=_order)


def _span_of(result: RecognizerResult) -> Span:
    name = result.recognition_metadata[RecognizerResult.RECOGNIZER_NAME_KEY]
    return Span(result.entity_type, result.start, result.end, result.score, name)


class _Running(AbstractContextManager[None]):
    """Turn any exception of a recognizer into ours, which holds nothing of the text."""

    def __init__(self, name: str = "") -> None:
        self.name = name
        self._broken = ""

    def __enter__(self) -> None:
        self._broken = ""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if isinstance(error, Exception):
            self._broken = type(error).__name__
        return bool(self._broken)

    def complain(self) -> None:
        """Raise what was caught; only now, so that it does not refer to the exception itself."""
        if self._broken:
            msg = f"recognizer {self.name} raised {self._broken}"
            raise RecognizerError(msg)
