"""Search columns of text with Presidio's own `AnalyzerEngine`, every recognizer on every text.

Slow, and the reference: `two_stage` must find the same. Also what runs when the versions of
Presidio and phonenumbers are not among those proven, or a recognizer has a context rule of its own.
"""

from collections.abc import Iterator, Sequence
from typing import cast

import polars as pl
from presidio_analyzer import (
    AnalyzerEngine,
    EntityRecognizer,
    RecognizerRegistry,
    RecognizerResult,
)

from ftaudit.privacy.findings.span import Span, by_place
from ftaudit.privacy.presidio.blank_nlp import BlankNlpEngine
from ftaudit.privacy.presidio.recognizer_guard import RecognizerGuard
from ftaudit.privacy.presidio.recognizer_types import Recognizer


class PlainAnalyzer:
    """Presidio's own engine with blank pipelines."""

    def __init__(self, recognizers: Sequence[Recognizer]) -> None:
        """Build it, with blank pipelines for the recognizers' languages."""
        self._languages = tuple(dict.fromkeys(r.supported_language for r in recognizers))
        registry = RecognizerRegistry(
            cast("list[EntityRecognizer]", list(recognizers)),
            supported_languages=list(self._languages),
        )
        self.analyzer = AnalyzerEngine(
            registry=registry,
            nlp_engine=BlankNlpEngine(self._languages),
            supported_languages=list(self._languages),
        )
        self._guard = RecognizerGuard("presidio")

    def find(self, texts: pl.Series) -> Iterator[tuple[int, list[Span]]]:
        """Yield (position, spans) as `PresidioScanner.find`."""
        for position, text in enumerate(texts):
            if text is not None:
                spans: list[Span] = []
                with self._guard:
                    spans = self._search(text)
                self._guard.complain()
                if spans:
                    yield position, spans

    def _search(self, text: str) -> list[Span]:
        spans = {
            _span_of(result)
            for language in self._languages
            for result in self.analyzer.analyze(text, language)
        }
        return sorted(spans, key=by_place)


def _span_of(result: RecognizerResult) -> Span:
    name = result.recognition_metadata[RecognizerResult.RECOGNIZER_NAME_KEY]
    return Span(result.entity_type, result.start, result.end, result.score, name)
