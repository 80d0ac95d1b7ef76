"""Conversations that a chat template has already rendered, as ChatML, Llama or Gemma do."""

from typing import Final

import polars as pl
from msgspec import Struct

from ftaudit.records.cell_values import Raw
from ftaudit.records.classification import TEXTS
from ftaudit.records.final_answer import derivations
from ftaudit.records.format import MappedRecords, Parts, all_columns
from ftaudit.records.record_part import absence, read_part
from ftaudit.records.shape import ColumnKind, TableShape

_ANSWERS: Final = (
    r"<\|im_start\|>\s*assistant",
    r"<\|start_header_id\|>\s*assistant\s*<\|end_header_id\|>",
    r"<start_of_turn>\s*model",
    r"\[/INST\]",
    r"<\|assistant\|>",
    r"<\|start\|>\s*assistant(?:<\|channel\|>\s*final)?(?:<\|message\|>)?",
    r"<[|\x{ff5c}]Assistant[|\x{ff5c}]>",
    r"### (?:Response|Assistant|Answer|Output|Human Response):",
    r"<(?:bot|assistant|gpt|model)>:?",
    r"(?:^|\s)(?:ASSISTANT|GPT4 Correct Assistant):",
    r"(?:^|\n)Assistant:",
)
"""What stands before the answer in the templates of ChatML (Qwen, Yi), Llama 3, Gemma, Llama 2 and
Mistral, Phi and Zephyr, Harmony, DeepSeek, Alpaca and Vicuna."""
_MARK: Final = "|".join(_ANSWERS)
_END: Final = (
    r"(?:<\|im_end\|>|<\|eot_id\|>|<end_of_turn>|</s>|<\|end\|>|<\|endoftext\|>|<\|return\|>"
    r"|<[|\x{ff5c}]end\x{2581}of\x{2581}sentence[|\x{ff5c}]>|\s)+$"
)
_LEAST: Final = 0.5
"""Share of the sample in which a mark of an answer stands."""


class Templated(Struct, frozen=True):
    """Records with one text that holds the marks of a chat template.

    The input is everything before the last answer, its marks included, the output that answer.
    """

    id: str = "templated"
    needs: str = "text that a chat template has rendered"

    def recognise(self, shape: TableShape) -> Parts | None:
        """Find a text most of whose values hold the mark of an answer."""
        names = ("text", "prompt", *TEXTS, "formatted", "formatted_text", "chat", "conversation")
        for column in shape.named(names, (ColumnKind.TEXT,)):
            values = shape.table[column].cast(pl.String).drop_nulls()
            marked = int(values.str.contains(_MARK).sum())
            if (
                marked
                and marked >= _LEAST * len(values)
                and not {"output", "label"} & {*shape.overrides}
            ):
                return {"input": column, "output": column}
        return None

    def columns(self, parts: Parts, requested: frozenset[str]) -> frozenset[str]:
        """Read the text."""
        return all_columns(parts, requested)

    def map(self, raw: Raw, parts: Parts, requested: frozenset[str]) -> MappedRecords:
        """Divide texts before their last answer."""
        part = read_part(raw, parts["input"])
        halves = pl.lit(part.text).str.extract_groups(
            rf"(?s)^(?<before>.*(?:{_MARK}))(?<after>.*)$"
        )
        before, after = (halves.struct.field(name) for name in ("before", "after"))
        whole = pl.lit(part.text)
        inputs = pl.select(pl.when(before.is_not_null()).then(before).otherwise(whole)).to_series()
        answers = pl.select(after.str.replace(_END, "").str.strip_chars()).to_series()
        outputs = pl.select(pl.when(answers != "").then(answers)).to_series()
        problems = absence(raw, part, "input") if "problems" in requested else []
        same, variant = derivations(outputs)
        return MappedRecords(inputs, outputs, part.text, None, same, variant, problems=problems)
