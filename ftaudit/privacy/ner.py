"""Find names, places and organisations with a model that the user has installed.

Nothing is ever downloaded: a model is a package or a folder on this machine, or an error that says
how to install it.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple, Protocol

import polars as pl

from ftaudit.model.errors import UsageError, suggestion
from ftaudit.privacy.findings.entity_types import MODELLED
from ftaudit.privacy.findings.span import Span

_ENTITY: Final[Mapping[str, str]] = MappingProxyType(
    {
        "PERSON": "PERSON", "PER": "PERSON", "PEOPLE": "PERSON",
        "GPE": "LOCATION", "LOC": "LOCATION", "FAC": "LOCATION", "LOCATION": "LOCATION",
        "ORG": "ORGANIZATION", "ORGANIZATION": "ORGANIZATION",
        "NORP": "NRP", "NRP": "NRP", "NATIONALITY": "NRP",
    }
)  # fmt: skip
"""Labels of spaCy (OntoNotes), CoNLL models and GLiNER → Presidio's entity types."""
_GLINER_LABELS: Final = ("person", "location", "organization", "nationality")
_SPACY_SCORE: Final = 0.85
"""spaCy gives no confidence; Presidio uses this value for it."""
_WINDOW: Final = 1_000
_OVERLAP: Final = 150
"""Characters of text given at once to models that cut longer input off, and shared by two."""
_BATCH: Final = 64
_OFFLINE: Final = MappingProxyType(
    {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1"}
)


class NerModel(Protocol):
    """A model that is loaded."""

    @property
    def name(self) -> str:
        """Its framework, name and version, without any path."""

    @property
    def entities(self) -> tuple[str, ...]:
        """The entity types it can find, sorted."""

    def find(self, texts: Sequence[str]) -> Iterator[list[Span]]:
        """Yield the spans of each text."""


class Spec(NamedTuple):
    """A model by its framework and name: `spacy:en_core_web_sm`."""

    framework: str
    model: str


def parse(spec: str) -> Spec:
    """Read `framework:model`.

    Raises:
        UsageError: another form, or another framework.
    """
    framework, colon, model = spec.partition(":")
    if not colon or not model or framework not in _LOADERS:
        msg = f"ner {spec}: expected spacy:MODEL, gliner:MODEL or transformers:MODEL"
        raise UsageError(msg + suggestion(framework, _LOADERS))
    return Spec(framework, model)


@cache
def load(spec: str) -> NerModel:
    """Load an installed model, once per process.

    Raises:
        UsageError: the framework or the model is not on this machine; says how to install it.
    """
    framework, model = parse(spec)
    os.environ.update(_OFFLINE)
    return _LOADERS[framework](model)


def find(spec: str, texts: pl.Series) -> Iterator[tuple[int, list[Span]]]:
    """Yield (position, spans) for each text in which the model finds something, ascending."""
    present = [(i, text) for i, text in enumerate(texts) if text]
    spans_of = load(spec).find([text for _, text in present])
    for (position, _), spans in zip(present, spans_of, strict=True):
        if spans:
            yield position, sorted(set(spans), key=lambda s: (s.start, s.end, s.entity))


class _SpacyModel:
    def __init__(self, nlp: Any, name: str) -> None:  # noqa: ANN401 - spaCy's Language
        self._nlp, self.name = nlp, name
        nlp.max_length = 1 << 31

    @property
    def entities(self) -> tuple[str, ...]:
        labels = self._nlp.get_pipe("ner").labels if self._nlp.has_pipe("ner") else ()
        return _known(labels)

    def find(self, texts: Sequence[str]) -> Iterator[list[Span]]:
        for doc in self._nlp.pipe(texts, batch_size=_BATCH):
            yield [
                Span(entity, e.start_char, e.end_char, _SPACY_SCORE, self.name)
                for e in doc.ents
                if (entity := _ENTITY.get(e.label_.upper())) is not None
            ]


class _WindowedModel:
    """A model that reads a limited number of words at once: long texts go in windows."""

    def __init__(self, predict: Any, name: str, entities: tuple[str, ...]) -> None:  # noqa: ANN401 - a framework's callable
        self._predict, self.name, self.entities = predict, name, entities

    def find(self, texts: Sequence[str]) -> Iterator[list[Span]]:
        for text in texts:
            yield [
                Span(entity, offset + start, offset + end, score, self.name)
                for offset, window in windows(text)
                for label, start, end, score in self._predict(window)
                if (entity := _ENTITY.get(label.upper().removeprefix("B-").removeprefix("I-")))
            ]


def windows(text: str) -> Iterator[tuple[int, str]]:
    """Yield (offset, piece) of at most 1,000 characters, cut at white space, overlapping."""
    start = 0
    while True:
        end = min(len(text), start + _WINDOW)
        if end < len(text):
            space = text.rfind(" ", start + _WINDOW - _OVERLAP, end)
            end = space if space > 0 else end
        yield start, text[start:end]
        if end >= len(text):
            return
        start = end - _OVERLAP


def _known(labels: Sequence[str]) -> tuple[str, ...]:
    plain = (label.upper().removeprefix("B-").removeprefix("I-") for label in labels)
    return tuple(sorted({_ENTITY[label] for label in plain if label in _ENTITY}))


def _spacy(model: str) -> NerModel:
    import spacy

    try:
        nlp = spacy.load(model)
    except OSError:
        raise _missing("spacy", model, f"python -m spacy download {model}") from None
    name = f"{nlp.lang}_{nlp.meta['name']} {nlp.meta['version']}"
    return _SpacyModel(nlp, f"spacy:{name}")


def _gliner(model: str) -> NerModel:
    try:
        from gliner import GLiNER
    except ImportError:
        raise _missing("gliner", "", "pip install 'ftaudit[ner]'") from None
    try:
        loaded = GLiNER.from_pretrained(model, local_files_only=True)
    except (OSError, ValueError):
        raise _missing("gliner", model, f"huggingface-cli download {model}") from None

    def predict(text: str) -> Iterator[tuple[str, int, int, float]]:
        for entity in loaded.predict_entities(text, list(_GLINER_LABELS), threshold=0.5):
            yield entity["label"], entity["start"], entity["end"], float(entity["score"])

    return _WindowedModel(predict, f"gliner:{Path(model).name}", MODELLED)


def _transformers(model: str) -> NerModel:
    try:
        from transformers import pipeline
    except ImportError:
        raise _missing("transformers", "", "pip install 'ftaudit[ner]'") from None
    try:
        tag = pipeline("token-classification", model=model, aggregation_strategy="simple")
    except (OSError, ValueError):
        raise _missing("transformers", model, f"huggingface-cli download {model}") from None

    def predict(text: str) -> Iterator[tuple[str, int, int, float]]:
        for entity in tag(text):
            yield entity["entity_group"], entity["start"], entity["end"], float(entity["score"])

    labels = tuple(tag.model.config.id2label.values())
    return _WindowedModel(predict, f"transformers:{Path(model).name}", _known(labels))


def _missing(framework: str, model: str, command: str) -> UsageError:
    missing = f"model {model}" if model else f"package {framework}"
    return UsageError(
        f"ner {framework}{':' + model if model else ''}: the {missing} is not on this machine, "
        f"and nothing is downloaded unasked; install it: {command}"
    )


_LOADERS: Final = MappingProxyType(
    {"spacy": _spacy, "gliner": _gliner, "transformers": _transformers}
)
