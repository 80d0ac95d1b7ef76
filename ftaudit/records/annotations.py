"""Annotated texts: named entities as tags or spans, exports of doccano and Prodigy."""

from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl
from msgspec import Struct

from ftaudit.records.cell_values import Json, Raw
from ftaudit.records.classification import pick_subject
from ftaudit.records.conversation import joined
from ftaudit.records.format import MappedRecords, Parts, all_columns
from ftaudit.records.problem import flag
from ftaudit.records.roles import Role
from ftaudit.records.shape import ColumnKind, TableShape

_TOKENS: Final = (
    *("tokens", "words", "token_list", "sentence_tokens", "tokenized_text", "sents", "sentences"),
)
_TAGS: Final = (
    *("ner_tags", "tags", "labels", "pos_tags", "ner", "chunk_tags", "ner_labels", "bio_tags"),
    *("fine_ner_tags", "entities_tags", "label"),
)
_SPANS: Final = (
    *("spans", "entities", "label", "labels", "annotations", "ner", "annotation", "span_labels"),
    *("ents", "entity_mentions", "mentions", "named_entities", "spans_list", "highlights"),
    *("relations", "textSegmentAnnotations", "annotated_spans"),
)
_START: Final = ("start", "start_offset", "begin", "start_char", "from", "startOffset")
_END: Final = ("end", "end_offset", "stop", "end_char", "to", "endOffset")
_CLASS: Final = (
    "label",
    "labels",
    "type",
    "tag",
    "entity",
    "entity_group",
    "category",
    "displayName",
)


class Annotations(Struct, frozen=True):
    """Records with tokens and a tag for each, or a text and spans `[start, end, label]`.

    The input is the text (tokens joined by spaces), the output the spans as `label: words`, or
    the tags. A column of verdicts (`answer` of Prodigy: accept, reject, ignore) leaves out what
    was not accepted: such a row has no output, and contradicts no other.
    """

    id: str = "annotations"
    needs: str = "tokens and ner_tags, or text and spans (entities, label of doccano)"

    def recognise(self, shape: TableShape) -> Parts | None:
        """Find tokens with tags, or a text with spans."""
        nested = (ColumnKind.OTHER, ColumnKind.JSON)
        tokens = next(iter(shape.named(_TOKENS, nested)), None)
        tags = next(iter(shape.named(_TAGS, nested)), None)
        if tokens is not None and tags is not None and _are_lists(shape, tags):
            return {"input": tokens, "output": tags}
        text = pick_subject(shape)
        named = [*shape.named(_SPANS, nested), *_jobs(shape)]
        spans = next((c for c in named if _holds_spans(shape, c)), None)
        return None if text is None or spans is None else {"input": text, "output": spans}

    def columns(self, parts: Parts, requested: frozenset[str]) -> frozenset[str]:
        """Read everything of the record."""
        return all_columns(parts, requested)

    def map(self, raw: Raw, parts: Parts, requested: frozenset[str]) -> MappedRecords:  # noqa: ARG002 - nothing is dear here
        """Read texts and what was marked in them."""
        written = raw.values(parts["input"])
        texts = [_text(value) for value in written]
        values = raw.values(parts["output"])
        accepted = accepted_rows(raw, parts)
        marked = [
            _marked(value, tokens if isinstance(tokens, list) else text or "") if yes else None
            for value, tokens, text, yes in zip(values, written, texts, accepted, strict=True)
        ]
        inputs = pl.Series(texts, dtype=pl.String)
        outputs = pl.Series(marked, dtype=pl.String)
        absent = pl.Series(
            "absent", [v is None and yes for v, yes in zip(values, accepted, strict=True)]
        )
        table = raw.index().with_columns(absent, inputs.alias("input"))
        problems = [
            flag(table, pl.col("absent"), "missing_output", parts["output"], "is missing"),
            flag(table, pl.col("input").is_null(), "missing_input", parts["input"], "is missing"),
        ]
        return MappedRecords(inputs, outputs, joined(inputs, outputs), problems=problems)


