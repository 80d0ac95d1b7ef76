"""A record as the rules of a profile see it: its shape, its conversations, its turns."""

from collections.abc import Iterator, Mapping
from enum import Enum
from functools import cached_property
from typing import Final, NamedTuple, TypeAlias

from msgspec import Struct

from ftaudit.profiles.record_layout import RecordLayout, TurnLayout, TurnsRole


class Absent(Enum):
    """Says that a key does not stand in an object; `None` says that it stands there as null."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT
JsonObject: TypeAlias = Mapping[str, object]


class ContentPart(NamedTuple):
    """One part of the content of a turn."""

    path: str
    kind: str | None
    """Its `type`, or the one key that says its kind; None when it says none."""
    value: object


class Turn(NamedTuple):
    """One turn of a conversation."""

    path: str
    number: int
    """0-based place in the conversation."""
    value: JsonObject
    layout: TurnLayout

    @property
    def role(self) -> object:
        """The role as it stands, or `ABSENT`."""
        return self.value.get(self.layout.role, ABSENT)

    @property
    def content(self) -> object:
        """The content as it stands under the first of its keys, or `ABSENT`."""
        for key in self.layout.content:
            if key in self.value:
                return self.value[key]
        return ABSENT

    @property
    def content_path(self) -> str:
        """Where the content stands, or should."""
        keys = [key for key in self.layout.content if key in self.value]
        return f"{self.path}.{(keys or self.layout.content)[0]}"

    def has_call(self) -> bool:
        """Return whether the turn calls a tool."""
        if any(self.value.get(key) for key in self.layout.calls):
            return True
        return any(part.kind in _CALL_PARTS for part in self.parts())

    def parts(self) -> Iterator[ContentPart]:
        """Yield the parts of content that is a list."""
        content = self.content
        if not isinstance(content, list):
            return
        for i, part in enumerate(content):
            yield ContentPart(f"{self.content_path}[{i}]", self._kind(part), part)

    def _kind(self, part: object) -> str | None:
        if not isinstance(part, dict):
            return None
        if self.layout.parts == "keys":
            return next((key for key in part if key in self.layout.part_keys), None)
        kind = part.get("type")
        return kind if isinstance(kind, str) else None

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield the path and text of content that is text, or of its parts that are."""
        content = self.content
        if isinstance(content, str):
            yield self.content_path, content
        for part in self.parts():
            if isinstance(part.value, str):
                yield part.path, part.value
            elif isinstance(part.value, dict) and isinstance(part.value.get("text"), str):
                yield f"{part.path}.text", part.value["text"]


_CALL_PARTS: Final = ("toolUse", "functionCall", "tool_use")


class Conversation(NamedTuple):
    """A list of turns that stands somewhere in a record, or what stands in its place."""

    path: str
    role: TurnsRole
    value: object
    """As it stands, or `ABSENT`: not always a list of objects."""
    turns: tuple[Turn, ...]
    """The items that are objects."""


class ToolCall(NamedTuple):
    """One call of a tool, and the turn that makes it."""

    path: str
    value: object
    turn: Turn


class ProfiledRecord(Struct, frozen=True, dict=True):
    """One decoded record and the layout that it has, if it has one that the profile knows."""

    value: JsonObject
    layout: RecordLayout | None
    conversations: tuple[Conversation, ...]

    def turns(self, *roles: TurnsRole) -> Iterator[Turn]:
        """Yield the turns of every conversation, or of those that play one of `roles`."""
        for conversation in self.conversations:
            if not roles or conversation.role in roles:
                yield from conversation.turns

    @cached_property
    def calls(self) -> tuple[ToolCall, ...]:
        """Every call of a tool, in order."""
        return tuple(call for turn in self.turns() for call in _calls(turn))

    def at(self, path: str) -> object:
        """Return what stands at a dotted path, or `ABSENT`."""
        return value_at(self.value, path)


def _calls(turn: Turn) -> Iterator[ToolCall]:
    """Yield the items of `tool_calls`, and the calls among the parts of content."""
    calls = turn.value.get("tool_calls")
    for i, call in enumerate(calls if isinstance(calls, list) else ()):
        yield ToolCall(f"{turn.path}.tool_calls[{i}]", call, turn)
    for part in turn.parts():
        if part.kind in _CALL_PARTS and isinstance(part.value, dict):
            yield ToolCall(f"{part.path}.{part.kind}", part.value[part.kind], turn)


def value_at(value: object, path: str) -> object:
    """Return what stands at a dotted path such as `input.messages`, or `ABSENT`."""
    for name in path.split("."):
        if not isinstance(value, dict) or name not in value:
            return ABSENT
        value = value[name]
    return value


def profiled(value: JsonObject, layouts: tuple[RecordLayout, ...]) -> ProfiledRecord:
    """Return the record with the first of `layouts` whose keys it has."""
    layout = next((candidate for candidate in layouts if candidate.fits(value)), None)
    conversations = tuple(_conversations(value, layout)) if layout else ()
    return ProfiledRecord(value, layout, conversations)


def _conversations(value: JsonObject, layout: RecordLayout) -> Iterator[Conversation]:
    for path, role in layout.turns.items():
        listed = value_at(value, path)
        if isinstance(listed, str) and layout.plain_text:
            continue
        turns = tuple(_turns(listed, path, layout.turn)) if isinstance(listed, list) else ()
        yield Conversation(path, role, listed, turns)


def _turns(listed: list[object], path: str, layout: TurnLayout) -> Iterator[Turn]:
    for i, turn in enumerate(listed):
        if isinstance(turn, dict):
            yield Turn(f"{path}[{i}]", i, turn, layout)
