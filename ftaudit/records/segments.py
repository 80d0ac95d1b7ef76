"""Segments of text, some of which are to be learned: axolotl's template-free `input_output`."""

from collections.abc import Mapping
from typing import Final

import polars as pl
from msgspec import Struct

from ftaudit.records.cell_values import Json, Raw
from ftaudit.records.final_answer import derivations
from ftaudit.records.format import MappedRecords, Parts, all_columns
from ftaudit.records.problem import flag
from ftaudit.records.record_part import blanks
from ftaudit.records.shape import ColumnKind, TableShape

_NAMES: Final = ("segments",)
_TRAINED: Final = ("label", "train", "trainable", "is_trainable")


class Segments(Struct, frozen=True):
    """Records with a list of segments `{label, text}`, as they stand in the prompt.

    Segments whose label is true are learned. The input is everything before the last of them,
    the output that segment: the texts as they are, without anything between them.
    """

    id: str = "segments"
    needs: str = "segments (a list of {label: true or false, text})"

    def recognise(self, shape: TableShape) -> Parts | None:
        """Find lists of texts that say whether they are learned."""
        kinds = (ColumnKind.OTHER, ColumnKind.JSON)
        for column in shape.named(_NAMES, kinds):
            values = [value for value in shape.values(column) if value]
            if values and all(_segments(value) for value in values):
                return {"input": column, "output": column}
        return None

    def columns(self, parts: Parts, requested: frozenset[str]) -> frozenset[str]:
        """Read the segments."""
        return all_columns(parts, requested)

    def map(self, raw: Raw, parts: Parts, requested: frozenset[str]) -> MappedRecords:  # noqa: ARG002 - nothing is dear here
        """Divide records before the last segment that is learned."""
        column = parts["input"]
        records = [_segments(value) for value in raw.values(column)]
        divided = [_divided(segments) for segments in records]
        inputs = pl.Series([before for before, _ in divided], dtype=pl.String)
        outputs = pl.Series([learned for _, learned in divided], dtype=pl.String)
        whole = ["".join(text for _, text in segments) or None for segments in records]
        bad = [not s and v is not None for s, v in zip(records, raw.values(column), strict=True)]
        table = raw.index().with_columns(pl.Series("bad", bad, dtype=pl.Boolean))
        spoken = raw.index().with_columns(text=outputs).filter(~pl.Series(bad, dtype=pl.Boolean))
        problems = [
            flag(table, pl.col("bad"), "malformed", column, "is not a list of labelled texts"),
            *blanks(spoken, "output", column),
        ]
        same, variant = derivations(outputs)
        text = pl.Series(whole, dtype=pl.String)
        return MappedRecords(inputs, outputs, text, None, same, variant, problems=problems)


def _segments(value: Json) -> list[tuple[bool, str]]:
    """Return whether each segment is learned, and its text; nothing where a value is none."""
    segments: list[tuple[bool, str]] = []
    for item in value if isinstance(value, list) else []:
        label = next((item[k] for k in _TRAINED if k in item), None) if _is_object(item) else None
        text = item.get("text") if _is_object(item) else None
        if not isinstance(label, bool) or not isinstance(text, str):
            return []
        segments.append((label, text))
    return segments


def _is_object(item: Json) -> bool:
    return isinstance(item, Mapping)


def _divided(segments: list[tuple[bool, str]]) -> tuple[str | None, str | None]:
    learned = [place for place, (label, _) in enumerate(segments) if label]
    if not learned:
        return "".join(text for _, text in segments) or None, None
    before = "".join(text for _, text in segments[: learned[-1]])
    return before or None, segments[learned[-1]][1]
