"""The members of a JSON object as they are written: keys, colons, values and the space around."""

import json
import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from ftaudit.writers.json_items import items_of

_KEY: Final = re.compile(rb'\s*("(?:[^"\\]|\\.)*+")\s*:', re.DOTALL)


class MemberText(NamedTuple):
    """One member of an object, without the comma after it."""

    name: str
    before: bytes
    """The key and the colon, with the space around them."""
    value: bytes
    """The value, with the space around it."""

    @property
    def opens(self) -> bytes:
        """The first character of the value."""
        return self.value.lstrip()[:1]


class ObjectText(NamedTuple):
    """A JSON object in pieces."""

    before: bytes
    """What opens it."""
    members: list[MemberText]
    after: bytes
    """What closes it."""

    def with_values(self, values: Sequence[bytes | None]) -> bytes:
        """Return the text with other values; a member whose value is None is left out."""
        pieces = [
            member.before + value
            for member, value in zip(self.members, values, strict=True)
            if value is not None
        ]
        return self.before + b",".join(pieces) + self.after


class ArrayText(NamedTuple):
    """A JSON array in pieces."""

    before: bytes
    items: list[bytes]
    after: bytes

    def with_items(self, items: Sequence[bytes]) -> bytes:
        """Return the text with other items."""
        return self.before + b",".join(items) + self.after


def object_text(text: bytes) -> ObjectText | None:
    """Return the pieces of a well-formed text; None where it is no object."""
    start = text.find(b"{") + 1
    if not start or text[: start - 1].strip():
        return None
    items, after = items_of(text[start:])
    members = []
    for item in items:
        key = _KEY.match(item)
        if key is None:
            return None
        members.append(MemberText(json.loads(key[1], strict=False), key[0], item[key.end() :]))
    return ObjectText(text[:start], members, after)


def array_text(text: bytes) -> ArrayText | None:
    """Return the pieces of a well-formed text; None where it is no array."""
    start = text.find(b"[") + 1
    if not start or text[: start - 1].strip():
        return None
    items, after = items_of(text[start:])
    return ArrayText(text[:start], items, after)
