"""Pairs of sentences: inference, paraphrase, similarity, question and passage."""

import re
from collections.abc import Sequence
from typing import Final, TypeAlias

from msgspec import Struct

from ftaudit.records.cell_values import Raw
from ftaudit.records.classification import map_classes, pick_class
from ftaudit.records.completion import PROMPTS, needed
from ftaudit.records.evidence import written_scores
from ftaudit.records.format import MappedRecords, Parts
from ftaudit.records.roles import NAMES, Role
from ftaudit.records.shape import ColumnKind, TableShape, plain

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
_LOOSE: Final = frozenset({"question", "query", "topic", "passage", "a", "first", "left", "text"})
"""Names that are those of a pair only where something is said of both."""
_MARKS: Final = (
    ("1", "2"),
    ("0", "1"),
    ("a", "b"),
    ("j", "k"),
    ("first", "second"),
    ("left", "right"),
)
_PARTS: Final = re.compile(r"\d+|[^\W\d_]+")

Pair: TypeAlias = tuple[str, str]


class SentencePairs(Struct, frozen=True):
    """Records with two texts, and a label or a score that is about both.

    The input is both texts, a blank line between them: one premise stands with several
    hypotheses by design, so rows repeat one another only where the second text is the same, too.
    A score (a column of that name, or fractions) is no class: scores of equal pairs are in conflict
    only where they are further apart than a tenth of the scale.
    Texts whose names differ by a number or a letter alone (`text_1`, `text_2`) are a pair, too.
    """

    id: str = "sentence-pairs"
    needs: str = "two texts (premise and hypothesis, sentence1 and sentence2, …) and label or score"

    def recognise(self, shape: TableShape) -> Parts | None:
        """Find two texts by their names, and what is said of them."""
        pair = next((p for p in (_pair(shape, names) for names in _PAIRS) if p), None)
        prompts = shape.named((*PROMPTS, "history"), tuple(ColumnKind))
        pair = pair or (None if prompts else siblings(shape))
        judged = judgement(shape)
        if pair is None or (judged is not None and judged[1] in pair):
            return None
        parts = {"input": pair[0], "second": pair[1]}
        if judged is None:
            return None if shape.sample is None or {*map(plain, pair)} & _LOOSE else parts
        return parts | {judged[0]: judged[1]}

    def columns(self, parts: Parts, requested: frozenset[str]) -> frozenset[str]:
        """Read the parts that are requested."""
        both = ("input", "second")
        reads = {"input": both, "label": ("label",), "score": ("score",), "focus": ("second",)}
        return needed(parts, requested, reads | {"output": (), "answer": (), "variant": ()})

    def map(self, raw: Raw, parts: Parts, requested: frozenset[str]) -> MappedRecords:
        """Read both texts, and their label or score."""
        return map_classes(raw, parts, requested, second="second" if "second" in parts else None)


def siblings(shape: TableShape, *, kinds: Sequence[ColumnKind] = (ColumnKind.TEXT,)) -> Pair | None:
    """Return two columns of text whose names differ in a number or a letter alone."""
    spoken_for = shape.taken | set(shape.overrides.values())
    texts = [c for c in shape.schema if c not in spoken_for and shape.kind(c) in kinds]
    texts = [c for c in texts if shape.sample is not None and shape.holds_text(c)]
    for first in texts:
        for mark, other in _MARKS:
            for second in texts:
                if _without(first, mark) == _without(second, other) is not None:
                    return first, second
    return None


def _without(name: str, mark: str) -> str | None:
    """Return a name without its one mark; None where it has none, or nothing else."""
    parts = [part for part in _PARTS.findall(name.lower()) if part]
    if parts.count(mark) != 1 or len(parts) < 2:
        return None
    return "".join(part for part in parts if part != mark)


def judgement(shape: TableShape) -> tuple[str, str] | None:
    """Return `label` or `score`, and the column that holds it."""
    label = pick_class(shape)
    if label is not None and not is_score(shape, label):
        return "label", label
    score = label or shape.pick("score", NAMES[Role.SCORE], (ColumnKind.TEXT,))
    if score is None:
        return None
    evidence = shape.evidence(score)
    scaled = evidence is None or (holds_scores(shape, score) and not evidence.is_boolean)
    return ("score" if scaled else "label"), score


def holds_scores(shape: TableShape, column: str) -> bool:
    """Tell whether all values of a column that is named like a score say a number."""
    evidence = shape.evidence(column)
    if evidence is None or evidence.count == 0:
        return False
    if evidence.is_number:
        return True
    given = shape.table[column].drop_nulls()
    return bool(written_scores(given).is_not_null().all())


def is_score(shape: TableShape, column: str) -> bool:
    """Tell whether a column of labels holds numbers on a scale, unless the user calls it one."""
    if "label" in shape.overrides:
        return False
    evidence = shape.evidence(column)
    return evidence is not None and evidence.is_scale


def _pair(shape: TableShape, names: Pair) -> Pair | None:
    kinds = (ColumnKind.TEXT,)
    first = shape.overrides.get("input") or next(iter(shape.named(names[:1], kinds)), None)
    second = next(iter(shape.named(names[1:], kinds)), None)
    if first is None or second is None or first == second:
        return None
    if "input" in shape.overrides and names[0] != first.lower():
        return None
    return first, second
