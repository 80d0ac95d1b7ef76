"""Alpaca: an instruction, perhaps an input, and an output."""

from typing import Final

import polars as pl
from msgspec import Struct
from msgspec.structs import replace

from ftaudit.model.one_question import ONE_QUESTION, POINTING
from ftaudit.records.cell_values import Raw
from ftaudit.records.completion import COMPLETIONS, map_pair, needed
from ftaudit.records.format import MappedRecords, Parts
from ftaudit.records.record_part import read_part
from ftaudit.records.shape import ColumnKind, TableShape, plain

_OUTPUTS: Final = ("output", "response", *COMPLETIONS)
_INPUTS: Final = ("input", "context")
_LEAST_PASSAGE: Final = 30
"""Words from which an input is a passage."""


class Alpaca(Struct, frozen=True):
    """Records with `instruction`, `input`? and `output`, as Alpaca and Dolly have them.

    The canonical input is the system prompt, the instruction and the input, where there are
    any, a blank line between them. A blank `input` is not a problem; a blank instruction is.
    Where the instruction asks one thing and the input is a passage, rows repeat one another only
    where the question is the same, too.
    """

    id: str = "alpaca"
    needs: str = "instruction and output"

    def recognise(self, shape: TableShape) -> Parts | None:
        """Find an instruction and an output by name."""
        instruction = shape.pick("input", ("instruction", "instructions"), (ColumnKind.TEXT,))
        output = shape.pick("output", _OUTPUTS, tuple(ColumnKind))
        if instruction is None or output is None or instruction == output:
            return None
        if not shape.forced and not plain(instruction).startswith("instruction"):
            return None
        parts = {"input": instruction, "output": output}
        for part, names in (("context", _INPUTS), ("system", ("system",))):
            column = shape.pick(part, names, (ColumnKind.TEXT,))
            if column is not None and column not in parts.values():
                parts[part] = column
        return parts

    def columns(self, parts: Parts, requested: frozenset[str]) -> frozenset[str]:
        """Read the parts that are wanted."""
        output = ("output",)
        reads = {"input": ("input", "context", "system"), "output": output, "answer": output}
        focus = ("input", "context") if "context" in parts else ()
        return needed(parts, requested, reads | {"variant": output, "focus": focus})

    def map(self, raw: Raw, parts: Parts, requested: frozenset[str]) -> MappedRecords:
        """Read instructions and outputs."""
        before = tuple(p for p in ("system",) if p in parts)
        after = tuple(p for p in ("context",) if p in parts)
        mapped = map_pair(raw, parts, requested, before=before, after=after)
        if after and "focus" in requested:
            return replace(mapped, focus=_asked(raw, parts))
        return mapped


def _asked(raw: Raw, parts: Parts) -> pl.Series:
    """Return the instructions that ask one thing about a passage; null for all others."""
    instruction, context = pl.col("instruction").str.strip_chars(), pl.col("context")
    asks = instruction.str.contains(ONE_QUESTION) & ~instruction.str.contains(POINTING)
    asks &= context.str.count_matches(r"\S+") >= _LEAST_PASSAGE
    columns = {
        "instruction": read_part(raw, parts["input"]).text,
        "context": read_part(raw, parts["context"]).text,
    }
    return pl.DataFrame(columns).select(pl.when(asks).then("instruction")).to_series()
