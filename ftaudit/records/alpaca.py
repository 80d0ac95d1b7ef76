"""Alpaca: an instruction, perhaps an input, and an output."""

from typing import Final

from msgspec import Struct

from ftaudit.records.cell_values import Raw
from ftaudit.records.completion import COMPLETIONS, map_pair, needed
from ftaudit.records.format import MappedRecords, Parts
from ftaudit.records.shape import ColumnKind, TableShape, plain

_OUTPUTS: Final = ("output", "response", *COMPLETIONS)
_INPUTS: Final = ("input", "context")


class Alpaca(Struct, frozen=True):
    """Records with `instruction`, `input`? and `output`, as Alpaca and Dolly have them.

    The canonical input is the system prompt, the instruction and the input, where there are
    any, a blank line between them. A blank `input` is not a problem; a blank instruction is.
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
        return needed(parts, requested, reads | {"variant": output, "focus": ()})

    def map(self, raw: Raw, parts: Parts, requested: frozenset[str]) -> MappedRecords:
        """Read instructions and outputs."""
        before = tuple(p for p in ("system",) if p in parts)
        after = tuple(p for p in ("context",) if p in parts)
        return map_pair(raw, parts, requested, before=before, after=after)
