"""Search texts with our own recognizers: what words, shapes and checksums give away."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

import msgspec
import polars as pl

from ftaudit.privacy import recognizers
from ftaudit.privacy.findings.span import Span, by_place
from ftaudit.privacy.patterns.pattern_cache import cached
from ftaudit.privacy.patterns.prefilter import Finder, Prefilter, load_re2
from ftaudit.privacy.patterns.regex_widen import widen, widen_roughly, widen_to_core
from ftaudit.privacy.recognizers.cued_recognizer import FLAGS, CuedPattern, CuedRecognizer


class PatternCores(msgspec.Struct, frozen=True):
    """The prefilters of every pattern, in their order."""

    cores: list[str]
    """Of the part of it that tells most: all are searched at once, in every text."""
    wholes: list[str]
    """Of all of it, searched where the core was found; empty where the core is the whole."""


class CuedScanner:
    """Search texts for the entities given. Cheap to build: compiled once per process."""

    def __init__(self, entities: tuple[str, ...] | None = None) -> None:
        """Take the entity types to search; None: all."""
        self._entities = entities

    def find(self, texts: pl.Series) -> Iterator[tuple[int, list[Span]]]:
        """Yield (position, spans) for each text with spans, by ascending position.

        Spans are sorted by (start, end, entity, recognizer) and unresolved: they may overlap.
        """
        yield from self.find_hits(_prefilter(self.shapes()).candidates(texts))

    def shapes(self) -> tuple[str, ...]:
        """Return the prefilter of every pattern."""
        return tuple(_engine(self._entities)[1].cores)

    def find_hits(
        self, hits_in: Iterable[tuple[int, str, list[int]]]
    ) -> Iterator[tuple[int, list[Span]]]:
        """Yield what `find` yields, of texts in which some of the `shapes` were found."""
        active, prefilters = _engine(self._entities)
        of_pattern: dict[int, list[tuple[int, str]]] = {}
        for position, text, hits in hits_in:
            for i in hits:
                of_pattern.setdefault(i, []).append((position, text))
        spans_at: dict[int, set[Span]] = {}
        for i, texts in of_pattern.items():
            # one pattern after the other: it stays in the processor's cache
            recognizer, pattern = active[i]
            for position, text in texts:
                if _may_hold(text, prefilters.wholes[i]):
                    for span in recognizer.search(text, pattern):
                        spans_at.setdefault(position, set()).add(span)
        for position in sorted(spans_at):
            yield position, sorted(spans_at[position], key=by_place)

    def coverage(self) -> dict[str, tuple[str, ...]]:
        """Return the recognizers' names by entity, both sorted."""
        names_of: dict[str, list[str]] = {}
        for recognizer in {r.name: r for r, _ in _engine(self._entities)[0]}.values():
            names_of.setdefault(recognizer.entity, []).append(recognizer.name)
        return {entity: tuple(sorted(names)) for entity, names in sorted(names_of.items())}


@cache
def _engine(
    entities: tuple[str, ...] | None,
) -> tuple[tuple[tuple[CuedRecognizer, CuedPattern], ...], PatternCores]:
    """Return every pattern with its recognizer, and the prefilters of each."""
    active = tuple(
        (recognizer, pattern)
        for recognizer in discover()
        if entities is None or recognizer.entity in entities
        for pattern in recognizer.patterns
    )
    expressions = [pattern.pattern for _, pattern in active]
    cores = cached("recognizers", expressions, PatternCores, lambda: _cores(active))
    return active, cores


@cache
def _prefilter(shapes: tuple[str, ...]) -> Prefilter:
    return Prefilter(shapes)


def _cores(active: Sequence[tuple[CuedRecognizer, CuedPattern]]) -> PatternCores:
    expressions = [pattern.pattern for _, pattern in active]
    cores = [widen_to_core(expression, FLAGS) for expression in expressions]
    return PatternCores(cores, [*map(_whole, expressions, cores)])


def _whole(expression: str, core: str) -> str:
    """Return what is in every text with a match and says more than the core; empty: nothing."""
    if widen([expression], FLAGS) == core:
        return ""
    return widen_roughly(expression, FLAGS)


def _may_hold(text: str, whole: str) -> bool:
    """Whether a text may hold a match of a pattern, whose core was found in it."""
    finder = _finder(whole) if whole else None
    return finder is None or finder.is_in(text.encode())


@cache
def _finder(whole: str) -> Finder | None:
    """Return what searches a prefilter, compiled when it is first needed; None: nothing does."""
    try:
        return Finder(whole) if load_re2() else None
    except ValueError:  # it is too large
        return None


@cache
def discover() -> tuple[CuedRecognizer, ...]:
    """Return one of every recognizer in the modules of `recognizers`, sorted by name."""
    kinds: list[CuedRecognizer] = []
    for name in sorted(module.name for module in iter_modules(recognizers.__path__)):
        module = import_module(f"{recognizers.__name__}.{name}")
        kinds += [
            kind()
            for kind in vars(module).values()
            if _is_recognizer(kind) and kind.__module__ == module.__name__
        ]
    return tuple(sorted(kinds, key=lambda recognizer: recognizer.name))


def _is_recognizer(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, CuedRecognizer) and hasattr(kind, "patterns")
