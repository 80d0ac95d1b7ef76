"""Change single values in a JSON text and leave every other character as it stands."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple


class MemberSpan(NamedTuple):
    """Where a member of an object, or an item of a list, stands in a text."""

    start: int
    """First character: of the key, or of the item."""
    value: int
    """First character of the value."""
    end: int
    """The character after the value."""
    before: int | None
    """Where the member before it ends; None for the first."""


_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[\]{},:]|[^\s\[\]{},:"]+', re.DOTALL)


@dataclass(slots=True)
class _Container:
    """An object or list that is open."""

    path: str
    is_object: bool
    start: int
    key: str = ""
    key_start: int | None = None
    index: int = 0
    last_end: int | None = None
    members: list[str] = field(default_factory=list)


def member_spans(text: str) -> dict[str, MemberSpan]:
    """Return the place of every member and item of a well-formed JSON text, by its path."""
    return dict(_walk(text))


def _walk(text: str) -> Iterator[tuple[str, MemberSpan]]:
    open_: list[_Container] = []
    starts: list[tuple[str, int, int, int | None]] = []
    for token in _TOKEN.finditer(text):
        mark = token[0]
        top = open_[-1] if open_ else None
        if mark in "[{":
            if top is not None:
                starts.append(_begin(top, token.start()))
            path = starts[-1][0] if top is not None else ""
            open_.append(_Container(path, mark == "{", token.start()))
        elif mark in "]}":
            open_.pop()
            if open_ and starts:
                yield _end(open_[-1], starts.pop(), token.end())
        elif top is None or mark == ":":
            continue
        elif mark == ",":
            top.key_start = None
            top.index += 1
        elif top.is_object and top.key_start is None:
            top.key, top.key_start = json.loads(mark, strict=False), token.start()
        else:
            yield _end(top, _begin(top, token.start()), token.end())


def _begin(container: _Container, value: int) -> tuple[str, int, int, int | None]:
    if container.is_object:
        path = f"{container.path}.{container.key}" if container.path else container.key
        start = container.key_start if container.key_start is not None else value
    else:
        path, start = f"{container.path}[{container.index}]", value
    return path, start, value, container.last_end


def _end(
    container: _Container, begun: tuple[str, int, int, int | None], end: int
) -> tuple[str, MemberSpan]:
    path, start, value, before = begun
    container.last_end = end
    return path, MemberSpan(start, value, end, before)


def edited(text: str, values: Mapping[str, object], removed: Iterable[str] = ()) -> str:
    """Return a JSON text with other values at some paths, and without some members.

    Args:
        text: well-formed JSON in which no key stands twice.
        values: path such as `messages[1].weight` → the new value.
        removed: paths of members that are left out.

    Raises:
        KeyError: there is nothing at a path.
    """
    spans = member_spans(text)
    edits = [
        (spans[path].value, spans[path].end, json.dumps(value, ensure_ascii=False))
        for path, value in values.items()
    ]
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    for path in removed:  # one by one: each moves the commas of its neighbours
        start, end = _removal(member_spans(text), path)
        text = text[:start] + text[end:]
    return text


def reordered(text: str, path: str, order: Iterable[str]) -> str:
    """Return a JSON text in which some members of one object stand in this order.

    They share the places that they had; other members, and all that stands between them, stay.

    Args:
        text: well-formed JSON in which no key stands twice.
        path: of the object, such as `messages[1]`; "" for the whole.
        order: keys, of which the object may lack some.
    """
    spans = member_spans(text)
    paths = [f"{path}.{key}" if path else key for key in order]
    members = [(spans[own].start, spans[own].end) for own in paths if own in spans]
    pieces, at = [], 0
    for (start, end), (first, last) in zip(sorted(members), members, strict=True):
        pieces += [text[at:start], text[first:last]]
        at = end
    return "".join([*pieces, text[at:]])


def _removal(spans: Mapping[str, MemberSpan], path: str) -> tuple[int, int]:
    """Return the characters to take out: a member with the comma that parts it from another."""
    span = spans[path]
    if span.before is not None:
        return span.before, span.end
    after = [other.start for other in spans.values() if other.before == span.end]
    return span.start, after[0] if after else span.end
