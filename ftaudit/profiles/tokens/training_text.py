"""The texts of a record in the order in which a trainer joins them, and which are trained."""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

import msgspec

from ftaudit.profiles.json_line import strings
from ftaudit.profiles.profiled_record import Conversation, ProfiledRecord, Turn
from ftaudit.profiles.provider_profile import Trains

ANSWERERS: Final = frozenset({"assistant", "gpt", "model", "Chatbot", "function_call"})
"""Roles whose turns the model is taught to write."""

TOKENS_OF_TURN: Final = 3
"""Tokens that stand around a turn, and before the answer, where no template says otherwise
(openai/openai-cookbook, Chat_finetuning_data_prep; an estimate, says the notebook itself)."""


class TextSegment(NamedTuple):
    """A text of a record."""

    path: str
    text: str
    trained: bool
    overhead: int = 0
    """Tokens that stand around it, none of them trained."""
    branch: int = 0
    """0 for what every sequence begins with; 1, 2 … for answers of which each ends one."""


def read_columns(columns: Mapping[str, str]) -> tuple[str, ...]:
    """Return the user's columns of the input and of what is answered: the output, or the label."""
    answer = columns.get("output") or columns.get("label")
    return tuple(name for name in (columns.get("input"), answer) if name)


def segments_of(
    record: ProfiledRecord, trains: Trains, fallback: tuple[str, ...] = ()
) -> list[TextSegment]:
    """Return the texts of a record, in order.

    Args:
        record: the record, with its layout if it has one.
        trains: what is trained, as the profile says.
        fallback: top-level keys whose texts are read where there is no layout; none: all.
    """
    layout = record.layout
    if layout is None:
        return list(_plain(record, fallback))
    segments: list[TextSegment] = []
    answers = 0
    for conversation in record.conversations:
        answers += conversation.role == "answer"
        branch = answers if conversation.role == "answer" else 0
        segments.extend(_of_turns(conversation, record, trains, branch))
    covered = {conversation.path for conversation in record.conversations}
    for path, role in layout.texts.items():
        text = record.at(path)
        if path not in covered and isinstance(text, str) and text:
            answers += role == "answer"
            trained = trains == "all" or role == "answer"
            segments.append(TextSegment(path, text, trained, 0, answers * (role == "answer")))
    return [*_tools(record), *segments]


def _plain(record: ProfiledRecord, keys: tuple[str, ...]) -> Iterator[TextSegment]:
    for key, value in record.value.items():
        if not keys or key in keys:
            for path, text in strings(value, key):
                yield TextSegment(path, text, trained=key == keys[-1] if keys else True)


def _tools(record: ProfiledRecord) -> Iterator[TextSegment]:
    tools = record.value.get("tools")
    if tools and record.conversations:
        yield TextSegment("tools", _json(tools), trained=False)


def _of_turns(
    conversation: Conversation, record: ProfiledRecord, trains: Trains, branch: int
) -> Iterator[TextSegment]:
    turns = conversation.turns
    answers = [turn.number for turn in turns if turn.role in ANSWERERS]
    last = answers[-1] if answers else -1
    only_last = trains == "last-answer" or (
        trains == "last-answer-with-tools" and bool(record.value.get("tools"))
    )
    for turn in turns:
        is_answer = turn.role in ANSWERERS and (not only_last or turn.number == last)
        teaches = conversation.role != "prompt" and is_answer and turn.value.get("weight") != 0
        trained = trains == "all" or teaches
        texts = list(_of_turn(turn))
        for i, (path, text) in enumerate(texts):
            yield TextSegment(path, text, trained, 0 if i else TOKENS_OF_TURN, branch)


def _of_turn(turn: Turn) -> Iterator[tuple[str, str]]:
    yield from turn.texts()
    for key in turn.layout.calls:
        if calls := turn.value.get(key):
            yield f"{turn.path}.{key}", _json(calls)


def _json(value: object) -> str:
    try:
        return msgspec.json.encode(value).decode()
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return repr(value)
