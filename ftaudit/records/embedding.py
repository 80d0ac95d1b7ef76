"""Training data of embedding and ranking models: a query, what answers it, and what does not."""

import re
from typing import Final

from msgspec import Struct

from ftaudit.records.cell_values import Raw
from ftaudit.records.conversation import joined
from ftaudit.records.format import MappedRecords, Parts, all_columns, nothing
from ftaudit.records.record_part import absence, read_part, read_text
from ftaudit.records.shape import ColumnKind, TableShape, plain

_QUERIES: Final = ("query", "anchor", "question", "sentence", "text", "sentence1", "input", "set")
_POSITIVES: Final = (
    *("pos", "positive", "positives", "positive_passages", "positive_passage", "relevant"),
    "pos_passage",
    *("positive_ctxs", "pos_doc", "positive_document", "positive_text", "positive_doc"),
)
_NEGATIVES: Final = (
    *("neg", "negative", "negatives", "negative_passages", "negative_passage", "hard_negatives"),
    *("irrelevant", "hard_negative", "negative_ctxs", "negative_document", "negative_text"),
    *("hard_negative_ctxs", "neg_doc", "negative_doc", "hard_neg", "neg_passage"),
)
_NUMBERED: Final = re.compile(r"(?:hard)?neg(?:ative)?s?\d+")
_PROMPTS: Final = ("prompt", "instruction", "sent0", "premise")
"""Names of queries where both a positive and a negative text stand beside it."""
_TASKS: Final = ("prompt", "instruction", "task", "task_description")
"""Names of what the query is to be looked for by, which stands before it."""


class Embedding(Struct, frozen=True):
    """Records with a query, positive texts and perhaps negative ones: strings or lists.

    The input is the query, the output the positives. A query stands with several positives by
    design: rows repeat one another only where positives and negatives are equal, too, and
    positives never clash.
    """

    id: str = "embedding"
    needs: str = "query (or anchor) and pos (or positive), perhaps neg (or negative)"

    def recognise(self, shape: TableShape) -> Parts | None:
        """Find a query and a positive text by name."""
        kinds = tuple(ColumnKind)
        positive = shape.pick_named("output", _POSITIVES, kinds)
        query = shape.pick_named("input", _QUERIES, kinds)
        if query is None and shape.pick_named("rejected", _NEGATIVES, kinds) is not None:
            query = shape.pick_named("input", _PROMPTS, kinds)
        if positive is None or query is None or _is_score(shape, positive):
            return None
        negatives = [c for c in shape.named(_NEGATIVES, kinds) if c not in {query, positive}]
        negatives += [
            c for c in shape.schema if _NUMBERED.fullmatch(plain(c)) and c not in negatives
        ]
        first = shape.pick_named("rejected", _NEGATIVES, kinds)
        columns = dict.fromkeys((*([first] if first else []), *negatives))
        parts = {"input": query, "output": positive}
        parts |= {f"rejected {i}" if i else "rejected": c for i, c in enumerate(columns)}
        task = next((c for c in shape.named(_TASKS, kinds) if c not in parts.values()), None)
        return parts | ({"system": task} if task is not None else {})

    def columns(self, parts: Parts, requested: frozenset[str]) -> frozenset[str]:
        """Read everything of the record."""
        return all_columns(parts, requested)

    def map(self, raw: Raw, parts: Parts, requested: frozenset[str]) -> MappedRecords:  # noqa: ARG002 - nothing is dear here
        """Read queries, positives and negatives."""
        query = read_part(raw, parts["input"])
        positives = read_text(raw, parts["output"])
        rest = [read_text(raw, c) for part, c in parts.items() if part.startswith("rejected")]
        task = [read_text(raw, parts["system"])] if "system" in parts else []
        variant = joined(positives, *rest)
        inputs = joined(*task, query.text)
        text = joined(inputs, variant)
        problems = absence(raw, query, "input")
        return MappedRecords(
            *(inputs, positives, text, None, nothing(raw), variant),
            problems=problems,
            rejected=joined(*rest) if rest else None,
        )


def _is_score(shape: TableShape, column: str) -> bool:
    """Tell whether a column of that name holds numbers: how positive a text is."""
    evidence = shape.evidence(column)
    return not shape.forced and evidence is not None and evidence.is_number
