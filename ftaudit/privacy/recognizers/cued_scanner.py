"""Search texts with our own recognizers: what words, shapes and checksums give away."""

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

import polars as pl

from ftaudit.privacy import recognizers
from ftaudit.privacy.findings.span import Span, by_place
from ftaudit.privacy.patterns.prefilter import Prefilter
from ftaudit.privacy.patterns.regex_widen import widen
from ftaudit.privacy.recognizers.cued_recognizer import FLAGS, CuedRecognizer


class CuedScanner:
    """Search texts for the entities given. Cheap to build: compiled once per process."""

    def __init__(self, entities: tuple[str, ...] | None = None) -> None:
        """Take the entity types to search; None: all."""
        self._entities = entities

    def find(self, texts: pl.Series) -> Iterator[tuple[int, list[Span]]]:
        """Yield (position, spans) for each text with spans, by ascending position.

        Spans are sorted by (start, end, entity, recognizer) and unresolved: they may overlap.
        """
        active, prefilter = _engine(self._entities)
        if not active:
            return
        for position, text, hits in prefilter.candidates(texts):
            distinct = {span for i in hits for span in active[i].find(text)}
            spans = sorted(distinct, key=by_place)
            if spans:
                yield position, spans

    def coverage(self) -> dict[str, tuple[str, ...]]:
        """Return the recognizers' names by entity, both sorted."""
        names_of: dict[str, list[str]] = {}
        for recognizer in _engine(self._entities)[0]:
            names_of.setdefault(recognizer.entity, []).append(recognizer.name)
        return {entity: tuple(sorted(names)) for entity, names in sorted(names_of.items())}


@cache
def _engine(entities: tuple[str, ...] | None) -> tuple[tuple[CuedRecognizer, ...], Prefilter]:
    active = tuple(r for r in discover() if entities is None or r.entity in entities)
    shapes = [widen([shape.pattern for shape in r.shapes], FLAGS) for r in active]
    return active, Prefilter(shapes)


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
    return isinstance(kind, type) and issubclass(kind, CuedRecognizer) and hasattr(kind, "shapes")
