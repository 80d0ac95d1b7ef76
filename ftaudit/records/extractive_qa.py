"""Questions about a passage, with one answer or several: SQuAD, TriviaQA, Natural Questions."""

from collections.abc import Mapping
from typing import Final

import polars as pl
from msgspec import Struct

from ftaudit.records.cell_values import Json, Raw
from ftaudit.records.conversation import joined
from ftaudit.records.format import MappedRecords, Parts, all_columns
from ftaudit.records.problem import flag
from ftaudit.records.record_part import TextPart, absence, read_part, read_text
from ftaudit.records.roles import NAMES, Role
from ftaudit.records.shape import ColumnKind, TableShape

_QUESTIONS: Final = ("question", "query", "ambiguous_question", "question_text")
_ANSWERS: Final = (
    *("answers", "answer", "answers_spans", "answer_spans", "short_answers", "gold_answers"),
    *("possible_answers", "answer_list", "answers_list"),
)
_VALUES: Final = ("text", "value", "answer", "normalized_value", "aliases", "spans", "texts")


class ExtractiveQA(Struct, frozen=True):
    """Records with a question, perhaps a passage, and an object or a list of answers.

    The input is the passage and the question; the output is the first answer. No answer at all
    (SQuAD 2.0) is an answer, too. One passage stands with several questions by design: rows
    repeat one another, and answers clash, only where the question is the same.
    """

    id: str = "extractive-qa"
    needs: str = "question and answers ({text, answer_start} or a list), perhaps context"

    def recognise(self, shape: TableShape) -> Parts | None:
        """Find a question, and answers that are lists or objects."""
        kinds = (ColumnKind.OTHER, ColumnKind.JSON)
        question = shape.pick_named("input", _QUESTIONS, (ColumnKind.TEXT, *kinds))
        answers = shape.pick_named("output", _ANSWERS, kinds)
        if question is None and answers is not None and _scored(shape, answers):
            question = shape.pick_named("input", ("title",), (ColumnKind.TEXT,))
        if question is None or answers is None:
            return None
        values = [value for value in shape.values(answers) if value]
        if values and not any(first_answer(value) for value in values):
            return None
        context = [
            c
            for c in shape.named(NAMES[Role.CONTEXT], tuple(ColumnKind))
            if c not in {question, answers}
        ]
        parts = {"input": question, "output": answers}
        return parts | ({"context": context[0]} if context else {})

    def columns(self, parts: Parts, requested: frozenset[str]) -> frozenset[str]:
        """Read everything of the record."""
        return all_columns(parts, requested)

    def map(self, raw: Raw, parts: Parts, requested: frozenset[str]) -> MappedRecords:  # noqa: ARG002 - nothing is dear here
        """Read passages, questions and first answers."""
        question = _question(raw, parts["input"])
        context = read_text(raw, parts["context"]) if "context" in parts else None
        inputs = question.text if context is None else joined(context, question.text)
        values = raw.values(parts["output"])
        outputs = pl.Series([first_answer(value) for value in values], dtype=pl.String)
        table = raw.index().with_columns(pl.Series("null", [v is None for v in values]))
        problems = [
            *absence(raw, question, "input"),
            flag(table, pl.col("null"), "missing_output", parts["output"], "is missing"),
        ]
        focus = question.text if context is not None else None
        text = joined(inputs, outputs)
        return MappedRecords(inputs, outputs, text, None, outputs, None, focus, problems)


def _question(raw: Raw, column: str) -> TextPart:
    """Read questions, which may be objects with a text and its tokens."""
    if isinstance(raw.frame[column].dtype, pl.String) and column not in raw.json_columns:
        return read_part(raw, column)
    texts = [first_answer(value) for value in raw.values(column)]
    return TextPart(column, pl.Series(texts, dtype=pl.String))


def _scored(shape: TableShape, column: str) -> bool:
    """Tell whether answers are an object of lists with their scores, as in forums."""
    values = shape.values(column)
    return any(isinstance(value, Mapping) and "score" in value for value in values)


def first_answer(value: Json) -> str | None:
    """Return the first answer that a value holds; the empty text where it holds none."""
    if isinstance(value, str) or value is None:
        return value
    if isinstance(value, list):
        return next((text for item in value if (text := first_answer(item))), "")
    if isinstance(value, Mapping):
        held = [value[key] for key in _VALUES if value.get(key) is not None]
        return next((text for item in held if (text := first_answer(item))), "")
    return str(value)
