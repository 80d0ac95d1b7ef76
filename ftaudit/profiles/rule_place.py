"""Where a record breaks a rule, and the model that all tests of records share."""

import json
import re
from collections.abc import Iterator
from typing import ClassVar, NamedTuple

import msgspec
from pydantic import BaseModel, ConfigDict

from ftaudit.profiles.profiled_record import ABSENT, ProfiledRecord, Turn
from ftaudit.profiles.record_layout import TurnsRole


class RulePlace(NamedTuple):
    """One place that breaks a rule. Holds no text of the data, only names of keys."""

    path: str
    detail: str


class TestModel(BaseModel):
    """Settings that all tests of a profile share: unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    triggers: ClassVar[frozenset[str]] = frozenset()
    """Keys without which a record cannot break a rule that is decided by texts; none: always."""

    of: tuple[TurnsRole, ...] = ()
    """Only conversations that are this to the trainer; none: all."""

    @property
    def by_value(self) -> bool:
        """Whether texts decide, not only the outline of a record (`value_outline`)."""
        return False

    @property
    def by_links(self) -> bool:
        """Whether no texts decide but those under `value_outline.LINKS`."""
        return False

    @property
    def trace(self) -> re.Pattern[bytes] | None:
        """What the line of every record that breaks the rule matches; None: anything."""
        return None

    def undecided(self, record: ProfiledRecord) -> bool:
        """Return whether texts decide in records of this outline, where they may decide at all."""
        del record
        return True

    def turns(self, record: ProfiledRecord) -> Iterator[Turn]:
        """Yield the turns that the test looks at."""
        return record.turns(*self.of)


def kind_of(value: object) -> str:
    """Name the JSON kind of a value for messages: `string`, `null`, `missing` and so on."""
    if value is ABSENT:
        return "missing"
    kinds = {type(None): "null", bool: "boolean", int: "integer", float: "number", str: "string"}
    return kinds.get(type(value), "list" if isinstance(value, list) else "object")


def is_kind(value: object, kind: str) -> bool:
    """Return whether a value is of a `record_layout.ValueKind`."""
    match kind:
        case "text":
            return isinstance(value, str) and bool(value.strip())
        case "turns" | "parts" | "list":
            return isinstance(value, list)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "object":
            return isinstance(value, dict)
        case _:
            return kind_of(value) == kind


def listed(words: tuple[str, ...] | list[str], last: str = "or") -> str:
    """Join words for a sentence: `a, b or c`."""
    return f" {last} ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def matches(pattern: str, text: object) -> bool:
    """Return whether `text` is a string that `pattern` matches from end to end."""
    return isinstance(text, str) and re.fullmatch(pattern, text) is not None


def parsed_json(text: str) -> object:
    """Return the value of a JSON text, or `ABSENT` where it is none."""
    try:
        return msgspec.json.decode(text)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        pass
    try:
        return json.loads(text)  # takes what Python's validators take: NaN, half characters
    except (ValueError, RecursionError):
        return ABSENT
