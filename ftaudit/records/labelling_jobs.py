"""Classes as labelling services write them: SageMaker Ground Truth, Vertex AI."""

from collections.abc import Mapping
from typing import Final

import polars as pl
from msgspec import Struct

from ftaudit.records.cell_values import Json, Raw
from ftaudit.records.classification import TEXTS
from ftaudit.records.conversation import joined
from ftaudit.records.format import MappedRecords, Parts, all_columns, nothing
from ftaudit.records.multi_label import BETWEEN
from ftaudit.records.problem import flag
from ftaudit.records.record_part import absence, read_part
from ftaudit.records.shape import ColumnKind, TableShape

_TEXTS: Final = ("source", "text_content", *TEXTS)
_METADATA: Final = "-metadata"
_ANNOTATIONS: Final = (
    *("classification_annotation", "classification_annotations", "sentiment_annotation"),
)


class LabellingJobs(Struct, frozen=True):
    """Records with a text and a class in an object, as labelling services write them.

    SageMaker Ground Truth names the class in the metadata of a job (`topic-metadata.class-name`,
    or `class-map` where a text has several), Vertex AI in an annotation
    (`classificationAnnotation.displayName`, `sentimentAnnotation.sentiment`).
    """

    id: str = "labelling-jobs"
    needs: str = "source and NAME-metadata (SageMaker), or textContent and annotations (Vertex AI)"

    def recognise(self, shape: TableShape) -> Parts | None:
        """Find a text, and objects that name its class."""
        nested = (ColumnKind.OTHER, ColumnKind.JSON)
        jobs = [c for c in shape.schema if c.endswith(_METADATA) and shape.kind(c) in nested]
        free = [c for c in (*shape.named(_ANNOTATIONS, nested), *jobs) if c not in shape.taken]
        label = next((c for c in free if any(map(_classes, shape.values(c)))), None)
        text = shape.pick_text("input", _TEXTS, (ColumnKind.TEXT,))
        if text is None or label is None or "label" in shape.overrides:
            return None
        return {"input": text, "label": label}

    def columns(self, parts: Parts, requested: frozenset[str]) -> frozenset[str]:
        """Read everything of the record."""
        return all_columns(parts, requested)

    def map(self, raw: Raw, parts: Parts, requested: frozenset[str]) -> MappedRecords:  # noqa: ARG002 - nothing is dear here
        """Read texts and the names of their classes."""
        part = read_part(raw, parts["input"])
        named = [_classes(value) for value in raw.values(parts["label"])]
        labels = [BETWEEN.join(sorted(set(names))) or None for names in named]
        label = pl.Series(labels, dtype=pl.String)
        table = raw.index().with_columns(label.alias("label"))
        problems = [
            *absence(raw, part, "input"),
            flag(table, pl.col("label").is_null(), "missing_label", parts["label"], "is missing"),
        ]
        text = joined(part.text, label)
        return MappedRecords(part.text, nothing(raw), text, label, problems=problems)


def _classes(value: Json) -> list[str]:
    """Return the names of the classes that an object of a labelling service holds."""
    if isinstance(value, list):
        return [name for item in value for name in _classes(item)]
    if not isinstance(value, Mapping):
        return []
    for key in ("class-name", "displayName", "sentiment"):
        if value.get(key) is not None:
            return [str(value[key])]
    classes = value.get("class-map")
    return (
        [str(n) for n in classes.values() if n is not None] if isinstance(classes, Mapping) else []
    )
