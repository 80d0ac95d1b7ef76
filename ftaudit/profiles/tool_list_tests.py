"""Tests of the tools that a record offers."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import ClassVar, Literal

import msgspec
from pydantic import Field

from ftaudit.profiles.profiled_record import ABSENT, ProfiledRecord, value_at
from ftaudit.profiles.rule_place import (
    RulePlace,
    TestModel,
    is_kind,
    kind_of,
    listed,
    matches,
    parsed_json,
)
from ftaudit.profiles.value_outline import TOOL_LISTS


def is_tools(path: str) -> bool:
    """Return whether a dotted path leads through one of the keys under which tools stand."""
    return not TOOL_LISTS.isdisjoint(path.split("."))


class ToolList(TestModel):
    """The tools are a list of objects, each with its keys."""

    test: Literal["tool-list"]
    at: str = "tools"
    keys: Mapping[str, str] = Field(default_factory=dict)
    """Dotted path in a tool → kind of value."""
    optional: Mapping[str, str] = Field(default_factory=dict)
    """The same, of keys that a tool may lack."""
    types: tuple[str, ...] = ()
    """What the key `type` of a tool may say; none: anything."""
    accepts_null: bool = True
    json_text: bool = False
    """The list may be written as JSON text."""

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield what stands in place of a list, and tools that lack a key."""
        tools = record.at(self.at)
        if (
            tools is ABSENT
            or (tools is None and self.accepts_null)
            or (isinstance(tools, str) and self.json_text)
        ):
            return
        if not isinstance(tools, list):
            yield RulePlace(self.at, f"expected a list of tools, not {kind_of(tools)}")
            return
        for i, tool in enumerate(tools):
            yield from self._of(f"{self.at}[{i}]", tool)

    def _of(self, path: str, tool: object) -> Iterator[RulePlace]:
        present = {k: v for k, v in self.optional.items() if value_at(tool, k) is not ABSENT}
        for key, kind in {**self.keys, **present}.items():
            value = value_at(tool, key)
            if not is_kind(value, kind):
                yield RulePlace(f"{path}.{key}", f"expected {kind}, not {kind_of(value)}")
        name = value_at(tool, "type")
        if self.types and isinstance(name, str) and name not in self.types:
            yield RulePlace(f"{path}.type", f"expected {listed(self.types)}")


class ToolText(TestModel):
    """Tools that are written as text are JSON."""

    triggers: ClassVar[frozenset[str]] = TOOL_LISTS
    test: Literal["tools-text"]
    at: str = "tools"

    @property
    def by_value(self) -> bool:
        """Texts decide."""
        return True

    @property
    def by_links(self) -> bool:
        """Tools alone decide, under the usual keys."""
        return is_tools(self.at)

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield text that is not JSON."""
        tools = record.at(self.at)
        if isinstance(tools, str) and parsed_json(tools) is ABSENT:
            yield RulePlace(self.at, "expected JSON text of a list")


class ToolNames(TestModel):
    """The name of a tool is text that a regular expression matches."""

    triggers: ClassVar[frozenset[str]] = TOOL_LISTS
    test: Literal["tool-names"]
    at: str = "tools"
    name: str = "function.name"
    pattern: str = "[a-zA-Z0-9_-]{1,64}"

    @property
    def by_value(self) -> bool:
        """Texts decide."""
        return True

    @property
    def by_links(self) -> bool:
        """Tools alone decide, under the usual keys."""
        return is_tools(self.at)

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield names of another form."""
        tools = record.at(self.at)
        for i, tool in enumerate(tools if isinstance(tools, list) else ()):
            name = value_at(tool, self.name)
            if isinstance(name, str) and not matches(self.pattern, name):
                path = f"{self.at}[{i}].{self.name}"
                yield RulePlace(path, "expected letters, digits, _ and -, up to 64")


class ToolSchema(TestModel):
    """The parameters of a tool are a valid JSON Schema (draft 7)."""

    triggers: ClassVar[frozenset[str]] = TOOL_LISTS
    test: Literal["tool-schema"]
    at: str = "tools"
    schema_at: str = "function.parameters"

    @property
    def by_value(self) -> bool:
        """Texts decide."""
        return True

    @property
    def by_links(self) -> bool:
        """Tools alone decide, under the usual keys."""
        return is_tools(self.at)

    def places(self, record: ProfiledRecord) -> Iterator[RulePlace]:
        """Yield parameters that are no valid schema."""
        tools = record.at(self.at)
        for i, tool in enumerate(tools if isinstance(tools, list) else ()):
            schema = value_at(tool, self.schema_at)
            if isinstance(schema, dict) and not _valid_schema(msgspec.json.encode(schema)):
                path = f"{self.at}[{i}].{self.schema_at}"
                yield RulePlace(path, "expected a valid JSON Schema (draft 7)")


@lru_cache(maxsize=1_024)
def _valid_schema(schema: bytes) -> bool:
    """Return whether a JSON text is a valid schema; records of one set share their tools."""
    from jsonschema import Draft7Validator, SchemaError

    try:
        Draft7Validator.check_schema(msgspec.json.decode(schema))
    except (SchemaError, RecursionError):
        return False
    return True
