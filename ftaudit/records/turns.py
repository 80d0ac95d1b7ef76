"""The turns of conversations as one long table, whichever way they arrived."""

from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl
from msgspec import Struct, field

from ftaudit.records.cell_values import (
    Cells,
    Json,
    UnreadableCell,
    as_string,
    decode,
    encode,
    holds_bytes,
    scalar,
    struct_fields,
    text_cells,
    text_value,
)
from ftaudit.records.dialect import TURN_KEYS, Dialect
from ftaudit.records.problem import flag, noted
from ftaudit.records.response_items import ITEM_KEYS, spoken

TURNS: Final = pl.Schema(
    {
        "row": pl.UInt32,
        "turn": pl.UInt32,
        "role": pl.String,
        "content": pl.String,
        "weight": pl.Float64,
        "reply": pl.String,
        "bare": pl.Boolean,
    }
)
"""One turn: the row's index in the batch, its place, who speaks, and what.

`content` is null when absent. `weight` is null when absent and NaN when it is not a number.
`reply` is the id of the tool call it answers. `bare` turns are plain strings where a list of
turns was possible; they have no role."""

REASONING: Final = ("reasoning_content", "reasoning", "thinking")
"""Keys of a turn under which trainers find what the model thought before it spoke."""

CALLS: Final = pl.Schema(
    {
        "row": pl.UInt32,
        "turn": pl.UInt32,
        "call": pl.UInt32,
        "place": pl.String,
        "id": pl.String,
        "name": pl.String,
        "arguments": pl.String,
        "legacy": pl.Boolean,
    }
)
"""One tool call of a turn. `place` is its path inside the turn, such as `tool_calls[0]`;
`arguments` is text as it stands, or JSON text of an object; `legacy` calls have no id."""


class Turns(Struct, frozen=True, eq=False):
    """The conversations of one column of a batch."""

    path: str
    dialect: Dialect
    table: pl.DataFrame
    """`TURNS`, ascending in row and turn."""
    calls: pl.DataFrame
    """`CALLS`, ascending in row, turn and call."""
    problems: tuple[pl.DataFrame, ...]
    """What could not be read as turns."""


def turn_path(path: str, suffix: str = "") -> pl.Expr:
    """Return the path of a turn, such as `messages[2].content`."""
    return pl.concat_str(pl.lit(f"{path}["), pl.col("turn"), pl.lit(f"]{suffix}"))


def read_turns(cells: Cells, path: str, dialect: Dialect) -> Turns:
    """Read a column of conversations: lists of turns, single turns, or plain strings."""
    if not isinstance(cells, pl.Series):
        return _Reader(path, dialect).read(cells)
    if isinstance(cells.dtype, pl.Struct):
        cells = pl.select(pl.when(cells.is_not_null()).then(pl.concat_list(cells))).to_series()
    if struct_fields(cells.dtype).keys() >= ITEM_KEYS:
        return _Reader(path, dialect).read(cells.to_list())
    if not TURN_KEYS & struct_fields(cells.dtype).keys():
        return _no_turns(cells, path, dialect)
    return _uniform(cells, path, dialect)


# --- uniform columns: polars lists of structs -----------------------------------------------


def _no_turns(cells: pl.Series, path: str, dialect: Dialect) -> Turns:
    """Read a column that holds no turns: strings are bare turns, all else is malformed."""
    text, bad = text_cells(cells)
    frame = pl.DataFrame({"content": text, "bad": bad}).with_row_index("row")
    bare = frame.filter(pl.col("content").is_not_null() & ~pl.col("bad"))
    table = bare.select(
        "row",
        turn=pl.lit(0, pl.UInt32),
        role=pl.lit(None, pl.String),
        content="content",
        weight=pl.lit(None, pl.Float64),
        reply=pl.lit(None, pl.String),
        bare=pl.lit(value=True),
    )
    wrong = flag(frame, pl.col("bad"), "malformed", path, "is not a list of turns")
    return Turns(path, dialect, table, CALLS.to_frame(), (wrong,))


def _uniform(cells: pl.Series, path: str, dialect: Dialect) -> Turns:
    members = struct_fields(cells.dtype)
    exploded = _exploded(pl.DataFrame({"value": cells}).with_row_index("row"), "turn")
    turns = exploded.select("row", "turn", empty=pl.col("value").is_null())
    values = exploded["value"].struct.unnest()
    role = _first(values, [k for k in dialect.role_keys if k in members])
    content, bad = text_cells(_first(values, [k for k in dialect.content_keys if k in members]))
    content = _with_reasoning(values, content)
    weight = values["weight"] if "weight" in members else pl.Series([None] * values.height)
    reply = (
        values["tool_call_id"] if "tool_call_id" in members else pl.Series([None] * values.height)
    )
    table = turns.with_columns(
        as_string(role).alias("role"),
        content.alias("content"),
        _number(weight).alias("weight"),
        as_string(reply).alias("reply"),
        pl.lit(value=False).alias("bare"),
        bad.alias("bad"),
    )
    key = next((k for k in dialect.content_keys if k in members), dialect.content_keys[0])
    problems = [
        flag(table, pl.col("empty"), "malformed", turn_path(path), "is not an object"),
        flag(table, pl.col("bad"), "non_string_content", turn_path(path, f".{key}"), "is not text"),
        *(
            flag(
                turns.with_columns(values[name].alias("value")),
                pl.col("value").is_not_null(),
                "unknown_key",
                turn_path(path, f".{name}"),
                "is not a key of a turn",
            )
            for name in members
            if name not in dialect.keys
        ),
    ]
    table = table.filter(~pl.col("empty")).select(TURNS.names())
    calls, unread = _uniform_calls(turns, values, path, dialect)
    return Turns(path, dialect, table, calls, (*problems, unread))


