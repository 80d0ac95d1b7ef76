"""Questions about one passage that follow one another, and their answers: CoQA, QuAC."""

from collections.abc import Mapping
from typing import Final

import polars as pl
from msgspec import Struct

from ftaudit.records.cell_values import Json, Raw
from ftaudit.records.conversation import BETWEEN, joined
from ftaudit.records.extractive_qa import first_answer
from ftaudit.records.format import MappedRecords, Parts, all_columns
from ftaudit.records.problem import flag
from ftaudit.records.record_part import blanks, read_text
from ftaudit.records.shape import ColumnKind, TableShape

_QUESTIONS: Final = ("questions", "question_list", "user_questions")
_ANSWERS: Final = ("answers", "answer_list", "responses", "orig_answers")
_PASSAGES: Final = ("story", "context", "passage", "document", "text", "article", "paragraph")
_LISTS: Final = ("input_text", "texts", "text", "answers", "spans")
"""Keys of an object of answers under which one stands for each question."""


class ConversationalQA(Struct, frozen=True):
    """Records with a list of questions about one passage, and as many answers.

    The input is the passage and the conversation up to the last question, as turns; the output is
    the last answer. One passage stands with several conversations by design: rows repeat one
    another only where the questions are the same, too.
    """

    id: str = "conversational-qa"
    needs: str = "questions and answers (lists of equal length), perhaps story or context"

    def recognise(self, shape: TableShape) -> Parts | None:
        """Find two lists of equal length."""
        kinds = (ColumnKind.OTHER, ColumnKind.JSON)
        questions = shape.pick_named("input", _QUESTIONS, kinds)
        answers = shape.pick_named("output", _ANSWERS, kinds)
        if questions is None or answers is None or shape.sample is None:
            return None
        values = zip(shape.values(questions), shape.values(answers), strict=True)
        lengths = [(len(_texts(a)), len(_texts(b))) for a, b in values]
        if not any(asked for asked, _ in lengths) or any(a != b for a, b in lengths):
            return None
        passage = next(iter(shape.named(_PASSAGES, tuple(ColumnKind))), None)
        parts = {"input": questions, "output": answers}
        return parts | ({"context": passage} if passage is not None else {})

    def columns(self, parts: Parts, requested: frozenset[str]) -> frozenset[str]:
        """Read everything of the record."""
        return all_columns(parts, requested)

    def map(self, raw: Raw, parts: Parts, requested: frozenset[str]) -> MappedRecords:  # noqa: ARG002 - nothing is dear here
        """Read conversations, divided before their last answer."""
        questions = [_texts(value) for value in raw.values(parts["input"])]
        answers = [_texts(value) for value in raw.values(parts["output"])]
        pairs = zip(questions, answers, strict=True)
        asked = pl.Series([_asked(q, a) for q, a in pairs], dtype=pl.String)
        outputs = pl.Series([a[-1] if a else None for a in answers], dtype=pl.String)
        inputs, focus = asked, None
        if "context" in parts:
            inputs, focus = joined(read_text(raw, parts["context"]), asked), asked
        table = raw.index().with_columns(asked.alias("text"), outputs.alias("output"))
        problems = [
            *blanks(table, "input", parts["input"]),
            flag(
                table, pl.col("output").is_null(), "missing_output", parts["output"], "is missing"
            ),
        ]
        text = joined(inputs, outputs)
        return MappedRecords(inputs, outputs, text, None, outputs, None, focus, problems)


def _asked(questions: list[str], answers: list[str]) -> str | None:
    """Return the turns up to the last question."""
    turns = [f"user: {question}" for question in questions]
    for place, answer in enumerate(answers[:-1], 1):
        turns.insert(2 * place - 1, f"assistant: {answer}")
    return BETWEEN.join(turns) or None


def _texts(value: Json) -> list[str]:
    """Return one text for each question or answer, whatever holds them."""
    if isinstance(value, Mapping):
        value = next((value[key] for key in _LISTS if isinstance(value.get(key), list)), None)
    if not isinstance(value, list):
        return []
    return [first_answer(item) or "" for item in value]
