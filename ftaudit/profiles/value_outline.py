"""The outline of a record: all that a rule may look at, save the texts themselves."""

import re
from collections.abc import Hashable, Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

import msgspec

KEPT: Final = frozenset(
    {"role", "from", "type", "weight", "preferenceLabel", "label", "schemaVersion"}
)
"""Keys whose values count as they stand."""
_LONGEST: Final = 32
"""Characters of a value that counts as it stands."""
TOOL_LISTS: Final = frozenset({"tools", "available_tools", "functions", "toolConfig"})
"""Keys whose values are mostly the same in many records."""
IDS: Final = frozenset({"id", "tool_call_id", "toolUseId"})
"""Keys of ids: whether two are equal counts, and whether they have a form."""
ARGUMENTS: Final = "arguments"
"""The key of arguments: it counts whether text is JSON."""
LINKS: Final = IDS | TOOL_LISTS | {"name", ARGUMENTS}
"""Keys whose texts say which calls, tools and replies belong together."""

Links = Sequence[tuple[str, str | bytes | None]]
"""Key and text of all that stands under `LINKS`, in order; tools as JSON."""


class Outline(NamedTuple):
    """What two records share when every rule judges them alike, but for their texts."""

    marks: Hashable
    links: Links | None
    """None where tools cannot be written as JSON."""


def outline(record: Mapping[str, object]) -> Outline:
    """Return the outline of a record.

    Two records of equal marks are judged alike by every rule that is not `by_value`. Of a text
    counts whether it is empty, blank or neither, and the value itself under the keys that name
    roles, kinds and weights.
    """
    marks: list[Hashable] = []
    links: list[tuple[str, str | bytes | None]] = []
    _object(record, marks, links)
    return Outline(tuple(marks), None if _UNWRITTEN in links else links)


def _object(
    value: Mapping[str, object], marks: list[Hashable], links: list[tuple[str, str | bytes | None]]
) -> None:
    """Add the marks of an object: its keys, one mark under each key of `KEPT`, and the end.

    Every other value adds its own marks and its key, but for texts that are not blank, which are
    most values and add nothing. Strings are told first, and here: a call takes longer than they do.
    """
    add = marks.append
    add(tuple(value))
    for key, inner in value.items():
        if type(inner) is str:
            if key in KEPT:
                add(inner if len(inner) <= _LONGEST else _TEXT)
                continue
            if not inner or inner.isspace():
                add((_BLANK if inner else _EMPTY, key))
            if key in LINKS:
                links.append((key, inner))
        elif key in KEPT:
            _value(inner, key, marks, links)
        else:
            add((_INNER, key))
            if key in TOOL_LISTS:
                _tools(inner, key, marks, links)
            else:
                _value(inner, key, marks, links)
    add(_END)


def _tools(
    value: object, key: str, marks: list[Hashable], links: list[tuple[str, str | bytes | None]]
) -> None:
    """Add the marks of tools, which many records share."""
    try:
        text = msgspec.json.encode(value)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        links.append(_UNWRITTEN)
        _value(value, key, marks, [])
        return
    links.append((key, text))
    # NaN is written as null too, so a text with null may stand for two values
    if b"null" in text:
        _value(value, key, marks, [])
    elif len(text) > LONGEST_SHARED:
        marks.append(_marks_of(text))
    else:
        marks.append(_shared_marks_of(text))


LONGEST_SHARED: Final = 4_096
"""Bytes of tools whose marks are remembered, which bounds memory."""


def _marks_of(text: bytes) -> Hashable:
    marks: list[Hashable] = []
    _value(msgspec.json.decode(text), "", marks, [])
    return (_INNER, *marks)


_shared_marks_of: Final = lru_cache(maxsize=4_096)(_marks_of)


def _value(
    value: object, key: str, marks: list[Hashable], links: list[tuple[str, str | bytes | None]]
) -> None:
    """Add the marks of one value; `key` is that of the object it stands in."""
    if isinstance(value, list):
        marks.append(_LIST)
        for item in value:
            if type(item) is dict:
                _object(item, marks, links)
            else:
                _value(item, key, marks, links)
        marks.append(_END)
    elif isinstance(value, dict):
        _object(value, marks, links)
    elif isinstance(value, str):
        if key in KEPT and len(value) <= _LONGEST:
            marks.append(value)
        else:
            marks.append(_TEXT if value and not value.isspace() else _BLANK if value else _EMPTY)
    elif key in KEPT and value is not None:
        marks.append((_KINDS[type(value)], repr(value)))
    else:
        marks.append(_KINDS[type(value)])


_EMPTY, _BLANK, _TEXT, _INNER, _LIST, _END = range(6)
_KINDS: Final = {type(None): 6, bool: 7, int: 8, float: 9}
"""Marks are numbers, so that no text of a record can be taken for one."""
_UNWRITTEN: Final[tuple[str, None]] = ("", None)


def links_outline(links: Links, forms: Sequence[re.Pattern[str]]) -> Hashable:
    """Return what two records of one outline share when rules of calls judge them alike.

    Ids count by which of them are equal and which of `forms` they have, arguments by whether they
    are JSON and of what, and names and tools as they stand.
    """
    marks: list[Hashable] = []
    ids: dict[object, int] = {}
    for key, text in links:
        if key in IDS and isinstance(text, str):
            marks.append(ids.setdefault(text, len(ids)))
            marks += [form.fullmatch(text) is None for form in forms]
        elif key == ARGUMENTS and isinstance(text, str):
            marks.append(kind_of_json(text))
        else:
            marks.append(text)
    return tuple(marks)


def kind_of_json(text: str) -> object:
    """Return what decides whether text is JSON of an object, JSON, or neither."""
    try:
        return type(_DECODE(text))
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return text  # rare, and another reader may take it


_DECODE: Final = msgspec.json.Decoder().decode


def keys_of(value: object) -> frozenset[str]:
    """Return every key at any depth."""
    keys: set[str] = set()
    waiting = [value]
    while waiting:
        inner = waiting.pop()
        if isinstance(inner, dict):
            keys.update(inner)
            waiting.extend(inner.values())
        elif isinstance(inner, list):
            waiting.extend(inner)
    return frozenset(keys)
