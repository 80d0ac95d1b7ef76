"""Chat messages: OpenAI, Together, Fireworks, Mistral, Bedrock, TRL."""

from collections.abc import Callable
from typing import Final

import polars as pl
from msgspec import Struct

from ftaudit.records.cell_values import Json, Raw, struct_fields
from ftaudit.records.completion import COMPLETIONS, PROMPTS, answered, asks
from ftaudit.records.conversation import conversation_problems, joined, render, spelled
from ftaudit.records.dialect import CONVERSATIONS, MESSAGES, OPENAI, Dialect
from ftaudit.records.final_answer import derivations
from ftaudit.records.format import MappedRecords, Parts, all_columns, nothing
from ftaudit.records.leaves import leaves
from ftaudit.records.problem import flag
from ftaudit.records.record_part import answer, blanks, read_part, read_text
from ftaudit.records.shape import ColumnKind, TableShape, plain
from ftaudit.records.spoken_turns import names_speakers, spoken_turns
from ftaudit.records.turns import read_turns
from ftaudit.records.wrapped_turns import REQUESTS, holds_messages, unwrapped

_BESIDE: Final = {
    "system": ("system", "system_prompt", "system_instruction", "system_message"),
    "tools": ("tools",),
    "functions": ("functions",),
}
_NAMED: Final = frozenset({"role", "from"})
_SURE: Final = frozenset({"messages", "interactions", "conversations"})
"""Names under which a column of plain strings, as csv has, is read as JSON text."""


class Chat(Struct, frozen=True):
    """Records with a list of turns `{role, content, …}`.

    The roles of other formats (human, gpt, model) are known, too, and turns of `parts`, as Gemini
    has them; lists of texts, of pairs (`{input, output}`), of `{speaker, utterance}` and of their
    like are read as turns, and so are the messages of a request to a service (`body.messages`).
    The input is the conversation up to the last turn of the assistant: a system prompt in a
    column of its own first, then every turn as `role: content`, a blank line between turns. The
    output is the content of the last assistant turn, or its tool calls as JSON. The text adds the
    answer and the strings of `tools`.
    """

    id: str = "chat"
    needs: str = "messages (a list of {role, content})"

    def recognise(self, shape: TableShape) -> Parts | None:
        """Find messages: a list of turns with roles, or JSON text named so."""
        parts = recognise_turns(shape, MESSAGES, "role")
        # names alone would call these ShareGPT
        if parts is None and shape.sample is not None:
            parts = recognise_turns(shape, CONVERSATIONS, "role") or _without_roles(shape)
        return parts

    def columns(self, parts: Parts, requested: frozenset[str]) -> frozenset[str]:
        """Read everything of the record."""
        return all_columns(parts, requested)

    def map(self, raw: Raw, parts: Parts, requested: frozenset[str]) -> MappedRecords:
        """Read conversations as OpenAI writes them."""
        return map_turns(raw, parts, requested, OPENAI)


def _without_roles(shape: TableShape) -> Parts | None:
    """Find conversations whose turns have no role, by every value of the sample.

    By name, or within requests; under any name where turns name their speakers, and where no
    other column is a prompt or an answer by its name.
    """
    kinds = (ColumnKind.OTHER, ColumnKind.JSON, ColumnKind.TURNS)
    for column in shape.named((*MESSAGES, *CONVERSATIONS), kinds):
        if _all(shape, column, lambda value: spoken_turns(value) is not None):
            return _with_beside(shape, column)
    for column in shape.named(REQUESTS, kinds):
        if _all(shape, column, holds_messages) and not asks(shape, column):
            return _with_beside(shape, column)
    free = [c for c in shape.schema if c not in shape.taken and shape.kind(c) in kinds]
    spoken = [c for c in free if shape.holds_text(c) and _all(shape, c, names_speakers)]
    others = (
        c for c in shape.named((*PROMPTS, *COMPLETIONS), tuple(ColumnKind)) if c not in spoken
    )
    if len(spoken) != 1 or any(map(shape.holds_text, others)):
        return None
    return _with_beside(shape, spoken[0])


def _all(shape: TableShape, column: str, holds: Callable[[Json], bool]) -> bool:
    """Tell whether all values of the sample that are not empty are such."""
    values = [value for value in shape.values(column) if value]
    return bool(values) and all(map(holds, values))


