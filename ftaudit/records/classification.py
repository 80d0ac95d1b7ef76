"""A text and its class."""

from dataclasses import dataclass
from typing import Final

import polars as pl

from ftaudit.records.cell_values import Raw
from ftaudit.records.completion import needed
from ftaudit.records.conversation import joined
from ftaudit.records.format import MappedRecords, Parts, nothing
from ftaudit.records.problem import flag
from ftaudit.records.record_part import absence, read_part
from ftaudit.records.shape import ColumnKind, TableShape

TEXTS: Final = (
    *("text", "sentence", "question", "content", "utterance", "input", "prompt", "query"),
    *("message", "review", "comment", "tweet", "document", "description", "body", "ticket"),
    *("sentence1", "premise", "full_text", "review_text", "article", "abstract", "body"),
    *("title", "headline", "summary", "post", "selftext", "email", "note", "report", "transcript"),
    *("code", "instruction", "story", "passage", "paragraph", "context"),
)
LABELS: Final = (
    *("label", "category", "intent", "class", "labels", "label_text", "label_name", "target"),
    *("sentiment", "topic", "emotion", "class_name", "classification", "tag", "y"),
)


@dataclass(frozen=True)
class Classification:
    """Records with a text and a label. Integer labels are fine; there is no output."""

    id: str = "classification"
    needs: str = "text and label (or sentence and category, utterance and intent, …)"

    def recognise(self, shape: TableShape) -> Parts | None:
        """Find a text and a label by name."""
        text = shape.pick_text("input", TEXTS, (ColumnKind.TEXT,))
        label = shape.pick("label", LABELS, (ColumnKind.TEXT,))
        if text is None or label is None or text == label:
            return None
        return {"input": text, "label": label}

    def columns(self, parts: Parts, requested: frozenset[str]) -> frozenset[str]:
        """Read the parts that are wanted."""
        reads: dict[str, tuple[str, ...]] = {"input": ("input",), "label": ("label",)}
        reads |= {"output": (), "answer": (), "variant": (), "focus": ()}
        return needed(parts, requested, reads)

    def map(self, raw: Raw, parts: Parts, requested: frozenset[str]) -> MappedRecords:
        """Read texts and labels."""
        return map_classes(raw, parts, requested)


def map_classes(
    raw: Raw, parts: Parts, requested: frozenset[str], *, second: str | None = None
) -> MappedRecords:
    """Read a text, or two, and a label, which may be missing where the parts name none.

    Args:
        raw: a batch.
        parts: `input`, perhaps `label`, perhaps `second`.
        requested: canonical columns.
        second: the part of the second text, which tells records of one first text apart.
    """
    inputs = label = text = nothing(raw)
    focus: pl.Series | None = None
    problems: list[pl.DataFrame] = []
    if requested & {"input", "text", "problems"}:
        part = read_part(raw, parts["input"])
        inputs = part.text
        problems = absence(raw, part, "input") if "problems" in requested else []
    if second is not None and requested & {"input", "text", "problems", "focus"}:
        other = read_part(raw, parts[second])
        focus = other.text
        inputs = joined(inputs, other.text)
        problems += absence(raw, other, "input") if "problems" in requested else []
    if "label" in parts and requested & {"label", "text", "problems"}:
        label = raw.frame[parts["label"]].cast(pl.String)
        if "problems" in requested:
            table = raw.index().with_columns(label.alias("label"))
            absent = pl.col("label").is_null() | ~pl.col("label").str.contains(r"\S")
            problems.append(flag(table, absent, "missing_label", parts["label"], "is missing"))
    text = joined(inputs, label) if "text" in requested else text
    return MappedRecords(
        inputs,
        nothing(raw),
        text,
        label if "label" in parts else None,
        focus=focus,
        problems=problems,
    )
