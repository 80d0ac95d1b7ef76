"""Turns within objects, as logs and batches of services hold them: requests and responses.

Shapes read: OpenAI (`body` with `messages`, or with `input` and `instructions`; a `response` with
choices), Anthropic (`params` with `messages` and `system`), Gemini (a `request` with `contents` and
`systemInstruction`; a `response` with candidates), Bedrock (`modelInput`, `modelOutput`).
"""

from collections.abc import Mapping
from typing import Final

from ftaudit.records.cell_values import Json
from ftaudit.records.dialect import TURN_KEYS

WRAPPERS: Final = frozenset(
    {"messages", "message", "choices", "contents", "candidates", "body", "stop_reason"}
    | {"stopReason", "inputText", "instructions"}
)
"""Keys of objects under which turns stand, or beside which an answer does."""
REQUESTS: Final = ("body", "params", "request", "model_input", "request_body")
"""Usual names of columns of requests to a service."""
_SYSTEMS: Final = ("system", "systemInstruction", "system_instruction", "instructions")
_TEXTS: Final = ("text", "content", "response", "completion", "output", "answer")
_ENDINGS: Final = ("stop_reason", "stopReason")


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
    if not isinstance(value, Mapping) or TURN_KEYS & value.keys():
        return None
    return _asked(value) or _answered(value) or _within(value)


def _asked(value: Mapping[str, Json]) -> list[Json] | None:
    """Return the turns of a request, its system prompt first."""
    turns = _requested(value)
    if not turns:
        return None
    content = next((value[key] for key in _SYSTEMS if value.get(key)), None)
    if isinstance(content, Mapping):
        content = content.get("parts") or content.get("content")
    return [{"role": "system", "content": content}, *turns] if content else turns


def _requested(value: Mapping[str, Json]) -> list[Json] | None:
    """Return the turns of a request without its system prompt."""
    held = value.get("messages") or value.get("contents")
    if isinstance(held, list):
        return held
    text, turns = value.get("inputText"), value.get("input")
    if isinstance(turns, list) and turns and _is_turn(turns[0]):
        return turns
    if isinstance(turns, str) and "instructions" in value:
        text = turns
    return [{"role": "user", "content": text}] if isinstance(text, str) else None


def _answered(value: Mapping[str, Json]) -> list[Json] | None:
    """Return the turn of a response."""
    message = value.get("message")
    if isinstance(message, Mapping) and TURN_KEYS & message.keys():
        return [message]
    content = value.get("content")
    if isinstance(content, Mapping) and TURN_KEYS & content.keys():
        return [content]
    if content is not None and any(key in value for key in _ENDINGS):
        return [{"role": "assistant", "content": content}]
    return None


def _within(value: Mapping[str, Json]) -> list[Json] | None:
    for key in ("choices", "candidates", "body"):
        if isinstance(value.get(key), list | Mapping):
            return unwrapped(value[key])
    return None


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
    """Return the strings of an object that holds nothing else, one a line; None for others.

    Of an object that holds numbers beside a text, such as its score, that text alone.
    """
    if not isinstance(value, Mapping) or not value or (TURN_KEYS | WRAPPERS) & value.keys():
        return None
    texts = [text for text in value.values() if text is not None]
    if not all(isinstance(text, str) for text in texts):
        beside = any(isinstance(held, list | Mapping) for held in texts)
        named = next((value[k] for k in _TEXTS if isinstance(value.get(k), str)), None)
        return None if beside else named
    if not texts:
        return None
    return "\n".join(str(text) for text in texts)
