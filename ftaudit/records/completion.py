"""A prompt and its completion, under any of their usual names."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from ftaudit.records.cell_values import Raw
from ftaudit.records.conversation import joined
from ftaudit.records.final_answer import derivations
from ftaudit.records.format import MappedRecords, Parts
from ftaudit.records.record_part import absence, answer, part_problems, read_part
from ftaudit.records.shape import ColumnKind, TableShape

PROMPTS: Final = (
    *("prompt", "question", "query", "input", "problem", "inputs", "source_text", "user"),
    *("prompts", "human", "user_input", "user_message", "request", "source", "src", "nl"),
)
COMPLETIONS: Final = (
    *("completion", "answer", "response", "output", "completions", "solution", "target"),
    *("answers", "outputs", "targets", "reply", "generation", "generated_text", "generations"),
    *("final_answer", "assistant", "model_response", "gpt", "model_output", "ground_truth"),
    *("responses", "expected_output", "expected", "gold", "target_text", "tgt", "code", "sql"),
    *("canonical_solution", "solutions", "ideal", "best_answer"),
)
CONTEXTS: Final = ("context", "passage", "document")
_LAST: Final = ("text", "instruction", "sentence", "task", "utterance", "message", "title")
"""Names of a prompt where nothing else is one, and an answer stands beside it."""

_ANY: Final = tuple(ColumnKind)


@dataclass(frozen=True)
class Completion:
    """Records with a prompt and a completion: strings, or lists of turns.

    A context comes before the question in the input, a blank line between them. A completion
    of one turn is that turn's content.
    """

    id: str = "completion"
    needs: str = "prompt and completion (or question and answer, input and output, …)"

    def recognise(self, shape: TableShape) -> Parts | None:
        """Find a prompt and a completion by name."""
        prompt = shape.pick("input", PROMPTS, _ANY) or shape.pick("input", CONTEXTS, _ANY)
        completion = shape.pick("output", COMPLETIONS, _ANY)
        if prompt is None and completion is not None and _is_answer(shape, completion):
            prompt = shape.pick_text("input", _LAST, _ANY)
        if prompt is None or completion is None or prompt == completion:
            return None
        parts = {"input": prompt, "output": completion}
        context = shape.pick("context", CONTEXTS, (ColumnKind.TEXT,))
        if context is not None and context not in parts.values():
            parts["context"] = context
        return parts

    def columns(self, parts: Parts, requested: frozenset[str]) -> frozenset[str]:
        """Read the parts that are wanted."""
        output = ("output",)
        reads = {"input": ("input", "context"), "output": output, "answer": output}
        focus = ("input", "context") if "context" in parts else ()
        return needed(parts, requested, reads | {"variant": output, "focus": focus})

    def map(self, raw: Raw, parts: Parts, requested: frozenset[str]) -> MappedRecords:
        """Read prompts and completions."""
        before = ("context",) if "context" in parts else ()
        return map_pair(raw, parts, requested, before=before)


def needed(
    parts: Parts, requested: frozenset[str], reads: Mapping[str, tuple[str, ...]]
) -> frozenset[str]:
    """Return the columns of the parts each wanted column reads; all parts for the others."""
    names = {name for w in requested for name in reads.get(w, parts)}
    return frozenset(parts[name] for name in names if name in parts)


def map_pair(
    raw: Raw,
    parts: Parts,
    requested: frozenset[str],
    *,
    before: tuple[str, ...] = (),
    after: tuple[str, ...] = (),
) -> MappedRecords:
    """Read an input, with other parts before and after it, and an output."""
    blank = pl.Series([None] * len(raw), dtype=pl.String)
    inputs, outputs, text, variant = blank, blank, blank, blank
    focus: pl.Series | None = None
    problems: list[pl.DataFrame] = []
    if requested & {"input", "text", "problems"} or (before and "focus" in requested):
        prompt = read_part(raw, parts["input"])
        around = [[read_part(raw, parts[name]).text for name in names] for names in (before, after)]
        inputs = joined(*around[0], prompt.text, *around[1]) if before or after else prompt.text
        focus = prompt.text if "context" in before else None
        if "problems" in requested:
            problems += absence(raw, prompt, "input")
            problems += part_problems(prompt, raw, opening=True, closing=False)
    answers = blank
    if requested & {"output", "text", "problems", "answer", "variant"}:
        completion = read_part(raw, parts["output"])
        outputs = answer(completion, raw)
        answers, derived = derivations(outputs)
        variant = derived
        if "problems" in requested:
            problems += absence(raw, completion, "output")
            problems += part_problems(completion, raw, opening=False, closing=True)
        if "text" in requested:
            text = joined(inputs, completion.text)
    return MappedRecords(inputs, outputs, text, None, answers, variant, focus, problems)


def _is_answer(shape: TableShape, column: str) -> bool:
    """Tell whether a column holds answers, rather than names of classes: `target` may be either."""
    if "output" in shape.overrides:
        return True
    evidence = shape.evidence(column)
    return evidence is not None and evidence.is_text
