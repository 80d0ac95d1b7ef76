"""A prompt and its completion, under any of their usual names."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from ftaudit.records.cell_values import Raw
from ftaudit.records.conversation import joined
from ftaudit.records.format import MappedRecords, Parts
from ftaudit.records.record_part import absence, answer, part_problems, read_part
from ftaudit.records.shape import ColumnKind, TableShape

PROMPTS: Final = ("prompt", "question", "query", "input", "problem", "inputs", "source_text")
COMPLETIONS: Final = (
    *("completion", "answer", "response", "output", "completions", "solution", "target"),
    *("answers", "outputs", "targets", "reply"),
)
CONTEXTS: Final = ("context", "passage", "document")

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
        if prompt is None and completion is not None and "output" in shape.overrides:
            prompt = shape.pick("input", ("text", "instruction", "sentence"), _ANY)
        if prompt is None or completion is None or prompt == completion:
            return None
        parts = {"input": prompt, "output": completion}
        context = shape.pick("context", CONTEXTS, (ColumnKind.TEXT,))
        if context is not None and context not in parts.values():
            parts["context"] = context
        return parts

    def columns(self, parts: Parts, requested: frozenset[str]) -> frozenset[str]:
        """Read the parts that are wanted."""
        return needed(parts, requested, {"input": ("input", "context"), "output": ("output",)})

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
    inputs, outputs, text = blank, blank, blank
    problems: list[pl.DataFrame] = []
    if requested & {"input", "text", "problems"}:
        prompt = read_part(raw, parts["input"])
        around = [[read_part(raw, parts[name]).text for name in names] for names in (before, after)]
        inputs = joined(*around[0], prompt.text, *around[1]) if before or after else prompt.text
        if "problems" in requested:
            problems += absence(raw, prompt, "input")
            problems += part_problems(prompt, raw, opening=True, closing=False)
    if requested & {"output", "text", "problems"}:
        completion = read_part(raw, parts["output"])
        outputs = answer(completion, raw)
        if "problems" in requested:
            problems += absence(raw, completion, "output")
            problems += part_problems(completion, raw, opening=False, closing=True)
        if "text" in requested:
            text = joined(inputs, completion.text)
    return MappedRecords(inputs, outputs, text, problems=problems)
