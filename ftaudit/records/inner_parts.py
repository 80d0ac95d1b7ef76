"""The role of every part of a record inside its columns: `answers.text`, `messages[].content`.

Nothing is declared. A part is read as what its column is where its values stand in the canonical
record; text that does not stand there is read by nobody.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import polars as pl
from msgspec import Struct

from ftaudit.model.dataset import TRAIN
from ftaudit.model.watched_parts import ANY, shown_key
from ftaudit.records.cell_values import Json, Raw, UnreadableCell, inner
from ftaudit.records.dialect import TURN_KEYS
from ftaudit.records.evidence import TEXT_SHARE, evidence_of, is_text
from ftaudit.records.recognised import Recognised
from ftaudit.records.roles import Role
from ftaudit.records.rows import RowReader
from ftaudit.records.shape import TableShape, plain
from ftaudit.records.turns import REASONING

_CANONICAL: Final = ("input", "output", "label", "answer", "variant", "focus", "text")
_WHOLE: Final = frozenset(
    {"tool_calls", "function_call", "functionCall", "arguments", "parameters", "args", "properties"}
)
"""Keys whose values are read as one, whatever they hold."""
_DEPTH: Final = 6
_MOST_KEYS: Final = 48
"""Keys of objects of one part beyond which they are names of the data, not of the format."""
_CALLS: Final = "tool calls"
_ADDRESSES: Final = frozenset(
    {"url", "uri", "link", "useragent", "path", "filename", "filepath", "hash", "modelname"}
)
"""Plain keys of what is no text, though it may be of several words."""
_TURNS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("role", "from", "speaker"), "speaker"),
    **dict.fromkeys(("content", "value", "text", "parts", "utterance"), "content"),
    **dict.fromkeys(REASONING, "thoughts"),
    **dict.fromkeys(("tool_calls", "function_call"), _CALLS),
    **dict.fromkeys(("weight", "loss"), "weight"),
    "tool_call_id": "answered call",
}
"""Keys of turns → what they are read as."""
_CLOSED: Final = frozenset({Role.IGNORED, Role.NOT_READ, Role.COPY, Role.TOOLS})
"""Roles that are those of everything in the column."""
_BESIDE: Final = frozenset({Role.METADATA, Role.ID, Role.SPLIT, Role.SOURCE_ID, Role.LICENSE})


class InnerParts(Struct, frozen=True):
    """The parts inside the columns of a table, by their paths."""

    read: Mapping[str, str]
    """Path → what it is read as: the role of its column, what a turn has there, or metadata."""
    unread: tuple[str, ...]
    """Paths that hold text which no role claims."""
    columns: frozenset[str] = frozenset()
    """The columns whose parts these are."""


def inner_parts(recognised: Recognised, shape: TableShape) -> InnerParts:
    """Return what every part inside the nested columns of the sample is read as."""
    columns = [
        column
        for column, role in recognised.roles.items()
        if role not in _CLOSED and _is_nested(recognised, column)
    ]
    if not columns or shape.sample is None:
        return InnerParts({}, ())
    raw = Raw(shape.sample, recognised.json_columns | recognised.json_cells)
    held = [leaf for column in columns for leaf in _leaves(raw, column)]
    records = _records(recognised, shape.sample)
    turns: dict[str, set[str]] = {}
    for path in dict.fromkeys(path for path, _, _ in held):
        column, _, key = path.partition("[].")
        turns.setdefault(column, set()).add(key)
    read: dict[str, str] = {}
    unread: list[str] = []
    for path, own_text, is_read, is_given in _judged(held, records):
        column = _column(path, columns)
        is_turn = bool(TURN_KEYS & turns.get(column, set()))
        if own_text and not is_read and not _is_named(path, is_turn=is_turn):
            unread.append(path)
        else:
            role = recognised.roles[column]
            role = Role.OUTPUT if role is Role.INPUT and is_read and not is_given else role
            read[path] = _role(path, role, is_read=is_read, is_turn=is_turn)
    return InnerParts(read, tuple(unread), frozenset(columns))


_PLAIN: Final = re.compile(r"[-+]?[\d.,:/T -]+|True|False")
"""Numbers and dates, which may stand in any text by chance."""
_SHORT: Final = 4
"""Characters below which a value is looked for as a word."""


def _is_nested(recognised: Recognised, column: str) -> bool:
    decoded = recognised.json_columns | recognised.json_cells
    return column in decoded or _holds_objects(recognised.schema[column])


def _holds_objects(dtype: pl.DataType) -> bool:
    if isinstance(dtype, pl.List | pl.Array):
        return _holds_objects(inner(dtype))
    return isinstance(dtype, pl.Struct)


def _leaves(raw: Raw, column: str) -> Iterator[tuple[str, int, str]]:
    """Yield path, row and text of every value in objects of a column of the sample."""
    values = raw.values(column)
    names = _many_named(values, column)
    for row, value in enumerate(values):
        stack: list[tuple[Json, str, int]] = [(value, column, 0)]
        while stack:
            item, path, depth = stack.pop()
            if isinstance(item, Mapping) and depth < _DEPTH:
                prefix = f"{path}.{ANY}" if path in names else ""
                for key, member in reversed(list(item.items())):
                    at = prefix or f"{path}.{shown_key(str(key))}"
                    stack.append((member, at, _DEPTH if key in _WHOLE else depth + 1))
            elif isinstance(item, list) and depth < _DEPTH and not _is_numbers(item):
                stack.extend((member, f"{path}[]", depth) for member in reversed(item))
            elif "." in path[len(column) :]:
                yield from ((path, row, text) for text in _texts(item))


def _many_named(values: Sequence[Json], column: str) -> frozenset[str]:
    """Return the paths of objects whose keys are many: names of the data."""
    keys: dict[str, set[str]] = {}
    stack: list[tuple[Json, str, int]] = [(value, column, 0) for value in values]
    while stack:
        item, path, depth = stack.pop()
        if isinstance(item, Mapping) and depth < _DEPTH:
            keys.setdefault(path, set()).update(map(str, item))
            for key, member in item.items():
                at = f"{path}.{shown_key(str(key))}"
                stack.append((member, at, _DEPTH if key in _WHOLE else depth + 1))
        elif isinstance(item, list) and not _is_numbers(item):
            stack.extend((member, f"{path}[]", depth) for member in item)
    return frozenset(path for path, named in keys.items() if len(named) > _MOST_KEYS)


def _texts(value: Json) -> Iterator[str]:
    """Yield the values in a part as text."""
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, Mapping):
            stack.extend(reversed(list(item.values())))
        elif isinstance(item, list):
            stack.extend(item[:1] if _is_numbers(item) else reversed(item))
        elif isinstance(item, bytes | UnreadableCell):
            yield ""
        elif item is not None:
            yield str(item)


def _is_numbers(value: list[Json]) -> bool:
    """Tell whether a list is one of numbers, such as offsets, tokens or a vector."""
    return bool(value) and all(item is None or isinstance(item, int | float) for item in value)


def _records(recognised: Recognised, sample: pl.DataFrame) -> list[list[str]]:
    """Return the texts of the canonical record of every row of the sample, the input first."""
    place = pl.select(
        __split=pl.repeat(TRAIN, sample.height),
        __file=pl.repeat(0, sample.height, dtype=pl.UInt32),
        __row=pl.int_range(sample.height, dtype=pl.UInt64),
    )
    rows = RowReader(recognised).rows(place.hstack(sample), _CANONICAL)
    return [
        list(dict.fromkeys(text or "" for text in row)) for frame in rows for row in frame.rows()
    ]


def _judged(
    held: Sequence[tuple[str, int, str]], records: Sequence[Sequence[str]]
) -> Iterator[tuple[str, bool, bool, bool]]:
    """Yield every path, whether it holds text, and whether record and input hold its values.

    A part is read where half of the rows that have it, or more, hold one of its values: of
    several answers, and of annotations that were cancelled, not all are taken.
    """
    table = pl.DataFrame(
        held, schema={"path": pl.String, "row": pl.Int64, "text": pl.String}, orient="row"
    )
    in_input = [_stands_in(text, records[row][:1]) for _, row, text in held]
    read = [
        yes or _stands_in(text, records[row])
        for yes, (_, row, text) in zip(in_input, held, strict=True)
    ]
    rows = (
        table.with_columns(
            pl.Series("read", read, dtype=pl.Boolean),
            pl.Series("given", in_input, dtype=pl.Boolean),
            is_text=is_text("text"),
        )
        .group_by("path", "row", maintain_order=True)
        .agg(pl.col("text").str.join(" "), pl.col("read", "given", "is_text").any())
    )
    for (path,), own in rows.group_by("path", maintain_order=True):
        evidence = evidence_of(own["text"])
        texts = own.filter(pl.col("is_text") & ~pl.col("read")).height
        is_read, is_given = (2 * int(own[name].sum()) >= own.height for name in ("read", "given"))
        yield str(path), evidence.is_text and texts >= TEXT_SHARE * own.height, is_read, is_given


def _stands_in(text: str, record: Sequence[str]) -> bool:
    """Tell whether a value stands in a record: as a whole text, or as words within one."""
    text = text.strip()
    if not text or any(text == part for part in record):
        return bool(text)
    if _PLAIN.fullmatch(text):
        return False
    if len(text) < _SHORT:
        word = re.compile(rf"(?<!\w){re.escape(text)}(?!\w)")
        return any(word.search(part) for part in record)
    escaped = json.dumps(text, ensure_ascii=False)[1:-1]
    return any(text in part or (escaped != text and escaped in part) for part in record)


def _column(path: str, columns: Sequence[str]) -> str:
    """Return the column that a path begins with: the longest, as names may hold dots."""
    within = [column for column in columns if path.startswith((f"{column}.", f"{column}["))]
    return max(within, key=len)


def _is_named(path: str, *, is_turn: bool) -> bool:
    """Tell whether the key alone says what a part is: tool calls of a turn, or an address."""
    whole = is_turn and _TURNS.get(path.partition("[].")[2]) == _CALLS
    return whole or plain(path.rpartition(".")[2]) in _ADDRESSES


def _role(path: str, role: Role, *, is_read: bool, is_turn: bool) -> str:
    """Return what a part is read as, by its key in a turn, or the role of its column."""
    key = path.partition("[].")[2]
    if is_turn and key in _TURNS:
        return _TURNS[key]
    if role is Role.MEDIA:
        return role.value
    if not is_read:
        return Role.METADATA.value
    return Role.COPY.value if role in _BESIDE else role.value
