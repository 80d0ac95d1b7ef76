"""Parts of turns: what each key is read as, and text under keys that no format has."""

from collections.abc import Iterator, Mapping
from typing import Final

from ftaudit.records.cell_values import Json
from ftaudit.records.dialect import OPENAI, SHAREGPT, TURN_KEYS
from ftaudit.records.evidence import LEAST_WORDS
from ftaudit.records.shape import TableShape
from ftaudit.records.turns import REASONING

_KEYS: Final = OPENAI.keys | SHAREGPT.keys | TURN_KEYS


def parts_not_read(shape: TableShape, columns: tuple[str, ...]) -> tuple[str, ...]:
    """Return keys of turns that hold text and are not read, such as `messages[].translation`.

    Args:
        shape: the columns and a sample of them.
        columns: those of conversations.
    """
    held = _members(shape, columns)
    unread = (path for path, key, value in held if key not in _KEYS and _says(value))
    return tuple(dict.fromkeys(unread))


def parts_read(shape: TableShape, columns: tuple[str, ...]) -> Mapping[str, str]:
    """Return what every other key of turns is read as, such as `messages[].content` → `content`."""
    unread = set(parts_not_read(shape, columns))
    return {
        path: _ROLES.get(key, "metadata")
        for path, key, _ in _members(shape, columns)
        if path not in unread
    }


_ROLES: Final = {
    **dict.fromkeys(("role", "from", "speaker"), "speaker"),
    **dict.fromkeys(("content", "value", "text", "parts", "refusal"), "content"),
    **dict.fromkeys(REASONING, "thoughts"),
    **dict.fromkeys(("tool_calls", "function_call"), "tool calls"),
    **dict.fromkeys(("weight", "loss"), "weight"),
    "tool_call_id": "answered call",
}


def _members(shape: TableShape, columns: tuple[str, ...]) -> Iterator[tuple[str, str, Json]]:
    """Yield path, key and value of every member of every turn in the sample."""
    for column in dict.fromkeys(columns):
        for value in shape.values(column):
            for turn in value if isinstance(value, list) else [value]:
                if isinstance(turn, dict) and TURN_KEYS & turn.keys():
                    yield from ((f"{column}[].{key}", key, held) for key, held in turn.items())


def _says(held: Json) -> bool:
    """Tell whether a value is text, or holds some."""
    if isinstance(held, str):
        return len(held.split()) >= LEAST_WORDS
    if isinstance(held, list):
        return any(_says(item) for item in held)
    return isinstance(held, dict) and any(_says(item) for item in held.values())
