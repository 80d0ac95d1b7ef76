"""Prompts without completions: data of reinforcement learning, where a reward judges answers."""

from collections.abc import Mapping
from typing import Final

import polars as pl
from msgspec import Struct

from ftaudit.records.cell_values import Json, Raw, encode
from ftaudit.records.completion import PROMPTS, answered, asks
from ftaudit.records.conversation import joined
from ftaudit.records.dialect import CONVERSATIONS, MESSAGES
from ftaudit.records.extractive_qa import first_answer
from ftaudit.records.format import MappedRecords, Parts, all_columns, nothing
from ftaudit.records.record_part import absence, part_problems, read_part
from ftaudit.records.shape import ColumnKind, TableShape
from ftaudit.records.wrapped_turns import REQUESTS, holds_messages

_REWARDS: Final = (
    *("reward_model", "ground_truth", "answer", "solution", "verification_info", "reward"),
    *("target", "gold_answer", "reference_answer", "final_answer", "label", "verifier"),
    *("reward_spec", "item", "reference", "expected_answer", "gold", "expected_output"),
)
_NESTED: Final = (ColumnKind.OTHER, ColumnKind.JSON)
_VERIFIERS: Final = ("reward_model", "verification_info", "verifier", "reward_spec")
"""Columns that only data of reinforcement learning has."""
_TRUTHS: Final = (
    *("ground_truth", "answer", "reference_answer", "solution", "target", "reference"),
    *("expected_answer", "correct_answer", "correct_label", "expected", "test_cases"),
)
_WORKED: Final = ("answer", "solution", "rationale", "explanation")
"""Keys of objects beside the record under which the answer is worked out."""


class Prompts(Struct, frozen=True):
    """Records with a prompt (text or turns) that ends with the user, and no completion.

    What a reward compares answers with (`reward_model.ground_truth`, `ground_truth`, `answer`) is
    the output where it is there. The prompt is the input, as a whole (verl, TRL's prompt-only).
    An answer that is worked out beside it (`extra_info.answer`) is in the text.
    """

    id: str = "prompts"
    needs: str = "prompt (turns that end with the user), perhaps ground_truth or reward_model"

    def recognise(self, shape: TableShape) -> Parts | None:
        """Find a prompt whose last turn asks, or one beside a reward."""
        kinds = (ColumnKind.TURNS, ColumnKind.JSON)
        rewards = shape.named(_REWARDS, tuple(ColumnKind))
        turns = shape.pick_named("input", (*PROMPTS, *MESSAGES, *CONVERSATIONS), kinds)
        if turns is not None and not asks(shape, turns):
            turns = None
        if turns is not None and not rewards and answered(shape, turns):
            return None
        if turns is None:
            turns = _request(shape)
        judged = shape.named(_VERIFIERS, tuple(ColumnKind))
        if turns is None and judged:
            turns = shape.pick_named("input", PROMPTS, (ColumnKind.TEXT,))
        if turns is None:
            return None
        truth = shape.overrides.get("output") or next((c for c in rewards if c != turns), None)
        parts = {"input": turns} | ({"output": truth} if truth is not None else {})
        beside = next((c for c in shape.named(("extra_info",), _NESTED) if _worked(shape, c)), None)
        return parts | ({"solution": beside} if beside is not None else {})

    def columns(self, parts: Parts, requested: frozenset[str]) -> frozenset[str]:
        """Read everything of the record."""
        return all_columns(parts, requested)

    def map(self, raw: Raw, parts: Parts, requested: frozenset[str]) -> MappedRecords:  # noqa: ARG002 - nothing is dear here
        """Read prompts, and what a reward compares answers with."""
        prompt = read_part(raw, parts["input"])
        outputs = _truths(raw, parts["output"]) if "output" in parts else nothing(raw)
        problems = [
            *absence(raw, prompt, "input"),
            *part_problems(prompt, raw, opening=True, closing=False),
        ]
        solution = _texts(raw, parts["solution"]) if "solution" in parts else nothing(raw)
        text = joined(prompt.text, outputs, solution)
        return MappedRecords(prompt.text, outputs, text, problems=problems)


def _request(shape: TableShape) -> str | None:
    """Return the column of requests to a service, all of which end with the user's turn."""
    columns = shape.named(REQUESTS, _NESTED)
    held = (c for c in columns if asks(shape, c) and not answered(shape, c))
    return next((c for c in held if all(map(holds_messages, shape.values(c)))), None)


def _worked(shape: TableShape, column: str) -> bool:
    """Tell whether the objects of a column hold the answer as a text."""
    return any(_solution(value) for value in shape.values(column))


def _solution(value: Json) -> str | None:
    held = [value.get(key) for key in _WORKED] if isinstance(value, Mapping) else []
    return "\n".join(text for text in held if isinstance(text, str)) or None


def _texts(raw: Raw, column: str) -> pl.Series:
    return pl.Series([_solution(value) for value in raw.values(column)], dtype=pl.String)


def _truths(raw: Raw, column: str) -> pl.Series:
    values = []
    for value in raw.values(column):
        held = value
        if isinstance(value, Mapping):
            held = next((value[key] for key in _TRUTHS if value.get(key) is not None), value)
        answer = first_answer(held)
        values.append(encode(held) if answer == "" and held else answer)
    return pl.Series(values, dtype=pl.String)
