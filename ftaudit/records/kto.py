"""KTO: a completion and whether it is desirable."""

from typing import Final

import polars as pl
from msgspec import Struct

from ftaudit.records.cell_values import Raw
from ftaudit.records.chat import map_turns, recognise_turns
from ftaudit.records.completion import COMPLETIONS, map_pair, prompt_names
from ftaudit.records.dialect import CONVERSATIONS, MESSAGES
from ftaudit.records.format import MappedRecords, Parts, all_columns, nothing
from ftaudit.records.problem import flag
from ftaudit.records.record_part import dialect_of
from ftaudit.records.shape import ColumnKind, TableShape

_TRUE: Final = ("true", "1", "1.0", "yes", "desirable", "thumbs_up", "thumbs up", "👍", "upvote")
_FALSE: Final = (
    *("false", "0", "0.0", "no", "undesirable", "thumbs_down", "thumbs down", "👎", "downvote"),
)
_LABELS: Final = (
    "label",
    "kto_tag",
    "desirable",
    "is_desirable",
    "kto_label",
    "feedback",
    "thumbs",
)


class KTO(Struct, frozen=True):
    """Records with `prompt`, `completion` and a `label` that is true or false (TRL).

    Or chat messages with such a label (LLaMA-Factory). The output is the completion where it is
    desirable: what should not be answered is in the text and the fields only. The label judges
    the completion and is no class of the input, so the canonical label is null. 0 and 1 count as
    false and true. A prompt stands with several completions by design: rows repeat one another
    only where completion and judgement are equal, too, and completions never clash.
    """

    id: str = "kto"
    needs: str = "prompt, completion and label (true or false)"

    def recognise(self, shape: TableShape) -> Parts | None:
        """Find a completion with a label beside its prompt."""
        label = shape.pick("label", _LABELS, (ColumnKind.TEXT,))
        if label is None or not _judges(shape, label):
            return None
        prompt = shape.pick("input", prompt_names(shape), tuple(ColumnKind))
        completion = shape.pick("output", COMPLETIONS, tuple(ColumnKind))
        if prompt is not None and completion is not None and prompt != completion:
            return {"input": prompt, "output": completion, "label": label}
        turns = recognise_turns(shape, MESSAGES, "role") or recognise_turns(
            shape, CONVERSATIONS, "from"
        )
        # 0 and 1 beside a conversation may be classes; true and false are not
        if turns is None or not _is_true_or_false(shape, label):
            return None
        return {**turns, "label": label}

    def columns(self, parts: Parts, requested: frozenset[str]) -> frozenset[str]:
        """Read everything of the record."""
        return all_columns(parts, requested)

    def map(self, raw: Raw, parts: Parts, requested: frozenset[str]) -> MappedRecords:
        """Read completions, keeping those that are desirable as outputs."""
        if "rejected" in requested:
            requested |= {"output"}
        if parts["input"] == parts["output"]:
            return self._judged(
                raw, parts, map_turns(raw, parts, requested, dialect_of(raw, parts["input"]))
            )
        return self._judged(raw, parts, map_pair(raw, parts, requested))

    @staticmethod
    def _judged(raw: Raw, parts: Parts, pair: MappedRecords) -> MappedRecords:
        """Keep as outputs what is desirable; no two completions of a prompt clash."""
        label = raw.frame[parts["label"]].cast(pl.String).str.strip_chars().str.to_lowercase()
        table = raw.index().with_columns(label.alias("label"))
        is_boolean = pl.col("label").is_in([*_TRUE, *_FALSE])
        problems = [
            *pair.problems,
            flag(table, pl.col("label").is_null(), "missing_label", parts["label"], "is missing"),
            flag(table, ~is_boolean, "label_type", parts["label"], "is neither true nor false"),
        ]
        desired = pl.select(pl.when(label.is_in(_TRUE)).then(pair.output)).to_series()
        variant = pl.select(
            pl.concat_str([pair.output, label], separator="\n", ignore_nulls=True)
        ).to_series()
        undesired = pl.select(pl.when(label.is_in(_TRUE)).then(None).otherwise(pair.output))
        return MappedRecords(
            *(pair.input, desired, pair.text, None, nothing(raw), variant),
            problems=problems,
            rejected=undesired.to_series(),
        )


def _judges(shape: TableShape, column: str) -> bool:
    """Tell whether a column says of most rows true or false."""
    evidence = shape.evidence(column)
    if evidence is None or "label" in shape.overrides or shape.forced:
        return True
    if evidence.is_number and (evidence.most or 0) > 1:
        return False  # the number of a choice
    said = [str(value).strip().lower() for value in shape.values(column) if value is not None]
    judged = sum(value in {*_TRUE, *_FALSE} for value in said)
    return 2 * max(evidence.booleans, judged) >= max(1, evidence.count)


def _is_true_or_false(shape: TableShape, column: str) -> bool:
    if shape.forced or shape.schema[column] == pl.Boolean:
        return True
    evidence = shape.evidence(column)
    return evidence is not None and evidence.is_boolean and not evidence.is_number
