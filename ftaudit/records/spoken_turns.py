"""Conversations that do not say `role`: speakers by name, texts by turns, pairs of both sides."""

from collections.abc import Mapping, Sequence
from typing import Final

from ftaudit.records.cell_values import Json

_NAMED: Final = frozenset({"role", "from"})
"""Keys of turns that trainers read as they are."""
_PAIRS: Final = (
    *(("input", "output"), ("question", "answer"), ("prompt", "response"), ("user", "assistant")),
    *(("human", "assistant"), ("instruction", "output"), ("human", "gpt"), ("user", "bot")),
    *(("query", "response"), ("prompt", "completion"), ("instruction", "response")),
)
"""Keys of what the user says, and of what is answered, in one object."""
_SPEAKERS: Final = (
    *("author", "sender", "speaker_name", "speaker", "party", "is_user", "role", "agent", "name"),
    *("speaker_id", "user", "user_id", "author_id", "type"),
)
_UTTERANCE: Final = "utterance"
_TEXTS: Final = ("content", "text", "message", "value", _UTTERANCE, "body", "utt")
_NOTES: Final = frozenset({"metadata", "dialog_act", "dialogue_acts", "span_info"})
"""Keys of notes on turns in logs of dialogues, as MultiWOZ has them."""
_SYSTEM: Final = "system"
_ASSISTANTS: Final = frozenset(
    {"assistant", "bot", "ai", "chatbot", "model", "gpt", "agent", "system_agent", "false", "1"}
    | {"wizard", "sys", "operator", "support"}
)
_USERS: Final = frozenset(
    {"user", "human", "customer", "client", "usr", "visitor", "caller", "true", "0", "apprentice"}
)
_PARTIES: Final = _ASSISTANTS | _USERS | {_SYSTEM, "tool"}


def spoken_turns(value: Json) -> list[dict[str, Json]] | None:
    """Return turns `{role, content}` of a conversation that names no roles; None where it is none.

    Texts alone are said by the user and the assistant by turns; a list of two texts, or an object
    such as `{"input": …, "output": …}`, is a question and its answer. Of speakers, an agent or a
    bot is the assistant; where none is, `system` is; where nobody is known, all but the first.
    An object of lists of equal length is a list of objects.
    """
    items = _items(value)
    if not items or any(map(_has_role, items)):
        return None
    if all(isinstance(item, str) for item in items):
        return _by_turns(items)
    turns_read = _authored(items) or _attributed(items)
    if turns_read is not None:
        return turns_read
    turns: list[dict[str, Json]] = []
    for item in items:
        read = _exchange(item)
        if read is None:
            return _silent(items)
        turns += read
    return turns


def names_speakers(value: Json) -> bool:
    """Tell whether a value is a conversation whose turns name speakers or hold both sides."""
    items = _items(value)
    if not items or any(map(_has_role, items)):
        return False
    turns_read = _authored(items) or _attributed(items)
    return turns_read is not None or all(isinstance(i, Mapping) and _exchange(i) for i in items)


def _has_role(item: Json) -> bool:
    """Tell whether a turn is one that trainers read: one of dialogue corpora has an `utterance`."""
    return isinstance(item, Mapping) and bool(_NAMED & item.keys()) and _UTTERANCE not in item


def with_roles(value: Json) -> Json:
    """Return the turns of a conversation whose turns name a `speaker`; any other value as it is."""
    items = value if isinstance(value, list) else []
    spoken = items and all(isinstance(item, Mapping) and "speaker" in item for item in items)
    return (spoken_turns(value) or value) if spoken else value


def _items(value: Json) -> Sequence[Json] | None:
    """Return the turns of a list, or of an object of lists of equal length."""
    if isinstance(value, list):
        return value
    if not isinstance(value, Mapping) or not any(key in value for key in (*_SPEAKERS, *_NAMED)):
        return None
    lists = {key: held for key, held in value.items() if isinstance(held, list)}
    if len(lists) < 2 or len({len(held) for held in lists.values()}) > 1:
        return None
    rows = zip(*lists.values(), strict=True)
    return [dict(zip(lists, row, strict=True)) for row in rows]


def _by_turns(texts: Sequence[Json]) -> list[dict[str, Json]]:
    return [_turn("user" if i % 2 == 0 else "assistant", text) for i, text in enumerate(texts)]


def _exchange(item: Json) -> list[dict[str, Json]] | None:
    if isinstance(item, list) and len(item) == 2 and all(isinstance(x, str) for x in item):
        return [_turn("user", item[0]), _turn("assistant", item[1])]
    if not isinstance(item, Mapping):
        return None
    for asks, answers in _PAIRS:
        if asks in item and answers in item:
            system = item.get(_SYSTEM)
            before = [_turn(_SYSTEM, system)] if system else []
            return [*before, _turn("user", item[asks]), _turn("assistant", item[answers])]
    return None


def _authored(items: Sequence[Json]) -> list[dict[str, Json]] | None:
    """Read objects that name their speaker."""
    objects = [item for item in items if isinstance(item, Mapping)]
    key = next((k for k in _SPEAKERS if all(item.get(k) is not None for item in objects)), None)
    if key is None or len(objects) < len(items):
        return None
    texts = [next((o[k] for k in _TEXTS if o.get(k) is not None), None) for o in objects]
    names = [str(item[key]).strip().lower() for item in objects]
    if any(text is None for text in texts) or (key == "type" and not set(names) <= _PARTIES):
        return None
    return [_turn(role, text) for role, text in zip(_roles(names), texts, strict=True)]


def _attributed(items: Sequence[Json]) -> list[dict[str, Json]] | None:
    """Read pairs of a known party and its text."""
    pairs = [x for x in items if isinstance(x, list) and len(x) == 2]
    texts = [text for pair in pairs for text in pair]
    if not pairs or len(pairs) < len(items) or not all(isinstance(text, str) for text in texts):
        return None
    names = [str(name).strip().lower() for name, _ in pairs]
    if not set(names) <= _PARTIES:
        return None
    return [_turn(role, text) for role, (_, text) in zip(_roles(names), pairs, strict=True)]


def _silent(items: Sequence[Json]) -> list[dict[str, Json]] | None:
    """Read the turns of a log, each with notes on what is meant: they are said by turns."""
    texts = [
        next((item[k] for k in _TEXTS if isinstance(item.get(k), str)), None)
        for item in items
        if isinstance(item, Mapping) and _NOTES & item.keys()
    ]
    if len(texts) < max(2, len(items)) or None in texts:
        return None
    return _by_turns(texts)


def _roles(names: Sequence[str]) -> list[str]:
    """Return the role of every speaker."""
    parties = list(dict.fromkeys(names))
    assistants = {name for name in parties if name in _ASSISTANTS}
    if not assistants and _SYSTEM in parties and len(parties) > 1:
        assistants = {_SYSTEM}
    if not assistants and not _USERS & set(parties):
        assistants = {name for name in parties[1:] if name != _SYSTEM}
    return [
        "assistant" if name in assistants else name if name in {_SYSTEM, "tool"} else "user"
        for name in names
    ]


def _turn(role: str, content: Json) -> dict[str, Json]:
    return {"role": role, "content": content}
