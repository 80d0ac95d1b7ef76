"""Find personal data in columns of text: Presidio's findings, many times faster.

Every recognizer's own patterns give a prefilter; one linear pass over a column tells which
recognizers may find something in which text; only these run, and only there. Findings are the
same, in span, type, score and recognizer, as those of Presidio's `AnalyzerEngine` with a blank
NLP engine. With versions of the libraries for which that has not been proven, that engine is used.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import polars as pl

from ftaudit.model.errors import UsageError
from ftaudit.privacy.findings.span import Span

if TYPE_CHECKING:
    from ftaudit.privacy.presidio.plain_analyzer import PlainAnalyzer
    from ftaudit.privacy.presidio.recognizer_types import Recognizer
    from ftaudit.privacy.presidio.two_stage import TwoStageSearch


@dataclass(frozen=True)
class PresidioOptions:
    """What to search for. Hashable and picklable: equal options share one engine per process."""

    languages: tuple[str, ...] = ("en",)
    """ISO 639-1 codes. With several, a text's spans are the union over the languages."""
    countries: tuple[str, ...] | None = None
    """ISO 3166-1 alpha-2 codes, in lower case, of the countries whose recognizers are used, as in
    `registry.known_countries()`; None: those that Presidio turns on (us, uk; es, it, pl)."""
    entities: tuple[str, ...] | None = None
    """Entity types to search; None: all that the recognizers support."""
    recognizers: tuple[str, ...] = ()
    """The user's own: paths of Presidio YAML files, or `module:Class` of Python ones."""
    extra: tuple[str, ...] = ()
    """ftaudit's own recognizers, as `module:Class`."""


@dataclass(frozen=True)
class PresidioCoverage:
    """What a scan searches, and how."""

    entities: Mapping[str, tuple[str, ...]]
    """Entity type → names of the recognizers that search it, both sorted."""
    always: tuple[str, ...]
    """Recognizers that see every row because no prefilter could be derived, sorted."""
    languages: tuple[str, ...]
    countries: tuple[str, ...]
    """Countries with at least one active recognizer of their own, sorted."""
    versions: Mapping[str, str]
    """Library → version, of those that decide results."""
    plain: str = ""
    """Why every recognizer sees every row; empty when the two-stage scan is used."""


class PresidioScanner:
    """Search texts. Cheap to build; the engine is built once per process and options."""

    def __init__(self, options: PresidioOptions | None = None) -> None:
        """Keep the options; nothing is loaded yet."""
        self.options = options or PresidioOptions()

    def find(self, texts: pl.Series) -> Iterator[tuple[int, list[Span]]]:
        """Yield (position, spans) for each text with spans, by ascending position.

        Spans are sorted by (start, end, entity, recognizer) and unresolved: they may overlap.
        Nulls have none. Works through the column as it is read: nothing of it is kept.

        Raises:
            UsageError: the options name no recognizer, or one that does not exist.
            InputError: a file of recognizers is not what it should be.
            RecognizerError: a recognizer broke, or took longer than Presidio allows.
        """
        entities = self.options.entities
        for position, spans in _built(self.options).finder.find(texts.cast(pl.String)):
            kept = spans if entities is None else [s for s in spans if s.entity in entities]
            if kept:
                yield position, kept

    def coverage(self) -> PresidioCoverage:
        """Return what this scan searches, and how.

        Raises:
            UsageError, InputError: as for `find`.
        """
        return _built(self.options).coverage


@dataclass(frozen=True, eq=False)
class _Built:
    finder: "PlainAnalyzer | TwoStageSearch"
    coverage: PresidioCoverage


@lru_cache(8)
def _built(options: PresidioOptions) -> _Built:
    from ftaudit.privacy.presidio import plain_analyzer, registry, two_stage

    loaded = registry.load(
        options.languages, options.countries, (*options.recognizers, *options.extra)
    )
    recognizers = _of_entities(options, loaded)
    plain = registry.unproven() or two_stage.unusual(recognizers)
    if plain:
        finder = plain_analyzer.PlainAnalyzer(recognizers)
        return _Built(finder, _coverage(options, recognizers, plain=plain))
    active = two_stage.activate(recognizers)
    always = {a.name for a in active if a.prefilter is None}
    search = two_stage.TwoStageSearch(active)
    return _Built(search, _coverage(options, recognizers, always=always))


def _of_entities(options: PresidioOptions, recognizers: "list[Recognizer]") -> "list[Recognizer]":
    entities = options.entities
    kept = [r for r in recognizers if entities is None or set(r.supported_entities) & set(entities)]
    if not kept:
        types = ", ".join(entities or ("anything",))
        msg = f"no recognizer searches {types} in {options.languages}"
        raise UsageError(msg)
    return kept


def _coverage(
    options: PresidioOptions,
    recognizers: "list[Recognizer]",
    *,
    always: set[str] | None = None,
    plain: str = "",
) -> PresidioCoverage:
    from ftaudit.privacy.presidio import registry

    names = {r.name for r in recognizers}
    searched = sorted({(e, r.name) for r in recognizers for e in r.supported_entities})
    chosen = [(e, n) for e, n in searched if options.entities is None or e in options.entities]
    return PresidioCoverage(
        entities={entity: tuple(n for e, n in chosen if e == entity) for entity, _ in chosen},
        always=tuple(sorted(names if always is None else always)),
        languages=options.languages,
        countries=tuple(sorted({code for r in recognizers if (code := r.country_code())})),
        versions=registry.versions(),
        plain=plain,
    )
