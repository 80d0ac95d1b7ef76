"""KTO: a completion and whether it is desirable."""

from dataclasses import dataclass
from typing import Final

import polars as pl

from ftaudit.records.cell_values import Raw
from ftaudit.records.completion import map_pair
from ftaudit.records.format import MappedRecords, Parts, all_columns
from ftaudit.records.problem import flag
from ftaudit.records.shape import ColumnKind, TableShape

_TRUE: Final = ("true", "1", "1.0")
_FALSE: Final = ("false", "0", "0.0")


@dataclass(frozen=True)
class KTO:
    """Records with `prompt`, `completion` and a `label` that is true or false (TRL).

    The output is the completion where it is desirable: what should not be answered is in the
    text and the fields only. The label judges the completion and is no class of the input, so
    the canonical label is null. 0 and 1 count as false and true.
    """

    id: str = "kto"
    needs: str = "prompt, completion and label (true or false)"

    def recognise(self, shape: TableShape) -> Parts | None:
        """Find a completion with a label beside its prompt."""
        prompt = shape.pick("input", ("prompt",), tuple(ColumnKind))
        completion = shape.pick("output", ("completion",), tuple(ColumnKind))
        label = shape.pick("label", ("label",), (ColumnKind.TEXT,))
        if prompt is None or completion is None or label is None:
            return None
        return {"input": prompt, "output": completion, "label": label}

    def columns(self, parts: Parts, requested: frozenset[str]) -> frozenset[str]:
        """Read everything of the record."""
        return all_columns(parts, requested)

    def map(self, raw: Raw, parts: Parts, requested: frozenset[str]) -> MappedRecords:
        """Read completions, keeping those that are desirable as outputs."""
        pair = map_pair(raw, parts, requested)
        label = raw.frame[parts["label"]].cast(pl.String).str.strip_chars().str.to_lowercase()
        table = raw.index().with_columns(label.alias("label"))
        is_boolean = pl.col("label").is_in([*_TRUE, *_FALSE])
        problems = [
            *pair.problems,
            flag(table, pl.col("label").is_null(), "missing_label", parts["label"], "is missing"),
            flag(table, ~is_boolean, "label_type", parts["label"], "is neither true nor false"),
        ]
        desired = pl.select(pl.when(label.is_in(_TRUE)).then(pair.output)).to_series()
        return MappedRecords(pair.input, desired, pair.text, problems=problems)
