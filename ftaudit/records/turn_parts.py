"""Parts of turns that nobody reads: text under a key that no format of conversations has."""

from typing import Final

from ftaudit.records.cell_values import Json
from ftaudit.records.dialect import OPENAI, SHAREGPT, TURN_KEYS
from ftaudit.records.evidence import LEAST_WORDS
from ftaudit.records.shape import TableShape

_KEYS: Final = OPENAI.keys | SHAREGPT.keys | TURN_KEYS


def parts_not_read(shape: TableShape, columns: tuple[str, ...]) -> tuple[str, ...]:
    """Return keys of turns that hold text and are not read, such as `messages[].translation`.

    Args:
        shape: the columns and a sample of them.
        columns: those of conversations.
    """
    parts: dict[str, None] = {}
    for column in dict.fromkeys(columns):
        for value in shape.values(column):
            for turn in value if isinstance(value, list) else [value]:
                if isinstance(turn, dict) and TURN_KEYS & turn.keys():
                    unread = [key for key, held in turn.items() if key not in _KEYS and _says(held)]
                    parts |= dict.fromkeys(f"{column}[].{key}" for key in unread)
    return tuple(parts)


def _says(held: Json) -> bool:
    """Tell whether a value is text, or holds some."""
    if isinstance(held, str):
        return len(held.split()) >= LEAST_WORDS
    if isinstance(held, list):
        return any(_says(item) for item in held)
    return isinstance(held, dict) and any(_says(item) for item in held.values())
