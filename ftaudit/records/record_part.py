"""One part of a record, such as the prompt: a string, or a conversation."""

import polars as pl
from msgspec import Struct

from ftaudit.records.cell_values import Cells, Json, Raw, inner, scalar, struct_fields, text_cells
from ftaudit.records.conversation import Rendered, conversation_problems, outcome, render
from ftaudit.records.dialect import OPENAI, SHAREGPT, TURN_KEYS, Dialect
from ftaudit.records.leaves import leaves
from ftaudit.records.problem import flag
from ftaudit.records.spoken_turns import with_roles
from ftaudit.records.turns import Turns, read_turns
from ftaudit.records.wrapped_turns import WRAPPERS, plain_text, plain_turns


class TextPart(Struct, frozen=True, eq=False):
    """A column read as text. `turns` is None for a column that holds plain strings only."""

    column: str
    text: pl.Series
    turns: Turns | None = None
    wrong: tuple[pl.DataFrame, ...] = ()


def dialect_of(raw: Raw, column: str) -> Dialect:
    """Return how the turns of a column are written."""
    cells = raw.cells(column)
    if isinstance(cells, pl.Series):
        return SHAREGPT if "from" in struct_fields(cells.dtype) else OPENAI
    first = next((turn for value in cells for turn in _turns(value)), {})
    return SHAREGPT if "from" in first else OPENAI


def _turns(value: Json) -> list[dict[str, Json]]:
    turns = value if isinstance(value, list) else [value]
    return [turn for turn in turns if isinstance(turn, dict)]


def read_part(raw: Raw, column: str) -> TextPart:
    """Read a column whose values may be strings, numbers, text parts or lists of turns.

    Objects and choices that hold turns (a request with its messages) are read as those turns,
    objects of strings alone as their strings, one a line.
    """
    cells = raw.cells(column)
    if not isinstance(cells, pl.Series):
        return _read_turns(raw, column, [with_roles(plain_turns(value)) for value in cells])
    if scalar(cells.dtype):
        return TextPart(column, cells.cast(pl.String))
    members = struct_fields(cells.dtype).keys()
    if "speaker" in members:
        return _read_turns(raw, column, [with_roles(value) for value in cells.to_list()])
    if TURN_KEYS & members:
        return _read_turns(raw, column, cells)
    if WRAPPERS & members or _are_lists_of_turns(cells.dtype):
        return _read_turns(raw, column, [plain_turns(value) for value in cells.to_list()])
    text, bad = text_cells(cells)
    if isinstance(cells.dtype, pl.Struct):
        plain = pl.Series([plain_text(value) for value in cells.to_list()], dtype=pl.String)
        text, bad = plain.fill_null(text), bad & plain.is_null()
    table = pl.DataFrame({"bad": bad}).with_row_index("row")
    return TextPart(column, text, None, (_not_text(table, column),))


def _are_lists_of_turns(dtype: pl.DataType) -> bool:
    """Tell whether values are lists of conversations, as benchmarks of several turns have them."""
    if not isinstance(dtype, pl.List | pl.Array):
        return False
    return bool(TURN_KEYS & struct_fields(inner(dtype)).keys())


def _read_turns(raw: Raw, column: str, cells: Cells) -> TextPart:
    turns = read_turns(cells, column, dialect_of(raw, column))
    return TextPart(column, render(turns, raw, split=False).whole, turns)


def read_text(raw: Raw, column: str) -> pl.Series:
    """Return a column as text, whatever it holds: of nested values, their strings, one a line."""
    cells = raw.cells(column)
    if isinstance(cells, pl.Series) and scalar(cells.dtype):
        return cells.cast(pl.String)
    part = read_part(raw, column)
    if part.turns is not None and (part.text.fill_null("") != "").all():
        return part.text
    by_row = leaves(raw, [column]).group_by("row", maintain_order=True)
    lines = by_row.agg(pl.col("text").str.join("\n"))
    text = raw.index().join(lines, on="row", how="left", maintain_order="left")["text"]
    if part.turns is None:
        return text
    # objects of a list need not be turns
    return pl.select(pl.when(part.text != "").then(part.text).otherwise(text)).to_series()


def answer(part: TextPart, raw: Raw) -> pl.Series:
    """Return what a completion says: a lone turn without its role."""
    return part.text if part.turns is None else outcome(part.turns, raw)


def divided(part: TextPart, raw: Raw) -> Rendered:
    """Divide whole conversations into what comes before the last answer, and that answer."""
    if part.turns is None:
        return Rendered(part.text, part.text, part.text)
    return render(part.turns, raw)


def part_problems(part: TextPart, raw: Raw, *, opening: bool, closing: bool) -> list[pl.DataFrame]:
    """Find what is wrong in the turns of a part; empty ones are the caller's to judge."""
    if part.turns is None:
        return list(part.wrong)
    problems = conversation_problems(part.turns, raw, opening=opening, closing=closing)
    return [f.filter(pl.col("rule") != "schema.empty_messages") for f in problems]


def absence(raw: Raw, part: TextPart, name: str) -> list[pl.DataFrame]:
    """Note where a part (`input` or `output`) is null or blank, unless turns explain it."""
    table = raw.index().with_columns(part.text.alias("text"))
    if part.turns is not None:
        # a part whose turns are malformed is not also missing
        explained = [p.select("row") for p in part.turns.problems if p.height]
        if explained:
            table = table.join(pl.concat(explained), on="row", how="anti")
    return blanks(table, name, part.column)


def blanks(table: pl.DataFrame, name: str, field: str) -> list[pl.DataFrame]:
    """Note where the column `text` is null or blank; an input also where it has no word."""
    text = pl.col("text")
    blank = ~text.str.contains(r"\S")
    problems = [
        flag(table, text.is_null(), f"missing_{name}", field, "is missing"),
        flag(table, blank, f"empty_{name}", field, "is blank"),
    ]
    if name == "input":
        wordless = ~blank & ~text.str.contains(r"[\p{L}\p{N}]")
        problems.append(flag(table, wordless, "no_words", field, "has no letter and no digit"))
    return problems


def _not_text(table: pl.DataFrame, column: str) -> pl.DataFrame:
    return flag(table, pl.col("bad"), "non_string_content", column, "is not text")
