"""Preference pairs: a chosen and a rejected answer."""

from dataclasses import dataclass
from typing import Final

import polars as pl

from ftaudit.records.cells import Raw
from ftaudit.records.completion import PROMPTS
from ftaudit.records.conversation import joined
from ftaudit.records.format import Mapped, Parts, all_columns
from ftaudit.records.part import Part, absence, answer, divided, part_problems, read_part
from ftaudit.records.problem import flag
from ftaudit.records.shape import Kind, Shape

_ASSISTANT: Final = "\n\nAssistant:"
"""Marks the turns of the assistant in pairs without a prompt, as in Anthropic's hh-rlhf."""


@dataclass(frozen=True)
class Preference:
    """Records with `chosen` and `rejected`, with or without `prompt` (TRL): strings or turns.

    The output is the chosen answer. Without a prompt the chosen conversation is divided before
    its last answer; a string that cannot be divided (it has no `Assistant:` line) is the input.
    """

    id: str = "preference"
    needs: str = "chosen and rejected"

    def recognise(self, shape: Shape) -> Parts | None:
        """Find a chosen and a rejected answer by name, and perhaps their prompt."""
        chosen = shape.pick("output", ("chosen",), tuple(Kind))
        rejected = shape.pick("rejected", ("rejected",), tuple(Kind))
        if chosen is None or rejected is None or chosen == rejected:
            return None
        prompt = shape.pick("input", (*PROMPTS, "instruction"), tuple(Kind))
        parts = {"input": prompt or chosen, "output": chosen, "rejected": rejected}
        system = shape.pick("system", ("system",), (Kind.TEXT,))
        return parts | ({"system": system} if system is not None else {})

    def columns(self, parts: Parts, wanted: frozenset[str]) -> frozenset[str]:
        """Read everything of the record."""
        return all_columns(parts, wanted)

    def map(self, raw: Raw, parts: Parts, wanted: frozenset[str]) -> Mapped:
        """Read pairs."""
        chosen, rejected = (read_part(raw, parts[p]) for p in ("output", "rejected"))
        prompted = parts["input"] != parts["output"]
        prompt = read_part(raw, parts["input"]) if prompted else None
        inputs, outputs = _divided(raw, chosen, prompt)
        if "system" in parts:
            inputs = joined(read_part(raw, parts["system"]).text, inputs)
        text = (
            joined(prompt.text, chosen.text, rejected.text)
            if prompt
            else joined(chosen.text, rejected.text)
        )
        found: list[pl.DataFrame] = []
        if "problems" in wanted:
            found = [*_same(raw, chosen, rejected)]
            for part in (chosen, rejected):
                found += absence(raw, part, "output")
                found += part_problems(part, raw, opening=not prompted, closing=True)
            if prompt:
                found += absence(raw, prompt, "input")
                found += part_problems(prompt, raw, opening=True, closing=False)
        return Mapped(inputs, outputs, text, problems=found)


def _divided(raw: Raw, chosen: Part, prompt: Part | None) -> tuple[pl.Series, pl.Series]:
    if prompt:
        return prompt.text, answer(chosen, raw)
    if chosen.turns is not None:
        rendered = divided(chosen, raw)
        return rendered.before, rendered.answer
    text = pl.lit(chosen.text)
    # greedy: everything up to the last mark
    halves = text.str.extract_groups(rf"(?s)^(?<before>.*){_ASSISTANT}(?<after>.*)$")
    marked = halves.struct.field("before").is_not_null()
    return (
        pl.select(pl.when(marked).then(halves.struct.field("before")).otherwise(text)).to_series(),
        pl.select(halves.struct.field("after").str.strip_chars()).to_series(),
    )


def _same(raw: Raw, chosen: Part, rejected: Part) -> list[pl.DataFrame]:
    table = raw.index().with_columns(chosen.text.alias("chosen"), rejected.text.alias("rejected"))
    same = pl.col("chosen").str.strip_chars() == pl.col("rejected").str.strip_chars()
    path = rejected.column
    return [flag(table, same, "chosen_equals_rejected", path, "is the same as the chosen answer")]
