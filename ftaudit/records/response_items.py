"""Items of OpenAI's Responses API that are no messages: calls of functions, results, thoughts."""

from collections.abc import Mapping
from typing import Final

from ftaudit.records.cell_values import Json
from ftaudit.records.dialect import TURN_KEYS

ITEM_KEYS: Final = frozenset({"type", "call_id"})
"""Keys that tell such items from turns, where items are typed."""
_CALLS: Final = frozenset({"function_call", "custom_tool_call"})
_RESULTS: Final = frozenset({"function_call_output", "custom_tool_call_output"})


def spoken(item: dict[str, Json]) -> dict[str, Json]:
    """Return an item as the turn that it is in a chat; a turn is returned as it stands."""
    if any(item.get(key) is not None for key in TURN_KEYS):
        return item
    kind, call = item.get("type"), item.get("call_id")
    if not isinstance(kind, str):
        return item
    if kind in _CALLS:
        function = {"name": item.get("name"), "arguments": item.get("arguments", item.get("input"))}
        return {"role": "assistant", "tool_calls": [{"id": call, "function": function}]}
    if kind in _RESULTS:
        return {"role": "tool", "tool_call_id": call, "content": item.get("output")}
    if kind == "reasoning":
        return {"role": "assistant", "reasoning": _thoughts(item.get("summary"))}
    return item


def _thoughts(summary: Json) -> str:
    parts = summary if isinstance(summary, list) else [summary]
    texts = [part.get("text") if isinstance(part, Mapping) else part for part in parts]
    return "\n".join(text for text in texts if isinstance(text, str))
