"""A text and its class."""

from collections.abc import Sequence
from typing import Final

import polars as pl
from msgspec import Struct

from ftaudit.records.cell_values import Raw
from ftaudit.records.completion import needed
from ftaudit.records.conversation import joined
from ftaudit.records.evidence import written_scores
from ftaudit.records.format import MappedRecords, Parts, nothing
from ftaudit.records.problem import flag
from ftaudit.records.record_part import absence, read_part
from ftaudit.records.shape import ColumnKind, TableShape, is_free_text

TEXTS: Final = (
    *("text", "sentence", "question", "content", "utterance", "input", "prompt", "query"),
    *("message", "review", "comment", "tweet", "document", "description", "body", "ticket"),
    *("sentence1", "premise", "full_text", "review_text", "article", "abstract", "body"),
    *("title", "headline", "summary", "post", "selftext", "email", "note", "report", "transcript"),
    *("code", "instruction", "story", "passage", "paragraph", "context", "utt", "dialogue"),
    *("chunk", "sms", "texto", "texte", "testo", "tekst", "текст", "文本", "テキスト"),
    *(
        "claim",
        "statement",
        "reviewText",
        "comment_text",
        "content_text",
        "raw_text",
        "clean_text",
        "normalized_text",
    ),
)
LABELS: Final = (
    *("label", "category", "intent", "class", "labels", "label_text", "label_name"),
    *("sentiment", "topic", "emotion", "class_name", "classification", "tag", "y"),
    *("gold_label", "class_index", "class_id", "label_id", "is_duplicate", "annotation", "stance"),
    *("polarity", "verdict_label", "toxic", "is_toxic", "hate", "spam", "is_spam", "coarse_label"),
    *("fine_label", "department", "queue", "subcategory", "target", "is_sarcastic", "offensive"),
    *("is_offensive", "is_hate", "is_fake", "is_fraud", "is_phishing", "sarcastic", "is_humor"),
    *("etiqueta", "étiquette", "etiquette", "kategorie", "klasse", "categoria", "categoría"),
    *("catégorie", "rótulo", "метка", "категория", "标签", "类别", "ラベル", "라벨"),
)

_NAMED: Final = r"\S"
_UNNAMED: Final = r"^\s*(?i:nan|<na>)\s*$"


def pick_subject(shape: TableShape, kinds: Sequence[ColumnKind] = (ColumnKind.TEXT,)) -> str | None:
    """Return the text that a record is about: by its name, else the one column that holds text."""
    text = shape.pick_like("input", TEXTS, kinds)
    if "input" in shape.overrides or (text is not None and shape.holds_text(text)):
        return text
    return shape.only_text() or text


def pick_class(shape: TableShape) -> str | None:
    """Return the column of classes, by its name; no text that is said once only is a class."""
    kinds = (ColumnKind.TEXT,)
    if "label" in shape.overrides:
        return shape.pick("label", LABELS, kinds)
    named = [*shape.named(LABELS, kinds), *shape.ending(LABELS, kinds)]
    return next((column for column in named if not is_free_text(shape, column)), None)


class Classification(Struct, frozen=True):
    """Records with a text and a label. Integer labels are fine; there is no output."""

    id: str = "classification"
    needs: str = "text and label (or sentence and category, utterance and intent, …)"

    def recognise(self, shape: TableShape) -> Parts | None:
        """Find a text and a label by name."""
        text = pick_subject(shape)
        label = pick_class(shape)
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
    """Read a text, or two, and a label or a score, which the parts need not name.

    Args:
        raw: a batch.
        parts: `input`, perhaps `label` or `score`, perhaps `second`.
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
        label = _given_labels(raw.frame[parts["label"]])
        if "problems" in requested:
            table = raw.index().with_columns(label.alias("label"))
            absent = pl.col("label").is_null()
            problems.append(flag(table, absent, "missing_label", parts["label"], "is missing"))
    score = None
    if "score" in parts and requested & {"score", "problems"}:
        score, unread = _scores(raw, parts["score"])
        problems += unread if "problems" in requested else []
    text = joined(inputs, label) if "text" in requested else text
    return MappedRecords(
        inputs,
        nothing(raw),
        text,
        label if "label" in parts else None,
        focus=focus,
        score=score,
        problems=problems,
    )


def _given_labels(column: pl.Series) -> pl.Series:
    """Return a column of labels as texts: blank ones, and what pandas prints for none, are null."""
    label = pl.col(column.name).cast(pl.String)
    missing = ~label.str.contains(_NAMED) | label.str.contains(_UNNAMED)
    return column.to_frame().select(pl.when(~missing).then(label)).to_series()


def _scores(raw: Raw, column: str) -> tuple[pl.Series, list[pl.DataFrame]]:
    """Return the numbers of a column, and where there is none."""
    text = raw.frame[column].cast(pl.String).str.strip_chars()
    score = written_scores(text)
    absent = (text.is_null() | (text == "")).fill_null(value=True)
    table = raw.index().with_columns(absent=absent, unread=score.is_null() & ~absent)
    return score, [
        flag(table, pl.col("absent"), "missing_label", column, "is missing"),
        flag(table, pl.col("unread"), "malformed", column, "is not a number"),
    ]
