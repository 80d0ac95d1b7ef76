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
from ftaudit.privacy.span import Span

if TYPE_CHECKING:
    from ftaudit.privacy.engine import Engine
    from ftaudit.privacy.presidio import Recognizer


class RecognizerError(RuntimeError):
    """A recognizer broke. Names it and the type of its exception, never the text it was given."""


@dataclass(frozen=True)
class ScanOptions:
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
class Coverage:
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


class Scanner:
    """Search texts. Cheap to build; the engine is built once per process and options."""

    def __init__(self, options: ScanOptions | None = None) -> None:
        """Keep the options; nothing is loaded yet."""
        self.options = options or ScanOptions()

    def find(self, texts: pl.Series) -> Iterator[tuple[int, list[Span]]]:
        """Yield (position, spans) for each text with spans, by ascending position.

        Spans are sorted by (start, end, entity, recognizer) and unresolved: they may overlap.
        Nulls have none. Works through the column as it is read: nothing of it is kept.

        Raises:
            UsageError: the options name no recognizer, or one that does not exist.
            InputError: a file of recognizers is not what it should be.
            RecognizerError: a recognizer broke, or took longer than Presidio allows.
        """
        wanted = self.options.entities
        for position, spans in _built(self.options).engine.find(texts.cast(pl.String)):
            kept = spans if wanted is None else [s for s in spans if s.entity in wanted]
            if kept:
                yield position, kept

    def coverage(self) -> Coverage:
        """Return what this scan searches, and how.

        Raises:
            UsageError, InputError: as for `find`.
        """
        return _built(self.options).coverage


@dataclass(frozen=True, eq=False)
class _Built:
    engine: "Engine"
    coverage: Coverage


@lru_cache(8)
def _built(options: ScanOptions) -> _Built:
    from ftaudit.privacy import engine, registry

    recognizers = _wanted(
        options,
        registry.load(options.languages, options.countries, (*options.recognizers, *options.extra)),
    )
    plain = registry.unproven() or engine.unusual(recognizers)
    if plain:
        return _Built(engine.Plain(recognizers), _coverage(options, recognizers, plain=plain))
    active = engine.activate(recognizers)
    always = {each.name for each in active if each.prefilter is None}
    return _Built(engine.TwoStage(active), _coverage(options, recognizers, always=always))


def _wanted(options: ScanOptions, recognizers: "list[Recognizer]") -> "list[Recognizer]":
    wanted = options.entities
    kept = [r for r in recognizers if wanted is None or set(r.supported_entities) & set(wanted)]
    if not kept:
        msg = f"no recognizer searches {', '.join(wanted or ('anything',))} in {options.languages}"
        raise UsageError(msg)
    return kept


def _coverage(
    options: ScanOptions,
    recognizers: "list[Recognizer]",
    *,
    always: set[str] | None = None,
    plain: str = "",
) -> Coverage:
    from ftaudit.privacy import registry

    names = {r.name for r in recognizers}
    searched = sorted({(e, r.name) for r in recognizers for e in r.supported_entities})
    wanted = [(e, n) for e, n in searched if options.entities is None or e in options.entities]
    return Coverage(
        entities={e: tuple(n for found, n in wanted if found == e) for e, _ in wanted},
        always=tuple(sorted(names if always is None else always)),
        languages=options.languages,
        countries=tuple(sorted({code for r in recognizers if (code := r.country_code())})),
        versions=registry.versions(),
        plain=plain,
    )
