"""Preference pairs: a chosen and a rejected answer."""

from typing import Final

import polars as pl
from msgspec import Struct

from ftaudit.records.cell_values import Raw
from ftaudit.records.completion import COMPLETIONS, prompt_names, without_origins
from ftaudit.records.conversation import joined
from ftaudit.records.dialect import CONVERSATIONS, MESSAGES, OPENAI, SHAREGPT
from ftaudit.records.format import MappedRecords, Parts, all_columns, nothing
from ftaudit.records.problem import flag
from ftaudit.records.record_part import (
    TextPart,
    absence,
    answer,
    divided,
    part_problems,
    read_part,
)
from ftaudit.records.shape import ColumnKind, TableShape, words

_CHOSEN: Final = (
    *("chosen", "chosen_response", "response_chosen", "chosen_answer", "accepted", "preferred"),
    *("better", "win", "winner", "chosen_text", "preferred_response", "good_response"),
    *("winning_response", "good_answer", "positive_response", "chosen_output", "y_w"),
    *("accepted_response", "response_accepted", "chosen_messages", "chosen_completion"),
    *("accept", "good_translation", "good_output", "better_response", "accepted_answer"),
    *("accepted_output", "accepted_text", "preferred_answer", "preferred_output", "best_response"),
)
_REJECTED: Final = (
    *("rejected", "rejected_response", "response_rejected", "rejected_answer", "dispreferred"),
    *("non_preferred", "worse", "lose", "loser", "rejected_text", "reject", "bad_response"),
    *("dispreferred_response", "non_preferred_response", "losing_response", "bad_answer"),
    *("negative_response", "rejected_output", "y_l", "response_rejected", "rejected_messages"),
    *("rejected_completion", "worse_response", "bad_translation", "bad_output", "worst_response"),
    *("dispreferred_answer", "dispreferred_output", "non_preferred_answer"),
)
_ANSWERS: Final = frozenset({"response", "answer", "completion", "output", "messages", "text"})
"""Last words of names of a rejected answer, beside which the answer itself is the chosen one."""
_LAST_PROMPTS: Final = ("context", "text", "history", "post")
_ASSISTANT: Final = "\n\nAssistant:"
"""Marks the turns of the assistant in pairs without a prompt, as in Anthropic's hh-rlhf."""


class Preference(Struct, frozen=True):
    """Records with `chosen` and `rejected`, with or without `prompt` (TRL): strings or turns.

    The prompt may be `messages` or `conversations` (LLaMA-Factory), and the pair may repeat it, as
    strings or as turns. The output is the chosen answer. Without a prompt the chosen conversation
    is divided before its last answer; a string that cannot be divided (it has no `Assistant:`
    line) is the input. A prompt stands with several pairs by design: rows repeat one another only
    where both answers are equal, and answers never clash.
    """

    id: str = "preference"
    needs: str = "chosen and rejected"

    def recognise(self, shape: TableShape) -> Parts | None:
        """Find a chosen and a rejected answer by name, and perhaps their prompt."""
        chosen = shape.pick("output", _CHOSEN, tuple(ColumnKind))
        rejected = shape.pick("rejected", _REJECTED, tuple(ColumnKind))
        if chosen is None and rejected is not None and words(rejected)[-1] in _ANSWERS:
            chosen = shape.pick("output", (*COMPLETIONS, *MESSAGES, "text"), tuple(ColumnKind))
        if chosen is None or rejected is None or chosen == rejected:
            return None
        names = (*prompt_names(shape), *MESSAGES, *CONVERSATIONS, *_LAST_PROMPTS)
        prompts = without_origins(shape, shape.named(names, tuple(ColumnKind)))
        prompts = [c for c in prompts if c not in {chosen, rejected}]
        prompt = shape.pick("input", prompts, tuple(ColumnKind))
        parts = {"input": prompt or chosen, "output": chosen, "rejected": rejected}
        system = shape.pick("system", ("system",), (ColumnKind.TEXT,))
        return parts | ({"system": system} if system is not None else {})

    def columns(self, parts: Parts, requested: frozenset[str]) -> frozenset[str]:
        """Read everything of the record."""
        return all_columns(parts, requested)

    def map(self, raw: Raw, parts: Parts, requested: frozenset[str]) -> MappedRecords:
        """Read pairs."""
        chosen, rejected = (read_part(raw, parts[p]) for p in ("output", "rejected"))
        prompted = parts["input"] != parts["output"]
        prompt = read_part(raw, parts["input"]) if prompted else None
        inputs, outputs = _divided(raw, chosen, prompt)
        refused = _divided(raw, rejected, prompt)[1]
        against = refused if prompt else rejected.text
        if "system" in parts:
            inputs = joined(read_part(raw, parts["system"]).text, inputs)
        text = (
            joined(prompt.text, chosen.text, rejected.text)
            if prompt
            else joined(chosen.text, rejected.text)
        )
        problems: list[pl.DataFrame] = []
        if "problems" in requested:
            problems = [*_same(raw, chosen, rejected)]
            for part in (chosen, rejected):
                problems += absence(raw, part, "output")
                problems += part_problems(part, raw, opening=not prompted, closing=True)
            if prompt:
                problems += absence(raw, prompt, "input")
                problems += part_problems(prompt, raw, opening=True, closing=False)
        variant = joined(outputs, against)
        return MappedRecords(
            *(inputs, outputs, text, None, nothing(raw), variant),
            problems=problems,
            rejected=refused.fill_null(rejected.text),
        )


def _divided(raw: Raw, chosen: TextPart, prompt: TextPart | None) -> tuple[pl.Series, pl.Series]:
    if prompt:
        return prompt.text, _without_prompt(raw, chosen, prompt)
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


def _without_prompt(raw: Raw, chosen: TextPart, prompt: TextPart) -> pl.Series:
    """Return the answer alone, where a pair repeats the prompt before it."""
    whole = answer(chosen, raw)
    if chosen.turns is None:
        begins = pl.lit(chosen.text).str.starts_with(pl.lit(prompt.text)) & (prompt.text != "")
        rest = pl.lit(chosen.text).str.slice(pl.lit(prompt.text).str.len_chars())
        rest = rest.str.strip_chars_start()
        kept = pl.when(begins.fill_null(value=False) & (rest != "")).then(rest).otherwise(whole)
        return pl.select(kept).to_series()
    asks = chosen.turns.table.filter(pl.col("role").is_in(sorted(OPENAI.user | SHAREGPT.user)))
    repeats = raw.index().with_columns(pl.col("row").is_in(asks["row"].implode()).alias("repeats"))
    last = divided(chosen, raw).answer
    return pl.select(
        pl.when(repeats["repeats"] & last.is_not_null()).then(last).otherwise(whole)
    ).to_series()


def _same(raw: Raw, chosen: TextPart, rejected: TextPart) -> list[pl.DataFrame]:
    table = raw.index().with_columns(chosen.text.alias("chosen"), rejected.text.alias("rejected"))
    same = pl.col("chosen").str.strip_chars() == pl.col("rejected").str.strip_chars()
    path = rejected.column
    return [flag(table, same, "chosen_equals_rejected", path, "is the same as the chosen answer")]