def recognise_turns(shape: TableShape, names: tuple[str, ...], key: str) -> Parts | None:
    """Find a column of turns that have `key`, by name first, else the only one there is."""
    kinds = (ColumnKind.TURNS, ColumnKind.JSON, ColumnKind.TEXT)
    named = [c for c in shape.named(names, kinds) if _holds_turns(shape, c, key)]
    column = shape.pick("input", named, kinds)
    if (
        column is not None
        and shape.kind(column) is ColumnKind.TEXT
        and not _may_be_json(shape, column)
    ):
        column = None
    if (
        column is not None
        and shape.kind(column) is ColumnKind.TURNS
        and not _has(shape, column, key)
    ):
        column = None
    turns = [
        c
        for c in shape.schema
        if c not in shape.taken
        and shape.kind(c) is ColumnKind.TURNS
        and _has(shape, c, key)
        and isinstance(shape.schema[c], pl.List | pl.Array)
    ]
    if not turns and column is None and shape.sample is not None:
        turns = [c for c in shape.schema if c not in shape.taken and _all_turns(shape, c, key)]
    if column is None and len(turns) == 1 and "input" not in shape.overrides:
        column = turns[0]
    if column is None or (asks(shape, column) and answered(shape, column)):
        return None  # none, or the prompt of an answer that stands beside it
    return _with_beside(shape, column)


def _with_beside(shape: TableShape, column: str) -> Parts:
    parts = {"input": column, "output": column}
    for part, usual in _BESIDE.items():
        named_column = shape.pick(part, usual, tuple(ColumnKind))
        parts |= {part: named_column} if named_column is not None else {}
    return parts


def _holds_turns(shape: TableShape, column: str, key: str) -> bool:
    """Tell whether the sample shows turns in JSON text; without a sample, names decide."""
    if shape.kind(column) is not ColumnKind.JSON:
        return True
    values = [value for value in shape.values(column) if isinstance(value, list) and value]
    spoken = [value for value in values if isinstance(value[0], dict)]
    return not values or any(key in value[0] for value in spoken)


def _all_turns(shape: TableShape, column: str, key: str) -> bool:
    """Tell whether JSON text under any name holds nothing but turns that have `key`."""
    if shape.kind(column) is not ColumnKind.JSON:
        return False
    values = [value for value in shape.values(column) if value]
    return bool(values) and all(
        isinstance(value, list) and all(isinstance(turn, dict) and key in turn for turn in value)
        for value in values
    )


def _may_be_json(shape: TableShape, column: str) -> bool:
    """Tell whether a column may hold JSON text: in csv files every column is a string."""
    return shape.schema[column] == pl.String and plain(column) in _SURE


def _has(shape: TableShape, column: str, key: str) -> bool:
    return key in struct_fields(shape.schema[column])


def map_turns(raw: Raw, parts: Parts, requested: frozenset[str], dialect: Dialect) -> MappedRecords:
    """Read conversations, with a system prompt and tools in columns of their own."""
    column = parts["input"]
    cells = raw.cells(column)
    if isinstance(cells, pl.Series) and cells.dtype == pl.String:
        cells = raw.decoded(column)
    members = struct_fields(cells.dtype) if isinstance(cells, pl.Series) else {}
    if not _NAMED & members.keys() or "utterance" in members:
        values = cells.to_list() if isinstance(cells, pl.Series) else cells
        cells = [spoken_turns(value) or unwrapped(value) or value for value in values]
    turns = read_turns(cells, column, dialect)
    seen = render(turns, raw)
    named = [("system", _spoken(raw, parts["system"]))] if "system" in parts else []
    system = spelled(named) if named else nothing(raw)
    text = nothing(raw)
    if "text" in requested:
        text = joined(system, seen.whole, *(_strings(raw, c) for c in _tools(parts)))
    problems: list[pl.DataFrame] = []
    if "problems" in requested:
        problems = [*conversation_problems(turns, raw), *_both_tools(raw, parts)]
        answers = raw.index().with_columns(seen.answer.alias("text"))
        spoken = answers.join(turns.table.select("row").unique(), on="row", how="semi")
        problems += blanks(spoken.filter(pl.col("text").is_null()), "output", column)
    results, derived = derivations(seen.answer)
    inputs = joined(system, seen.before)
    return MappedRecords(inputs, seen.answer, text, None, results, derived, problems=problems)


def _spoken(raw: Raw, column: str) -> pl.Series:
    """Return a system prompt, without the role that a turn of its own has."""
    part = read_part(raw, column)
    return answer(part, raw) if part.turns is not None else read_text(raw, column)


def _tools(parts: Parts) -> list[str]:
    return [parts[p] for p in ("tools", "functions") if p in parts]


def _strings(raw: Raw, column: str) -> pl.Series:
    """Return every string of a nested column, one per line."""
    by_row = leaves(raw, [column]).group_by("row", maintain_order=True)
    lines = by_row.agg(pl.col("text").str.join("\n"))
    return raw.index().join(lines, on="row", how="left", maintain_order="left")["text"]


def _both_tools(raw: Raw, parts: Parts) -> list[pl.DataFrame]:
    if not {"tools", "functions"} <= parts.keys():
        return []
    both = raw.frame[parts["tools"]].is_not_null() & raw.frame[parts["functions"]].is_not_null()
    table = raw.index().with_columns(both.alias("both"))
    path = parts["functions"]
    return [flag(table, pl.col("both"), "tools_and_functions", path, "is given beside tools")]
