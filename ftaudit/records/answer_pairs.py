"""Two answers to one prompt, side by side, and perhaps which of them is better."""

from typing import Final

import polars as pl
from msgspec import Struct

from ftaudit.records.cell_values import Json, Raw
from ftaudit.records.completion import prompt_names
from ftaudit.records.conversation import joined
from ftaudit.records.format import MappedRecords, Parts, all_columns, nothing
from ftaudit.records.record_part import TextPart, absence, answer, divided, read_part, read_text
from ftaudit.records.sentence_pairs import Pair, siblings
from ftaudit.records.shape import ColumnKind, TableShape, words

_ANSWERS: Final = frozenset(
    {"response", "answer", "completion", "output", "conversation", "reply", "ref", "candidate"}
    | {"generation", "summary", "assistant", "messages", "chat", "text", "resp"}
)
"""Words of names of answers that are compared."""
_VERDICTS: Final = (
    *("winner", "better_response_id", "preference", "preferred", "better", "chosen", "choice"),
    *("label", "labels", "human_preference", "winner_model", "best", "preferred_response"),
    *("comparison", "overall_preference", "preference_strength", "preference_score", "selected"),
)
_SIDES: Final = ("left", "right")
_PROMPTS: Final = ("history", "context", "post", "text", "document", "article", "info")


class AnswerPairs(Struct, frozen=True):
    """Records with two answers (`response_a` and `response_b`) and perhaps which is better.

    The output is the better answer where a column names it by the letter or the number of its
    column, by its side or by the sign of a number, else both. A prompt stands with several pairs
    by design: rows repeat one another only where both answers and the verdict are equal, too, and
    answers never clash. Without a prompt the conversations are divided before their last answer.
    """

    id: str = "answer-pairs"
    needs: str = "two answers (response_a and response_b, answer_0 and answer_1), perhaps winner"

    def recognise(self, shape: TableShape) -> Parts | None:
        """Find two answers by their names, and a prompt unless they are conversations."""
        kinds = (ColumnKind.TEXT, ColumnKind.TURNS, ColumnKind.JSON)
        pair = None if "output" in shape.overrides else siblings(shape, kinds=kinds)
        if pair is None or not _ANSWERS & set(words(pair[0])):
            return None
        names = (*prompt_names(shape), *_PROMPTS)
        prompts = [c for c in shape.named(names, tuple(ColumnKind)) if c not in pair]
        prompt = shape.pick_text("input", prompts, tuple(ColumnKind))
        if prompt is None and shape.kind(pair[0]) is ColumnKind.TEXT:
            return None
        verdict = shape.pick("label", _VERDICTS, (ColumnKind.TEXT,))
        parts = {"input": prompt or pair[0], "output": pair[0], "output 2": pair[1]}
        return parts | ({"preferred": verdict} if verdict is not None else {})

    def columns(self, parts: Parts, requested: frozenset[str]) -> frozenset[str]:
        """Read everything of the record."""
        return all_columns(parts, requested)

    def map(self, raw: Raw, parts: Parts, requested: frozenset[str]) -> MappedRecords:  # noqa: ARG002 - nothing is dear here
        """Read prompts and both answers."""
        pair = (parts["output"], parts["output 2"])
        first, second = (read_part(raw, column) for column in pair)
        if parts["input"] == parts["output"]:
            prompt = None
            inputs = divided(first, raw).before
            answers = [divided(part, raw).answer for part in (first, second)]
        else:
            prompt = read_part(raw, parts["input"])
            inputs = read_text(raw, parts["input"]) if prompt.wrong else prompt.text
            answers = [answer(part, raw) for part in (first, second)]
        verdicts = raw.values(parts["preferred"]) if "preferred" in parts else [None] * len(raw)
        signed = any(str(verdict).strip().startswith("-") for verdict in verdicts)
        read = _by_sign if signed else _better
        better = pl.Series([read(verdict, pair) for verdict in verdicts], dtype=pl.Int8)
        outputs = pl.select(
            pl.when(better == 0)
            .then(answers[0])
            .when(better == 1)
            .then(answers[1])
            .otherwise(joined(*answers))
        ).to_series()
        variant = joined(*answers, better.cast(pl.String))
        problems = [
            *_absent(raw, first, second),
            *(absence(raw, prompt, "input") if prompt else []),
        ]
        text = joined(inputs, *answers)
        other = pl.when(better == 0).then(answers[1]).when(better == 1).then(answers[0])
        return MappedRecords(
            *(inputs, outputs, text, None, nothing(raw), variant),
            problems=problems,
            rejected=pl.select(other).to_series(),
        )


def _absent(raw: Raw, *parts: TextPart) -> list[pl.DataFrame]:
    return [problem for part in parts for problem in absence(raw, part, "output")]


def _by_sign(verdict: Json, pair: Pair) -> int | None:  # noqa: ARG001 - as `_better`
    """Return which answer a number prefers: the first below 0, the second above."""
    try:
        number = float(str(verdict))
    except ValueError:
        return None
    return None if number == 0 else int(number > 0)


def _better(verdict: Json, pair: Pair) -> int | None:
    """Return which answer a verdict names by the last sign of its column; None where neither."""
    if (side := str(verdict).strip().lower()) in _SIDES:
        return _SIDES.index(side)
    sign = str(verdict).strip().lower().removesuffix(".0")[-1:]
    marks = [column.lower()[-1:] for column in pair]
    return marks.index(sign) if sign in marks and sign.isalnum() else None
