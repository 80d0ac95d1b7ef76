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
from ftaudit.privacy.patterns.prefilter import Prefilter
from ftaudit.privacy.patterns.regex_widen import widen_to_core
from ftaudit.privacy.recognizers.cued_recognizer import FLAGS, CuedPattern, CuedRecognizer


class PatternCores(msgspec.Struct, frozen=True):
    """The prefilter of every pattern, in their order."""

    cores: list[str]


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
        return _engine(self._entities)[1]

    def find_hits(
        self, hits_in: Iterable[tuple[int, str, list[int]]]
    ) -> Iterator[tuple[int, list[Span]]]:
        """Yield what `find` yields, of texts in which some of the `shapes` were found."""
        active, _ = _engine(self._entities)
        for position, text, hits in hits_in:
            distinct = {
                span
                for recognizer, pattern in (active[i] for i in hits)
                for span in recognizer.search(text, pattern)
            }
            if distinct:
                yield position, sorted(distinct, key=by_place)

    def coverage(self) -> dict[str, tuple[str, ...]]:
        """Return the recognizers' names by entity, both sorted."""
        names_of: dict[str, list[str]] = {}
        for recognizer in {r.name: r for r, _ in _engine(self._entities)[0]}.values():
            names_of.setdefault(recognizer.entity, []).append(recognizer.name)
        return {entity: tuple(sorted(names)) for entity, names in sorted(names_of.items())}


@cache
def _engine(
    entities: tuple[str, ...] | None,
) -> tuple[tuple[tuple[CuedRecognizer, CuedPattern], ...], tuple[str, ...]]:
    """Return every pattern with its recognizer, and the prefilter of each."""
    active = tuple(
        (recognizer, pattern)
        for recognizer in discover()
        if entities is None or recognizer.entity in entities
        for pattern in recognizer.patterns
    )
    expressions = [pattern.pattern for _, pattern in active]
    cores = cached("recognizers", expressions, PatternCores, lambda: _cores(active))
    return active, tuple(cores.cores)


@cache
def _prefilter(shapes: tuple[str, ...]) -> Prefilter:
    return Prefilter(shapes)


def _cores(active: Sequence[tuple[CuedRecognizer, CuedPattern]]) -> PatternCores:
    return PatternCores([widen_to_core(pattern.pattern, FLAGS) for _, pattern in active])


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
