"""Change single values in a JSON text and leave every other character as it stands."""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from operator import attrgetter
from typing import Final, NamedTuple

from msgspec import Struct, field

from ftaudit.model.text_edit import TextEdit, edited_text


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


class _Container(Struct):
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
        TextEdit(spans[path].value, spans[path].end, json.dumps(value, ensure_ascii=False))
        for path, value in values.items()
    ]
    text = edited_text(text, sorted(edits))
    return edited_text(text, _removals(text, frozenset(removed)))


def reordered(text: str, orders: Mapping[str, Iterable[str]]) -> str:
    """Return a JSON text in which some members of some objects stand in another order.

    They share the places that they had; other members, and all that stands between them, stay.

    Args:
        text: well-formed JSON in which no key stands twice.
        orders: path of an object, such as `messages[1]` or "" for the whole → keys in their
            order, of which the object may lack some.
    """
    levels: dict[int, list[str]] = {}
    for path in orders:
        levels.setdefault(path.count(".") + path.count("[") + bool(path), []).append(path)
    for _, paths in sorted(levels.items()):  # objects of one level do not hold one another
        spans = member_spans(text)
        edits: list[TextEdit] = []
        for path in paths:
            names = [f"{path}.{key}" if path else key for key in orders[path]]
            members = [spans[own] for own in names if own in spans]
            edits += [
                TextEdit(place.start, place.end, text[member.start : member.end])
                for place, member in zip(sorted(members), members, strict=True)
            ]
        text = edited_text(text, sorted(edits))
    return text


def _removals(text: str, paths: Collection[str]) -> Iterator[TextEdit]:
    """Yield what to take out, ascending and apart: members, each with a comma that parts it.

    It is the comma before it, or behind it where no member is left before it.
    """
    if not paths:
        return
    spans = member_spans(text)
    followers = {span.before: span.start for span in spans.values() if span.before is not None}
    leading: set[int | None] = {None}
    """Ends of the members that are taken out with all that stands before them."""
    at = 0
    for span in sorted((spans[path] for path in paths), key=attrgetter("start")):
        start, end = span.start, span.end
        if span.before in leading:
            leading.add(span.end)
            end = followers.get(span.end, end)
        elif span.before is not None:
            start = span.before
        if end > at:  # else it stands in what is taken out already
            yield TextEdit(max(start, at), end, "")
            at = end
