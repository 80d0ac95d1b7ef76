"""Pairs of sentences: inference, paraphrase, similarity, question and passage."""

from dataclasses import dataclass
from typing import Final

from ftaudit.records.cell_values import Raw
from ftaudit.records.classification import LABELS, map_classes
from ftaudit.records.completion import needed
from ftaudit.records.format import MappedRecords, Parts
from ftaudit.records.roles import NAMES, Role
from ftaudit.records.shape import ColumnKind, TableShape

_PAIRS: Final = (
    *(("premise", "hypothesis"), ("sentence1", "sentence2"), ("sentence_a", "sentence_b")),
    *(("text1", "text2"), ("text_a", "text_b"), ("question1", "question2"), ("q1", "q2")),
    *(("s1", "s2"), ("sent1", "sent2"), ("claim", "evidence"), ("question", "sentence")),
    *(("context", "hypothesis"), ("query", "passage"), ("query", "document"), ("question", "text")),
    *(("first", "second"), ("sentence_1", "sentence_2"), ("a", "b"), ("left", "right")),
    *(("passage", "question"), ("text", "hypothesis"), ("headline", "body"), ("topic", "text")),
    *(("premise", "conclusion"), ("original", "paraphrase"), ("sentence", "hypothesis")),
    *(("claim", "text"), ("tweet1", "tweet2"), ("query", "text"), ("query", "title")),
)
"""Names of the first and the second text. The second is what differs where the first repeats."""


@dataclass(frozen=True)
class SentencePairs:
    """Records with two texts, and a label or a score that is about both.

    The input is both texts, a blank line between them: one premise stands with several
    hypotheses by design, so rows repeat one another only where the second text is the same, too.
    A score (a column of that name, or fractions) is no class: no two scores are in conflict.
    """

    id: str = "sentence-pairs"
    needs: str = "two texts (premise and hypothesis, sentence1 and sentence2, …) and label or score"

    def recognise(self, shape: TableShape) -> Parts | None:
        """Find two texts by their names, and what is said of them."""
        pair = next((p for p in (_pair(shape, names) for names in _PAIRS) if p), None)
        judged = judgement(shape)
        if pair is None or judged is None or judged[1] in pair:
            return None
        return {"input": pair[0], "second": pair[1], judged[0]: judged[1]}

    def columns(self, parts: Parts, requested: frozenset[str]) -> frozenset[str]:
        """Read the parts that are requested."""
        both = ("input", "second")
        reads = {"input": both, "label": ("label",), "focus": ("second",)}
        return needed(parts, requested, reads | {"output": (), "answer": (), "variant": ()})

    def map(self, raw: Raw, parts: Parts, requested: frozenset[str]) -> MappedRecords:
        """Read both texts, and their label."""
        return map_classes(raw, parts, requested, second="second" if "second" in parts else None)


def judgement(shape: TableShape) -> tuple[str, str] | None:
    """Return `label` or `score`, and the column that holds it."""
    label = shape.pick("label", LABELS, (ColumnKind.TEXT,))
    if label is not None and not is_score(shape, label):
        return "label", label
    score = label or shape.pick("score", NAMES[Role.SCORE], (ColumnKind.TEXT,))
    if score is None:
        return None
    evidence = shape.evidence(score)
    return ("score", score) if evidence is None or evidence.is_number else ("label", score)


def is_score(shape: TableShape, column: str) -> bool:
    """Tell whether a column of labels holds numbers on a scale, unless the user calls it one."""
    if "label" in shape.overrides:
        return False
    evidence = shape.evidence(column)
    return evidence is not None and evidence.is_scale


def _pair(shape: TableShape, names: tuple[str, str]) -> tuple[str, str] | None:
    kinds = (ColumnKind.TEXT,)
    first = shape.overrides.get("input") or next(iter(shape.named(names[:1], kinds)), None)
    second = next(iter(shape.named(names[1:], kinds)), None)
    if first is None or second is None or first == second:
        return None
    if "input" in shape.overrides and names[0] != first.lower():
        return None
    return first, second
