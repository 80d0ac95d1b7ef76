"""OpenAI's preference format: an input and two outputs."""

from typing import Final

import polars as pl
from msgspec import Struct

from ftaudit.records.cell_values import Cells, Raw, member, struct_fields
from ftaudit.records.conversation import conversation_problems, joined, outcome, render
from ftaudit.records.dialect import OPENAI
from ftaudit.records.format import MappedRecords, Parts, all_columns, nothing
from ftaudit.records.problem import flag
from ftaudit.records.record_part import blanks
from ftaudit.records.shape import ColumnKind, TableShape
from ftaudit.records.turns import Turns, read_turns

_NESTED: Final = (ColumnKind.TURNS, ColumnKind.JSON, ColumnKind.OTHER)


class DPO(Struct, frozen=True):
    """Records with `input` {messages, tools}, `preferred_output` and `non_preferred_output`.

    The canonical input is the conversation in `input.messages`, the output the preferred one.
    """

    id: str = "dpo"
    needs: str = "input ({messages}), preferred_output and non_preferred_output"

    def recognise(self, shape: TableShape) -> Parts | None:
        """Find the three columns by name; in csv they are strings of JSON."""
        kinds = (*_NESTED, ColumnKind.TEXT)
        prompt = shape.pick("input", ("input",), kinds)
        preferred = shape.pick("output", ("preferred_output",), kinds)
        other = shape.pick("rejected", ("non_preferred_output",), kinds)
        if prompt is None or preferred is None or other is None:
            return None
        return {"input": prompt, "output": preferred, "rejected": other}

    def columns(self, parts: Parts, requested: frozenset[str]) -> frozenset[str]:
        """Read everything of the record."""
        return all_columns(parts, requested)

    def map(self, raw: Raw, parts: Parts, requested: frozenset[str]) -> MappedRecords:
        """Read inputs and pairs of outputs."""
        inputs = _cells(raw, parts["input"])
        prompt = read_turns(_messages(inputs), f"{parts['input']}.messages", OPENAI)
        preferred, other = (
            read_turns(_cells(raw, parts[p]), parts[p], OPENAI) for p in ("output", "rejected")
        )
        prompts = render(prompt, raw, split=False).whole
        outputs = [outcome(t, raw) for t in (preferred, other)]
        wholes = [render(t, raw, split=False).whole for t in (preferred, other)]
        problems: list[pl.DataFrame] = []
        if "problems" in requested:
            problems = [
                *_shape_problems(raw, inputs, parts["input"]),
                *conversation_problems(prompt, raw, closing=False),
                *_output_problems(raw, preferred),
                *_output_problems(raw, other),
                *_same(raw, outputs, parts["rejected"]),
            ]
        text, variant = joined(prompts, *wholes), joined(*outputs)
        return MappedRecords(
            *(prompts, outputs[0], text, None, nothing(raw), variant),
            problems=problems,
            rejected=outputs[1],
        )


def _cells(raw: Raw, column: str) -> Cells:
    cells = raw.cells(column)
    if isinstance(cells, pl.Series) and cells.dtype == pl.String:
        return raw.decoded(column)
    return cells


def _messages(inputs: Cells) -> Cells:
    if isinstance(inputs, pl.Series) and not struct_fields(inputs.dtype):
        return pl.Series([None] * len(inputs), dtype=pl.Null)
    return member(inputs, "messages")


def _shape_problems(raw: Raw, inputs: Cells, path: str) -> list[pl.DataFrame]:
    wrong = (
        [False] * len(inputs)
        if isinstance(inputs, pl.Series)
        else [value is not None and not isinstance(value, dict) for value in inputs]
    )
    table = raw.index().with_columns(pl.Series("wrong", wrong, dtype=pl.Boolean))
    return [flag(table, pl.col("wrong"), "malformed", path, "is not an object with messages")]


def _output_problems(raw: Raw, turns: Turns) -> list[pl.DataFrame]:
    """Find what is wrong in outputs: lists with an answer, never plain strings."""
    bare = flag(turns.table, pl.col("bare"), "malformed", turns.path, "is not a list of turns")
    problems = conversation_problems(turns, raw, opening=False)
    empty = [f for f in problems if f["rule"].eq("schema.empty_messages").any()]
    rest = [f for f in problems if not f["rule"].eq("schema.empty_messages").any()]
    missing = [
        blanks(f.select("row", text=pl.lit(None, pl.String)), "output", turns.path)[0]
        for f in empty
    ]
    return [bare, *rest, *missing]


def _same(raw: Raw, outputs: list[pl.Series], path: str) -> list[pl.DataFrame]:
    table = raw.index().with_columns(a=outputs[0], b=outputs[1])
    same = pl.col("a").str.strip_chars() == pl.col("b").str.strip_chars()
    return [flag(table, same, "chosen_equals_rejected", path, "is the same as the preferred one")]
