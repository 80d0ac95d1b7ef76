"""Tests of calls of tools, and of replies to them."""

from collections.abc import Iterator, Mapping
from typing import ClassVar, Final, Literal

from ftaudit.profiles.profiled_record import ABSENT, ProfiledRecord, ToolCall, Turn, value_at
from ftaudit.profiles.rule_place import (
    RulePlace,
    TestModel,
    is_kind,
    kind_of,
    listed,
    matches,
    parsed_json,
)
from ftaudit.profiles.tool_list_tests import is_tools
from ftaudit.profiles.value_outline import IDS

CALL_KEYS: Final = frozenset({"tool_calls", "toolUse", "functionCall", "function_call"})
"""Keys under which calls of tools stand."""


class CallKeys(TestModel):
    """A call of a tool is an object that has `keys` (dotted paths), each of its kind."""

    test: Literal["call-keys"]
    keys: Mapping[str, str]
    """Dotted path in a call → kind of value (`record_layout.ValueKind`, or `any`)."""

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield calls that lack a key, or `tool_calls` that is no list."""
        for turn in self.turns(record):
            listed_calls = turn.value.get("tool_calls")
            if not isinstance(listed_calls, list | None):
                path = f"{turn.path}.tool_calls"
                yield RulePlace(path, f"expected a list of calls, not {kind_of(listed_calls)}")
        for call in record.calls:
            yield from self._of(call)

    def _of(self, call: ToolCall) -> Iterator[RulePlace]:
        for key, kind in self.keys.items():
            value = value_at(call.value, key)
            if value is ABSENT or (kind != "any" and not is_kind(value, kind)):
                yield RulePlace(f"{call.path}.{key}", f"expected {kind}, not {kind_of(value)}")


class CallType(TestModel):
    """The key `type` of a call says `function`."""

    test: Literal["call-type"]

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield calls of another type."""
        for call in record.calls:
            kind = value_at(call.value, "type")
            if kind is not ABSENT and kind != "function":
                yield RulePlace(f"{call.path}.type", "expected function")


class CallName(TestModel):
    """The name of a called function is text that a regular expression matches."""

    triggers: ClassVar[frozenset[str]] = CALL_KEYS
    test: Literal["call-name"]
    pattern: str = "[a-zA-Z0-9_-]{1,64}"

    @property
    def by_value(self) -> bool:
        """Texts decide."""
        return True

    @property
    def by_links(self) -> bool:
        """Names alone decide."""
        return True

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield names of another form."""
        for call in record.calls:
            name = value_at(call.value, "function.name")
            if name is not ABSENT and not matches(self.pattern, name):
                path = f"{call.path}.function.name"
                yield RulePlace(path, "expected letters, digits, _ and -, up to 64")


class CallId(TestModel):
    """The id of a call, and the id that a reply names, is text that an expression matches."""

    triggers: ClassVar[frozenset[str]] = CALL_KEYS | {"tool_call_id"}
    test: Literal["call-id"]
    pattern: str
    form: str
    """The pattern in words."""

    @property
    def by_value(self) -> bool:
        """Texts decide."""
        return True

    @property
    def by_links(self) -> bool:
        """Ids alone decide."""
        return True

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield ids of another form."""
        for call in record.calls:
            name = value_at(call.value, "id")
            if name is not ABSENT and not matches(self.pattern, name):
                yield RulePlace(f"{call.path}.id", f"expected {self.form}")
        for turn in self.turns(record):
            reply = turn.value.get("tool_call_id", ABSENT)
            if reply is not ABSENT and turn.role == "tool" and not matches(self.pattern, reply):
                yield RulePlace(f"{turn.path}.tool_call_id", f"expected {self.form}")