def _with_reasoning(values: pl.DataFrame, content: pl.Series) -> pl.Series:
    """Put what the model is taught to think before what it is taught to say."""
    thoughts = [k for k in REASONING if k in values.columns and values[k].dtype == pl.String]
    if not thoughts:
        return content
    spoken = [pl.when(part != "").then(part) for part in (*values.select(thoughts), content)]
    whole = pl.concat_str(spoken, separator="\n", ignore_nulls=True)
    thinks = pl.any_horizontal(values[name].fill_null("") != "" for name in thoughts)
    return pl.select(pl.when(thinks).then(whole).otherwise(content)).to_series()


def _exploded(frame: pl.DataFrame, index: str) -> pl.DataFrame:
    """Give every element of the lists in `value` a row of its own, numbered in `index`."""
    if isinstance(dtype := frame["value"].dtype, pl.Array):
        frame = frame.with_columns(pl.col("value").cast(pl.List(dtype.inner)))
    length = pl.col("value").list.len().fill_null(0)
    flat = frame.with_columns(pl.int_ranges(0, length, dtype=pl.UInt32).alias(index))
    return flat.explode("value", index, empty_as_null=False, keep_nulls=False)


def _first(values: pl.DataFrame, names: Sequence[str]) -> pl.Series:
    """Return the first of the named columns that is not null, row by row."""
    if not names:
        return pl.Series([None] * values.height, dtype=pl.Null)
    if len(names) == 1 or len({str(values[n].dtype) for n in names}) > 1:
        return values[names[0]]
    return values.select(pl.coalesce(*names)).to_series()


def _number(values: pl.Series) -> pl.Series:
    if not (values.dtype.is_numeric() or values.dtype == pl.Null):
        bad = pl.when(values.is_not_null()).then(pl.lit(float("nan")))
        return pl.select(bad.alias("weight")).to_series()
    return values.cast(pl.Float64)


