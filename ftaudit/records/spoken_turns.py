"""Conversations that name no speakers: texts by turns, pairs of question and answer, authors."""

from collections.abc import Mapping
from typing import Final

from ftaudit.records.cell_values import Json
from ftaudit.records.dialect import TURN_KEYS

_PAIRS: Final = (
    *(("input", "output"), ("question", "answer"), ("prompt", "response"), ("user", "assistant")),
    *(("human", "assistant"), ("instruction", "output"), ("human", "gpt"), ("user", "bot")),
    *(("query", "response"), ("prompt", "completion"), ("instruction", "response")),
)
"""Keys of what the user says, and of what is answered, in one object."""
_SPEAKERS: Final = ("author", "sender", "speaker_name", "party", "is_user", "name")
_TEXTS: Final = ("content", "text", "message", "value", "utterance", "body")
_ASSISTANTS: Final = frozenset(
    {"assistant", "bot", "ai", "chatbot", "model", "gpt", "agent", "system_agent", "false", "1"}
)


def spoken_turns(value: Json) -> list[dict[str, Json]] | None:
    """Return turns `{role, content}` of a list that names no roles; None where it is no such list.

    Texts alone are said by the user and the assistant by turns; a list of two texts, or an object
    such as `{"input": …, "output": …}`, is a question and its answer.
    """
    if not isinstance(value, list) or not value:
        return None
    if any(isinstance(item, Mapping) and TURN_KEYS & item.keys() for item in value):
        return None
    if all(isinstance(item, str) for item in value):
        return [_turn(text, is_user=i % 2 == 0) for i, text in enumerate(value)]
    turns: list[dict[str, Json]] = []
    for item in value:
        read = _exchange(item) or _authored(item)
        if read is None:
            return None
        turns += read
    return turns


def _exchange(item: Json) -> list[dict[str, Json]] | None:
    if isinstance(item, list) and len(item) == 2 and all(isinstance(x, str) for x in item):
        return [_turn(item[0], is_user=True), _turn(item[1], is_user=False)]
    if not isinstance(item, Mapping):
        return None
    for asks, answers in _PAIRS:
        if asks in item and answers in item:
            system = item.get("system")
            before = [{"role": "system", "content": system}] if system else []
            return [*before, _turn(item[asks], is_user=True), _turn(item[answers], is_user=False)]
    return None


def _authored(item: Json) -> list[dict[str, Json]] | None:
    if not isinstance(item, Mapping):
        return None
    speaker = next((key for key in _SPEAKERS if item.get(key) is not None), None)
    text = next((item[key] for key in _TEXTS if item.get(key) is not None), None)
    if speaker is None or text is None:
        return None
    name = str(item[speaker]).lower()
    return [_turn(text, is_user=name not in _ASSISTANTS)]


def _turn(content: Json, *, is_user: bool) -> dict[str, Json]:
    return {"role": "user" if is_user else "assistant", "content": content}
