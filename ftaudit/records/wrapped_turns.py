"""Turns within objects, as logs of services hold them: requests, responses and their choices."""

from collections.abc import Mapping
from typing import Final

from ftaudit.records.cell_values import Json
from ftaudit.records.dialect import TURN_KEYS

WRAPPERS: Final = frozenset({"messages", "message", "choices", "contents"})
"""Keys of objects under which turns stand."""


def unwrapped(value: Json) -> list[Json] | None:
    """Return the turns that an object or a list of choices holds; None where it holds none.

    Of several choices the first counts. A system prompt beside messages comes before them.
    """
    if isinstance(value, list):
        first = value[0] if value else None
        if isinstance(first, list) and all(isinstance(part, list) for part in value):
            turns = [turn for part in value for turn in part]
            return turns if turns and all(_is_turn(turn) for turn in turns) else None
        is_choice = isinstance(first, Mapping) and not TURN_KEYS & first.keys()
        return unwrapped(first) if is_choice else None
    if not isinstance(value, Mapping):
        return None
    held = value.get("messages") or value.get("contents")
    if isinstance(held, list):
        system = value.get("system")
        before = [{"role": "system", "content": system}] if isinstance(system, str) else []
        return [*before, *held]
    message = value.get("message")
    if isinstance(message, Mapping) and TURN_KEYS & message.keys():
        return [message]
    return unwrapped(value.get("choices")) if isinstance(value.get("choices"), list) else None


def _is_turn(value: Json) -> bool:
    return isinstance(value, Mapping) and bool(TURN_KEYS & value.keys())


def plain_turns(value: Json) -> Json:
    """Return the turns that a value holds, or the strings of an object of strings; else itself."""
    turns = unwrapped(value)
    if turns is not None:
        return turns
    text = plain_text(value)
    return value if text is None else text


def holds_messages(value: Json) -> bool:
    """Tell whether turns stand within a value."""
    return unwrapped(value) is not None


def plain_text(value: Json) -> str | None:
    """Return the strings of an object that holds nothing else, one a line; None for others."""
    if not isinstance(value, Mapping) or not value or (TURN_KEYS | WRAPPERS) & value.keys():
        return None
    texts = [text for text in value.values() if text is not None]
    if not texts or not all(isinstance(text, str) for text in texts):
        return None
    return "\n".join(str(text) for text in texts)
