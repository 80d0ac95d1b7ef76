"""The outline of a record: all that a rule may look at, save the texts themselves."""

from collections.abc import Hashable, Mapping
from functools import lru_cache
from typing import Final

import msgspec

_KEPT: Final = frozenset(
    {"role", "from", "type", "weight", "preferenceLabel", "label", "schemaVersion"}
)
"""Keys whose values count as they stand."""
_LONGEST: Final = 32
"""Characters of a value that counts as it stands."""
_REPEATED: Final = frozenset({"tools", "available_tools", "functions", "toolConfig"})
"""Keys whose values are mostly the same in many records."""


def outline(record: Mapping[str, object]) -> Hashable:
    """Return what two records share when every rule that is not `by_value` judges them alike.

    Of a text counts whether it is empty, blank or neither, and the value itself under the keys
    that name roles, kinds and weights.
    """
    marks: list[Hashable] = []
    _object(record, marks)
    return tuple(marks)


def _object(value: Mapping[str, object], marks: list[Hashable]) -> None:
    """Add the marks of an object: each key as it stands, and after it the marks of its value.

    Strings are told first, and here: most values are strings, and a call takes longer than they do.
    """
    add = marks.append
    add(_OBJECT)
    for key, inner in value.items():
        add(key)
        if type(inner) is str:
            if key in _KEPT and len(inner) <= _LONGEST:
                add(inner)
            elif inner and not inner.isspace():
                add(_TEXT)
            else:
                add(_BLANK if inner else _EMPTY)
        elif key in _REPEATED and (mark := _repeated(inner)) is not None:
            add(mark)
        else:
            _value(inner, key, marks)
    add(_END)


def _repeated(value: object) -> Hashable | None:
    """Return the mark of a value that many records share, or None where it is to be looked at."""
    try:
        text = msgspec.json.encode(value)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None
    # NaN is written as null too, so a text with null may stand for two values
    return None if b"null" in text else _outline_of(text)


@lru_cache(maxsize=4_096)
def _outline_of(text: bytes) -> Hashable:
    marks: list[Hashable] = []
    _value(msgspec.json.decode(text), "", marks)
    return tuple(marks)


def _value(value: object, key: str, marks: list[Hashable]) -> None:
    """Add the marks of one value; `key` is that of the object it stands in."""
    if isinstance(value, dict):
        _object(value, marks)
    elif isinstance(value, list):
        marks.append(_LIST)
        for item in value:
            _value(item, key, marks)
        marks.append(_END)
    elif isinstance(value, str):
        if key in _KEPT and len(value) <= _LONGEST:
            marks.append(value)
        else:
            marks.append(_TEXT if value and not value.isspace() else _BLANK if value else _EMPTY)
    elif key in _KEPT and value is not None:
        marks.append((_KINDS[type(value)], repr(value)))
    else:
        marks.append(_KINDS[type(value)])


_EMPTY, _BLANK, _TEXT, _OBJECT, _LIST, _END = range(6)
_KINDS: Final = {type(None): 6, bool: 7, int: 8, float: 9}
"""Marks are numbers, so that no text of a record can be taken for one."""


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