VERDICTS: Final = frozenset(
    {"accept", "accepted", "reject", "rejected", "ignore", "ignored", "submitted", "discarded"}
    | {"pending", "draft", "skip", "skipped", "approved", "completed", "unanswered"}
    | {"validated", "default", "edited", "reviewed", "done", "new", "in_progress", "todo"}
)
"""What tools call the state of an annotation."""
_ACCEPTED: Final = frozenset(
    {"accept", "accepted", "submitted", "approved", "completed", "validated", "reviewed", "done"}
)
_VERDICT_NAMES: Final = ("answer", "status", "verdict", "annotation_status", "state", "_status")


def verdict_column(shape: TableShape) -> str | None:
    """Return the column that says which annotations were accepted, if there is one."""
    for column in shape.named(_VERDICT_NAMES, (ColumnKind.TEXT,)):
        values = {str(value).strip().lower() for value in shape.values(column) if value is not None}
        if values and values <= VERDICTS and values & (_ACCEPTED | {"reject", "rejected"}):
            return column
    return None


def accepted_rows(raw: Raw, parts: Parts) -> Sequence[bool]:
    """Tell which rows hold an accepted annotation; all of them without a column of verdicts."""
    column = parts.get(Role.VERDICT.value)
    if column is None or column not in raw.frame.columns:
        return [True] * len(raw)
    states = raw.frame[column].cast(pl.String).str.strip_chars().str.to_lowercase()
    return states.is_in(sorted(_ACCEPTED)).fill_null(value=False).to_list()


def _holds_spans(shape: TableShape, column: str) -> bool:
    values = [held for value in shape.values(column) if (held := _listed(value))]
    return bool(values) and all(_span(item) is not None for value in values for item in value)


def _are_lists(shape: TableShape, column: str) -> bool:
    return all(isinstance(value, list) for value in shape.values(column) if value is not None)


def _jobs(shape: TableShape) -> list[str]:
    """Return columns that have their metadata beside them, as SageMaker writes its labels."""
    return [c for c in shape.schema if f"{c}-metadata" in shape.schema and c not in shape.taken]


def _listed(value: Json) -> list[Json] | None:
    """Return a list of spans, which may stand in objects: `{"annotations": {"entities": […]}}`."""
    for key in ("annotations", "entities"):
        if isinstance(value, Mapping) and key in value:
            value = value[key]
    return value if isinstance(value, list) else None


def _text(value: Json) -> str | None:
    if isinstance(value, list):
        return " ".join(_text(token) or "" for token in value)
    return value if isinstance(value, str) or value is None else str(value)


def _marked(value: Json, text: str | list[Json]) -> str | None:
    """Return spans as lines `label: words`, in their order in the text; tags as they are.

    Of tokens, spans count words, some with their end and some without: they stay numbers.
    """
    value = _listed(value)
    if value is None:
        return None
    spans = [span for item in value if (span := _span(item)) is not None]
    if not spans:
        return " ".join(str(item) for item in value)
    marked = sorted(spans)
    if isinstance(text, list):
        return "\n".join(f"{name}: {start}-{end}" for start, end, name in marked)
    return "\n".join(f"{name}: {text[start:end]}" for start, end, name in marked)


def _span(item: Json) -> tuple[int, int, str] | None:
    """Return start, end (exclusive) and label of a span, however it is written."""
    if isinstance(item, list):
        numbers = [part for part in item if isinstance(part, int) and not isinstance(part, bool)]
        names = [part for part in item if isinstance(part, str)]
        if len(item) == 3 and len(numbers) == 2 and names:
            return numbers[0], numbers[1], names[0]
        texts = [str(part) for part in item]
        if len(texts) == 3 and texts[0].isdecimal() and texts[1].isdecimal():
            return int(texts[0]), int(texts[1]), texts[2]
        return None
    if not isinstance(item, Mapping):
        return None
    start = next((item[k] for k in _START if isinstance(item.get(k), int)), None)
    end = next((item[k] for k in _END if isinstance(item.get(k), int)), None)
    name = next((item[k] for k in _CLASS if item.get(k)), "")
    name = "|".join(map(str, name)) if isinstance(name, list) else str(name)
    return (start, end, name) if isinstance(start, int) and isinstance(end, int) else None