def _uniform_calls(
    turns: pl.DataFrame, values: pl.DataFrame, path: str, dialect: Dialect
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Read `tool_calls` (a list) and the older `function_call` (one) of every turn.

    Returns:
        The calls, and what could not be read as calls. Calls that are not uniform objects, such
        as JSON text, are read one by one, as those of columns that are not uniform.
    """
    calls, problems = [CALLS.to_frame()], [noted([])]
    for name, legacy in (("tool_calls", False), ("function_call", True)):
        if name not in values.columns or values[name].dtype == pl.Null:
            continue
        frame = turns.select("row", "turn").with_columns(values[name].alias("value"))
        frame = frame.filter(pl.col("value").is_not_null())
        dtype = frame["value"].dtype
        if legacy == isinstance(dtype, pl.Struct) and _is_call(struct_fields(dtype)):
            numbered = frame.with_columns(pl.lit(0, pl.UInt32).alias("call"))
            exploded = numbered if legacy else _exploded(frame, "call")
            calls.append(_call_columns(exploded, name, legacy=legacy))
        elif not legacy:
            single = _Reader(path, dialect)
            for row, turn, value in frame.iter_rows():
                single.take_calls(row, turn, value)
            calls.append(pl.DataFrame(single.calls, schema=CALLS, orient="row"))
            problems.append(noted(single.problems))
    return pl.concat(calls).sort("row", "turn", "call"), pl.concat(problems)


def _is_call(call: Mapping[str, pl.DataType]) -> bool:
    """Tell whether objects of these fields can be read as calls, column by column."""
    function = struct_fields(call["function"]) if "function" in call else {}
    inside = function or call
    texts = [call.get("id"), inside.get("name")]
    arguments = inside.get("arguments", pl.String())
    plain = scalar(arguments) or (isinstance(arguments, pl.Struct) and not holds_bytes(arguments))
    return bool(call) and plain and all(dtype is None or scalar(dtype) for dtype in texts)


def _call_columns(frame: pl.DataFrame, name: str, *, legacy: bool) -> pl.DataFrame:
    call = struct_fields(frame["value"].dtype)
    function = struct_fields(call["function"]) if "function" in call else {}
    inside = pl.col("value").struct.field("function") if function else pl.col("value")
    names = function or call
    absent = pl.lit(None, pl.String)
    arguments = inside.struct.field("arguments") if "arguments" in names else absent
    if "arguments" in names and isinstance(names["arguments"], pl.Struct):
        arguments = pl.when(arguments.is_not_null()).then(arguments.struct.json_encode())
    place = pl.lit(name) if legacy else pl.format(name + "[{}]", "call")
    return frame.select(
        "row",
        "turn",
        "call",
        place=place,
        id=pl.col("value").struct.field("id").cast(pl.String) if "id" in call else absent,
        name=inside.struct.field("name").cast(pl.String) if "name" in names else absent,
        arguments=arguments.cast(pl.String),
        legacy=pl.lit(value=legacy),
    )


# --- JSON text, decoded ---------------------------------------------------------------------


class _Reader(Struct, frozen=True, eq=False):
    """Collect the turns, calls and problems of decoded conversations."""

    path: str
    dialect: Dialect
    turns: list[tuple[object, ...]] = field(default_factory=list)
    calls: list[tuple[object, ...]] = field(default_factory=list)
    problems: list[tuple[int, int, str, str, str]] = field(default_factory=list)

    def read(self, values: Sequence[Json]) -> Turns:
        for row, value in enumerate(values):
            if isinstance(value, list) or (isinstance(value, dict) and TURN_KEYS & value.keys()):
                for turn, message in enumerate(value if isinstance(value, list) else [value]):
                    self._turn(row, turn, message)
            elif isinstance(value, str):
                self.turns.append((row, 0, None, value, None, None, True))
            elif isinstance(value, UnreadableCell):
                self.problems.append((row, 0, value.rule, self.path, value.reason))
            elif value is not None:
                self.problems.append((row, 0, "malformed", self.path, "is not a list of turns"))
        table = pl.DataFrame(self.turns, schema=TURNS, orient="row")
        calls = pl.DataFrame(self.calls, schema=CALLS, orient="row")
        return Turns(self.path, self.dialect, table, calls, (noted(self.problems),))

    def _turn(self, row: int, turn: int, message: Json) -> None:
        if not isinstance(message, dict):
            self._note(row, turn, "malformed", "", "is not an object")
            return
        message = spoken(message)
        role = _pick(message, self.dialect.role_keys)
        content, bad = text_value(_pick(message, self.dialect.content_keys))
        thoughts = [t for k in REASONING if isinstance(t := message.get(k), str) and t]
        if thoughts:
            content = "\n".join([*thoughts, *([content] if content else [])])
        weight, reply = message.get("weight"), message.get("tool_call_id")
        self.turns.append((row, turn, _name(role), content, _weight(weight), _name(reply), False))
        if bad:
            key = next(
                (k for k in self.dialect.content_keys if k in message),
                self.dialect.content_keys[0],
            )
            self._note(row, turn, "non_string_content", f".{key}", "is not text")
        if not self.dialect.keys.issuperset(message):
            for key in message.keys() - self.dialect.keys:
                if message[key] is not None:
                    self._note(row, turn, "unknown_key", f".{key}", "is not a key of a turn")
        if "tool_calls" in message:
            self.take_calls(row, turn, message["tool_calls"])
        if isinstance(legacy := message.get("function_call"), dict):
            self.calls.append((row, turn, 0, "function_call", *_call(legacy), True))

    def take_calls(self, row: int, turn: int, calls: Json) -> None:
        """Read the tool calls of a turn: a list of objects, one object, or JSON text of either."""
        calls = decode(calls) if isinstance(calls, str) else calls
        if calls is None:
            return
        calls = [calls] if isinstance(calls, dict) else calls
        if not isinstance(calls, list):
            self._note(row, turn, "malformed", ".tool_calls", "is not a list")
            return
        for number, item in enumerate(calls):
            call = decode(item) if isinstance(item, str) else item
            place = f"tool_calls[{number}]"
            if isinstance(call, dict):
                self.calls.append((row, turn, number, place, *_call(call), False))
            else:
                self._note(row, turn, "malformed", f".{place}", "is not an object")

    def _note(self, row: int, turn: int, rule: str, suffix: str, detail: str) -> None:
        self.problems.append((row, turn, rule, f"{self.path}[{turn}]{suffix}", detail))


def _call(call: dict[str, Json]) -> tuple[str | None, str | None, str | None]:
    """Return id, name and arguments of a tool call."""
    function = call.get("function")
    inside = function if isinstance(function, dict) else call
    arguments, name = inside.get("arguments"), inside.get("name")
    return _name(call.get("id")), name if isinstance(name, str) else None, _name(arguments)


def _pick(message: dict[str, Json], keys: Sequence[str]) -> Json:
    for key in keys:
        if (value := message.get(key)) is not None:
            return value
    return None


def _name(value: Json) -> str | None:
    return value if value is None or isinstance(value, str) else encode(value)


def _weight(value: Json) -> float | None:
    if value is None:
        return None
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number else float("nan")  # type: ignore[arg-type] # just checked
