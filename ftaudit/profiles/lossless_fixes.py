"""Changes that make a record acceptable to a profile and lose nothing.

Every function is pure: it takes a decoded record, or the bytes of a file, and says what is to be
changed. Nothing is changed that a rule of the profile does not find.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeAlias

from ftaudit.profiles import file_tests, tool_tests, turn_tests, weight_tests
from ftaudit.profiles.json_edits import edited, reordered
from ftaudit.profiles.json_line import LineFlaw, read_line
from ftaudit.profiles.profiled_record import JsonObject, ProfiledRecord, profiled, value_at
from ftaudit.profiles.provider_profile import ProfileRule, ProviderProfile
from ftaudit.profiles.record_tests import KeyOrder, OnlyTurnKeys
from ftaudit.profiles.rule_place import parsed_json


@dataclass(frozen=True)
class RecordEdits:
    """What is to be changed in a record, by path. Holds values of the data."""

    values: dict[str, object] = field(default_factory=dict, repr=False)
    """Path → the new value."""
    removed: tuple[str, ...] = ()
    """Paths of members to leave out."""
    orders: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Path of an object, "" for the record → the order in which these keys are to stand."""

    def __bool__(self) -> bool:
        """Return whether anything is to be changed."""
        return bool(self.values or self.removed or self.orders)

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path that is changed, sorted."""
        return tuple(sorted({*self.values, *self.removed, *self.orders}))


Fixer: TypeAlias = Callable[[ProfiledRecord, ProviderProfile], RecordEdits]


def arguments_as_text(record: ProfiledRecord, profile: ProviderProfile) -> RecordEdits:
    """Write the arguments of calls as JSON text, where the profile wants text."""
    if not any(test.kinds == ("string",) and test.wrong for test in _arguments(profile)):
        return RecordEdits()
    values: dict[str, object] = {}
    for call in record.calls:
        arguments = value_at(call.value, "function.arguments")
        if isinstance(arguments, dict):
            text = json.dumps(arguments, ensure_ascii=False)
            values[f"{call.path}.function.arguments"] = text
    return RecordEdits(values)


def arguments_as_object(record: ProfiledRecord, profile: ProviderProfile) -> RecordEdits:
    """Write the arguments of calls as an object, where the profile takes no text."""
    if not any(test.kinds == ("object",) and test.wrong for test in _arguments(profile)):
        return RecordEdits()
    values: dict[str, object] = {}
    for call in record.calls:
        arguments = value_at(call.value, "function.arguments")
        if isinstance(arguments, str) and isinstance(value := parsed_json(arguments), dict):
            values[f"{call.path}.function.arguments"] = value
    return RecordEdits(values)


def _arguments(profile: ProviderProfile) -> Iterator[tool_tests.CallArguments]:
    for rule in profile.rules:
        if isinstance(rule.check, tool_tests.CallArguments):
            yield rule.check


_WEIGHTS: Final = {"0": 0, "1": 1}


def weights(record: ProfiledRecord, profile: ProviderProfile) -> RecordEdits:
    """Write weights as the integer 0 or 1 where they mean that, and leave out those of no effect.

    true, 1.0 and "1" mean 1. A weight on a turn that is never trained, and null, mean nothing.
    """
    tests = [rule.check for rule in profile.rules]
    valued = [test for test in tests if isinstance(test, weight_tests.WeightValue)]
    placed = [test for test in tests if isinstance(test, weight_tests.WeightRole)]
    values: dict[str, object] = {}
    removed: list[str] = []
    for turn in record.turns():
        if "weight" not in turn.value:
            continue
        weight, path = turn.value["weight"], f"{turn.path}.weight"
        misplaced = any(turn.role not in test.roles for test in placed)
        refused = weight is None and valued and not any(test.accepts_null for test in valued)
        if misplaced or refused:
            removed.append(path)
        elif valued and (number := _meant(weight)) is not None:
            values[path] = number
    return RecordEdits(values, tuple(removed))


def _meant(weight: object) -> int | None:
    """Return the 0 or 1 that a weight of another type means, or None."""
    if isinstance(weight, str):
        return _WEIGHTS.get(weight.strip())
    if isinstance(weight, bool | float) and weight in (0, 1):
        return int(weight)
    return None


_NOT_IN_NAMES: Final = re.compile("[^a-zA-Z0-9_-]")


def names(record: ProfiledRecord, profile: ProviderProfile) -> RecordEdits:
    """Write names with _ for what they may not hold, where two names do not become one."""
    if not any(isinstance(rule.check, turn_tests.NamePattern) for rule in profile.rules):
        return RecordEdits()
    current = {
        f"{turn.path}.name": turn.value["name"]
        for turn in record.turns()
        if isinstance(turn.value.get("name"), str)
    }
    spelled = {path: _NOT_IN_NAMES.sub("_", str(name)) for path, name in current.items()}
    if len(set(spelled.values())) < len(set(current.values())):
        return RecordEdits()
    changed = {
        path: name
        for path, name in spelled.items()
        if name != current[path] and 0 < len(name) <= turn_tests.LONGEST_NAME
    }
    return RecordEdits(dict(changed))


def empty_calls(record: ProfiledRecord, profile: ProviderProfile) -> RecordEdits:
    """Leave out lists of calls that are empty or null, and null names."""
    del profile
    removed = [
        f"{turn.path}.{key}"
        for turn in record.turns()
        for key in ("tool_calls", "function_call", "name")
        if key in turn.value and turn.value[key] in (None, [])
    ]
    return RecordEdits(removed=tuple(removed))


def null_keys(record: ProfiledRecord, profile: ProviderProfile) -> RecordEdits:
    """Leave out keys of turns that the profile does not know and that hold null."""
    accepted = [rule.check.keys for rule in profile.rules if isinstance(rule.check, OnlyTurnKeys)]
    if not accepted:
        return RecordEdits()
    removed = [
        f"{turn.path}.{key}"
        for turn in record.turns()
        for key, value in turn.value.items()
        if value is None and key not in accepted[0]
    ]
    return RecordEdits(removed=tuple(removed))


def key_orders(record: ProfiledRecord, profile: ProviderProfile) -> RecordEdits:
    """Put the keys that a profile lists in its order; the others stay where they stand."""
    orders: dict[str, tuple[str, ...]] = {}
    for rule in profile.rules:
        if isinstance(rule.check, KeyOrder):
            turns = {place.path for place in rule.check.places(record)}
            orders |= {path: rule.check.order_at(path) for path in turns}
    return RecordEdits(orders=orders)


FIXES: Final[dict[str, Fixer]] = {
    "arguments-as-text": arguments_as_text,
    "arguments-as-object": arguments_as_object,
    "weights": weights,
    "names": names,
    "empty-calls": empty_calls,
    "null-keys": null_keys,
    "key-order": key_orders,
}
"""Name → the function that finds what is to be changed."""


def mends(rule: ProfileRule) -> bool:
    """Return whether some violations of a rule can be mended without a loss."""
    check = rule.check
    if isinstance(check, tool_tests.CallArguments):
        return check.wrong and len(check.kinds) == 1
    return isinstance(check, _MENDED) or part_refused(rule) is not None


class FilePart(StrEnum):
    """What a file can be written without, or with, and say the same."""

    MARK = "byte order mark"
    BLANK_LINES = "blank lines"
    LAST_LINE_BREAK = "last line break"


def part_refused(rule: ProfileRule) -> FilePart | None:
    """Return the part of a file that a rule finds, and that may be left out or added."""
    check = rule.check
    if isinstance(check, file_tests.LastLineBreak):
        return FilePart.LAST_LINE_BREAK
    if isinstance(check, file_tests.ByteOrderMark) and check.present:
        return FilePart.MARK
    if isinstance(check, file_tests.LineIs) and check.flaws == (LineFlaw.BLANK,):
        return FilePart.BLANK_LINES
    return None


_MENDED: Final = (
    weight_tests.WeightValue,
    weight_tests.WeightRole,
    turn_tests.NamePattern,
    tool_tests.CallKeys,
    OnlyTurnKeys,
    KeyOrder,
)
"""Tests of which `FIXES` mend what they find."""


def edits_of(value: JsonObject, profile: ProviderProfile) -> RecordEdits:
    """Return all lossless changes that make a record more acceptable to a profile."""
    record = profiled(value, profile.layouts)
    values: dict[str, object] = {}
    removed: set[str] = set()
    orders: dict[str, tuple[str, ...]] = {}
    for fixer in FIXES.values():
        edits = fixer(record, profile)
        values |= edits.values
        removed |= set(edits.removed)
        orders |= edits.orders
    for path in removed:
        values.pop(path, None)
    return RecordEdits(values, tuple(sorted(removed)), orders)


def fixed_line(line: bytes, profile: ProviderProfile) -> tuple[bytes, tuple[str, ...]]:
    """Return a line with its lossless changes, and the paths that changed.

    Every other character stays. A line that cannot be read, or in which a key stands twice, stays
    as it is.
    """
    reading = read_line(line)
    if not reading.readable or reading.flaws or not isinstance(reading.value, dict):
        return line, ()
    edits = edits_of(reading.value, profile)
    if not edits:
        return line, ()
    text = edited(line.decode(), edits.values, edits.removed)
    return reordered(text, edits.orders).encode(), edits.paths
