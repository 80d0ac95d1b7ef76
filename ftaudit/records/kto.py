"""KTO: a completion and whether it is desirable."""

from dataclasses import dataclass
from typing import Final

import polars as pl

from ftaudit.records.cells import Raw
from ftaudit.records.completion import map_pair
from ftaudit.records.format import Mapped, Parts, all_columns
from ftaudit.records.problem import flag
from ftaudit.records.shape import Kind, Shape

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

    def recognise(self, shape: Shape) -> Parts | None:
        """Find a completion with a label beside its prompt."""
        prompt = shape.pick("input", ("prompt",), tuple(Kind))
        completion = shape.pick("output", ("completion",), tuple(Kind))
        label = shape.pick("label", ("label",), (Kind.TEXT,))
        if prompt is None or completion is None or label is None:
            return None
        return {"input": prompt, "output": completion, "label": label}

    def columns(self, parts: Parts, wanted: frozenset[str]) -> frozenset[str]:
        """Read everything of the record."""
        return all_columns(parts, wanted)

    def map(self, raw: Raw, parts: Parts, wanted: frozenset[str]) -> Mapped:
        """Read completions, keeping those that are desirable as outputs."""
        pair = map_pair(raw, parts, wanted)
        label = raw.frame[parts["label"]].cast(pl.String).str.strip_chars().str.to_lowercase()
        table = raw.index().with_columns(label.alias("label"))
        known = pl.col("label").is_in([*_TRUE, *_FALSE])
        problems = [
            *pair.problems,
            flag(table, pl.col("label").is_null(), "missing_label", parts["label"], "is missing"),
            flag(table, ~known, "label_type", parts["label"], "is neither true nor false"),
        ]
        desired = pl.select(pl.when(label.is_in(_TRUE)).then(pair.output)).to_series()
        return Mapped(pair.input, desired, pair.text, problems=problems)
