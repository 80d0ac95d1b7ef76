"""Find personal data in columns of text: Presidio's findings, many times faster.

Every recognizer's own patterns give a prefilter; one linear pass over a column tells which
recognizers may find something in which text; only these run, and only there. Findings are the
same, in span, type, score and recognizer, as those of Presidio's `AnalyzerEngine` with a blank
NLP engine. With versions of the libraries for which that has not been proven, that engine is used.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Final

import msgspec
import polars as pl
from msgspec import Struct

from ftaudit.model.errors import UsageError
from ftaudit.privacy.findings.span import Span
from ftaudit.privacy.patterns.pattern_cache import cached
from ftaudit.privacy.patterns.prefilter import Prefilter, load_re2
from ftaudit.privacy.presidio.library_versions import unproven, versions
from ftaudit.privacy.presidio.outlined_search import OutlinedSearch, RecognizerOutline
from ftaudit.privacy.presidio.score_floor import EVERY_SCORE, ScoreFloor

if TYPE_CHECKING:
    from ftaudit.privacy.presidio.plain_analyzer import PlainAnalyzer
    from ftaudit.privacy.presidio.recognizer_types import Recognizer
    from ftaudit.privacy.presidio.two_stage import TwoStageSearch


class PresidioOptions(Struct, frozen=True):
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
    whole_words: bool = False
    """Whether context words count as whole words only; Presidio takes them anywhere in a token."""


class PresidioCoverage(Struct, frozen=True):
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


class PresidioPlan(msgspec.Struct, frozen=True):
    """What a search with some options needs to know before Presidio itself is loaded."""

    prefilters: tuple[str | None, ...]
    """Of every recognizer, in their order."""
    entities: dict[str, tuple[str, ...]]
    always: tuple[str, ...]
    countries: tuple[str, ...]
    plain: str
    outlines: tuple[RecognizerOutline, ...] = ()
    """Of every recognizer, in their order."""


class PresidioScanner:
    """Search texts. Cheap to build; Presidio is loaded when a text passes the prefilters."""

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
        yield from self._asked_for(self._found_by_presidio(texts.cast(pl.String)))

    def shapes(self) -> tuple[str, ...] | None:
        """Return the prefilters of all recognizers, each once; None where one has none."""
        plan = _plan(self.options)
        return None if plan.plain else _shapes(plan.prefilters)

    def find_hits(
        self,
        hits_in: Iterable[tuple[int, str, list[int]]],
        floor: ScoreFloor = EVERY_SCORE,
    ) -> Iterator[tuple[int, list[Span]]]:
        """Yield what `find` yields, of texts in which some of the `shapes` were found.

        Findings below the `floor` may be left out.
        """
        yield from self._asked_for(self._searched(iter(hits_in), floor))

    def _searched(
        self, hits: Iterator[tuple[int, str, list[int]]], floor: ScoreFloor
    ) -> Iterator[tuple[int, list[Span]]]:
        """Search without Presidio up to the first text of which only Presidio can tell."""
        if self.options not in _LOADED:
            outlined = outlined_search(self.options)
            for hit in hits:
                position, text, shapes = hit
                spans = outlined.spans(text, shapes, floor)
                if spans is None:
                    hits = chain((hit,), hits)
                    break
                if spans:
                    yield position, spans
            else:
                return
            _LOADED.add(self.options)
        yield from full_search(self.options).search_hits(hits, floor)

    def _asked_for(
        self, found: Iterator[tuple[int, list[Span]]]
    ) -> Iterator[tuple[int, list[Span]]]:
        entities = self.options.entities
        for position, spans in found:
            kept = spans if entities is None else [s for s in spans if s.entity in entities]
            if kept:
                yield position, kept

    def _found_by_presidio(self, texts: pl.Series) -> Iterator[tuple[int, list[Span]]]:
        plan = _plan(self.options)
        if plan.plain:
            yield from _plain(self.options).find(texts)
        elif None in plan.prefilters:
            yield from full_search(self.options).find(texts)
        else:
            hits = _prefilter(plan.prefilters).candidates(texts)
            yield from self.find_hits(hits)

    def coverage(self) -> PresidioCoverage:
        """Return what this scan searches, and how.

        Raises:
            UsageError, InputError: as for `find`.
        """
        return _coverage(self.options)


_LOADED: Final[set[PresidioOptions]] = set()
"""Options with which Presidio is loaded in this process."""


def forget() -> None:
    """Forget every plan and engine of this process."""
    for made in (_plan, _coverage, _recognizers, _plain, full_search, outlined_search, _prefilter):
        made.cache_clear()
    _LOADED.clear()


@lru_cache(8)
def _plan(options: PresidioOptions) -> PresidioPlan:
    """Return the plan, from the user's cache unless recognizers are the user's own."""
    if options.recognizers or options.extra:
        return _derived(options)
    without = "" if load_re2() else "without re2"
    libraries = (f"{name} {release}" for name, release in versions().items())
    identity = (repr(options), without, unproven(), *libraries)
    return cached("presidio", identity, PresidioPlan, lambda: _derived(options))


@lru_cache(8)
def _coverage(options: PresidioOptions) -> PresidioCoverage:
    plan = _plan(options)
    return PresidioCoverage(
        entities=plan.entities,
        always=plan.always,
        languages=options.languages,
        countries=plan.countries,
        versions=versions(),
        plain=plan.plain,
    )


def _derived(options: PresidioOptions) -> PresidioPlan:
    from ftaudit.privacy.presidio import derivation, matchers, two_stage

    recognizers = _recognizers(options)
    plain = unproven() or two_stage.unusual(recognizers)
    prefilters = () if plain else tuple(derivation.derive(r) for r in recognizers)
    names = [r.name for r in recognizers]
    unfiltered = (
        [name for name, prefilter in zip(names, prefilters, strict=True) if prefilter is None]
        if not plain
        else names
    )
    searched = sorted({(e, r.name) for r in recognizers for e in r.supported_entities})
    chosen = [(e, n) for e, n in searched if options.entities is None or e in options.entities]
    return PresidioPlan(
        prefilters=prefilters,
        entities={entity: tuple(n for e, n in chosen if e == entity) for entity, _ in chosen},
        always=tuple(sorted(set(unfiltered))),
        countries=tuple(sorted({code for r in recognizers if (code := r.country_code())})),
        plain=plain,
        outlines=tuple(map(matchers.outline, recognizers, prefilters)),
    )


@lru_cache(8)
def _recognizers(options: PresidioOptions) -> "list[Recognizer]":
    from ftaudit.privacy.presidio import registry

    own = (*options.recognizers, *options.extra)
    loaded = registry.load(options.languages, options.countries, own)
    entities = options.entities
    kept = [r for r in loaded if entities is None or set(r.supported_entities) & set(entities)]
    if not kept:
        types = ", ".join(entities or ("anything",))
        msg = f"no recognizer searches {types} in {options.languages}"
        raise UsageError(msg)
    return kept


@lru_cache(8)
def _plain(options: PresidioOptions) -> "PlainAnalyzer":
    from ftaudit.privacy.presidio.plain_analyzer import PlainAnalyzer

    return PlainAnalyzer(_recognizers(options))


@lru_cache(8)
def full_search(options: PresidioOptions) -> "TwoStageSearch":
    """Return the search with Presidio's recognizers, which are loaded now."""
    from ftaudit.privacy.presidio import two_stage

    active = two_stage.activate(_recognizers(options), _plan(options).prefilters)
    return two_stage.TwoStageSearch(active, whole_words=options.whole_words)


@lru_cache(8)
def outlined_search(options: PresidioOptions) -> OutlinedSearch:
    """Return the search that does without Presidio as far as it can."""
    plan = _plan(options)
    shapes = _shapes(plan.prefilters) or ()
    index_of = {shape: i for i, shape in enumerate(shapes)}
    return OutlinedSearch(plan.outlines, [index_of.get(p or "") for p in plan.prefilters])


@lru_cache(8)
def _prefilter(prefilters: tuple[str | None, ...]) -> Prefilter:
    """Compile what `TwoStageSearch.search_hits` counts on: each shape once, in order."""
    return Prefilter(_shapes(prefilters) or ())


def _shapes(prefilters: tuple[str | None, ...]) -> tuple[str, ...] | None:
    shapes = dict.fromkeys(shape for shape in prefilters if shape)
    return None if None in prefilters else tuple(shapes)