class UniqueCallIds(TestModel):
    """No two calls of a conversation have one id."""

    triggers: ClassVar[frozenset[str]] = CALL_KEYS
    test: Literal["unique-call-ids"]
    key: str = "id"

    @property
    def by_value(self) -> bool:
        """Texts decide."""
        return True

    @property
    def by_links(self) -> bool:
        """Ids alone decide, under the usual keys."""
        return self.key in IDS

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield calls whose id stood before."""
        seen: set[str] = set()
        for call in record.calls:
            name = value_at(call.value, self.key)
            if isinstance(name, str):
                if name in seen:
                    yield RulePlace(f"{call.path}.{self.key}", "expected an id of its own")
                seen.add(name)


class CallArguments(TestModel):
    """The arguments of a call are of one of `kinds`; text is JSON of an object."""

    triggers: ClassVar[frozenset[str]] = CALL_KEYS
    test: Literal["call-arguments"]
    kinds: tuple[Literal["string", "object"], ...] = ("string",)
    wrong: bool = True
    """Arguments of another kind are found."""
    parsed: Literal["no", "json", "object"] = "no"
    """What text must be: anything, JSON, or JSON of an object."""

    @property
    def by_value(self) -> bool:
        """Texts decide when they are parsed."""
        return self.parsed != "no"

    @property
    def by_links(self) -> bool:
        """Arguments alone decide."""
        return True

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield arguments of another kind, or text that does not parse."""
        for call in record.calls:
            path = "function.arguments"
            yield from self._of(f"{call.path}.{path}", value_at(call.value, path))
        for turn in self.turns(record):
            old = value_at(turn.value, "function_call.arguments")
            yield from self._of(f"{turn.path}.function_call.arguments", old)

    def _of(self, path: str, value: object) -> Iterator[RulePlace]:
        if value is ABSENT:
            return
        if self.wrong and not any(is_kind(value, kind) for kind in self.kinds):
            yield RulePlace(path, f"expected {listed(self.kinds)}, not {kind_of(value)}")
        elif isinstance(value, str) and not self._parses(value):
            yield RulePlace(path, "expected JSON text of an object")

    def _parses(self, text: str) -> bool:
        if self.parsed == "no":
            return True
        value = parsed_json(text)
        return isinstance(value, dict) or (self.parsed == "json" and value is not ABSENT)


class ReplyKeys(TestModel):
    """A turn of a tool names the call that it replies to."""

    test: Literal["reply-id"]

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield replies without the id of a call."""
        for turn in self.turns(record):
            if turn.role == "tool" and not isinstance(turn.value.get("tool_call_id"), str):
                detail = "expected the id of the call that it replies to"
                yield RulePlace(f"{turn.path}.tool_call_id", detail)


class ReplyMatches(TestModel):
    """Replies follow calls: the id is of a call before, or the numbers agree."""

    triggers: ClassVar[frozenset[str]] = CALL_KEYS | {"tool_call_id"}
    test: Literal["reply-matches"]
    by: Literal["id", "count"] = "id"

    @property
    def by_value(self) -> bool:
        """Texts decide unless replies are counted."""
        return self.by == "id"

    @property
    def by_links(self) -> bool:
        """Ids alone decide."""
        return True

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield replies to no call, and calls that are not replied to before the next answer."""
        for conversation in record.conversations:
            if self.by == "id":
                yield from self._by_id(conversation.turns, record)
            else:
                yield from self._by_count(conversation.turns, record)

    def _by_id(self, turns: tuple[Turn, ...], record: ProfiledRecord) -> Iterator[RulePlace]:
        for turn in turns:
            reply = turn.value.get("tool_call_id")
            if turn.role == "tool" and isinstance(reply, str):
                calls = [call.value for call in record.calls if call.turn.number < turn.number]
                if not any(value_at(call, "id") == reply for call in calls):
                    path = f"{turn.path}.tool_call_id"
                    yield RulePlace(path, "expected the id of a call before it")

    def _by_count(self, turns: tuple[Turn, ...], record: ProfiledRecord) -> Iterator[RulePlace]:
        """Count as mistral-common 1.4.4 does: replies are due before the next answer."""
        due = 0
        for turn in turns[1:]:
            if turn.role == "tool":
                due -= 1
            elif turn.role == "assistant":
                if due:
                    yield RulePlace(turn.path, "expected as many replies as calls before it")
                    return
                due = sum(call.turn is turn for call in record.calls)
        if due not in (0, 1):
            yield RulePlace(turns[-1].path, "expected a reply to every call")


class CallsKnown(TestModel):
    """A call names one of the tools that the record offers."""

    triggers: ClassVar[frozenset[str]] = CALL_KEYS
    test: Literal["call-known"]
    tools: str = "tools"
    """Dotted path of the tools."""
    name: str = "function.name"
    """Dotted path of the name in a call."""
    tool_name: str = "function.name"
    """Dotted path of the name in a tool."""

    @property
    def by_value(self) -> bool:
        """Texts decide."""
        return True

    @property
    def by_links(self) -> bool:
        """Names and tools alone decide, under the usual keys."""
        return is_tools(self.tools) and self.name.rpartition(".")[2] == "name"

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield calls of tools that are not offered."""
        tools = record.at(self.tools)
        if not isinstance(tools, list):
            return
        names = [value_at(tool, self.tool_name) for tool in tools]
        for call in record.calls:
            name = value_at(call.value, self.name)
            if name is not ABSENT and not (isinstance(name, str) and name in names):
                yield RulePlace(f"{call.path}.{self.name}", "expected a tool that is offered")
