"""Replace spans of the strings in a JSON text, and leave every other character as it stands."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Final

from ftaudit.model.text_edit import TextEdit, edited_text
from ftaudit.profiles.json_edits import MemberSpan, member_spans
from ftaudit.writers.cell_edits import FieldEdits

_STEP: Final = re.compile(r"\.|(?=\[)")
"""Where a path goes one level down."""


def edited_json(text: str, edits: FieldEdits) -> str:
    """Return the text of a JSON value with the strings at some paths edited.

    A path may lead into a string that is JSON text itself; that stays JSON text. What is no string
    becomes null: part of a number is no number.

    Raises:
        KeyError: nothing stands at a path.
    """
    spans = member_spans(text)
    replaced: list[tuple[int, int, str]] = []
    for path, inner in _by_member(spans, edits).items():
        span = spans[path]
        value = json.loads(text[span.value : span.end], strict=False)
        new = _edited_value(value, inner)
        replaced.append((span.value, span.end, _written(new, text[span.value : span.end])))
    return edited_text(text, sorted(TextEdit(*edit) for edit in replaced))


def _by_member(
    spans: Mapping[str, MemberSpan], edits: FieldEdits
) -> dict[str, dict[str, Sequence[TextEdit]]]:
    """Return member of this text → path inside it (empty: the member itself) → edits."""
    members: dict[str, dict[str, Sequence[TextEdit]]] = {}
    for path, edits_there in edits.items():
        member = path if path in spans else _ancestor(spans, path)
        rest = path[len(member) :].removeprefix(".")
        members.setdefault(member, {})[rest] = edits_there
    return members


def _ancestor(spans: Mapping[str, MemberSpan], path: str) -> str:
    """Return the longest beginning of a path at which a member stands.

    Raises:
        KeyError: there is none.
    """
    ends = [step.start() for step in _STEP.finditer(path)]
    for end in reversed(ends):
        if path[:end] in spans:
            return path[:end]
    raise KeyError(path)


def _edited_value(value: object, edits: FieldEdits) -> object:
    if not isinstance(value, str):
        return None
    return edited_cell(value, edits)


def edited_cell(text: str, edits: FieldEdits) -> str:
    """Return a string with edits of itself (at the path ``), or of the JSON text that it is."""
    inner = {path: edits_there for path, edits_there in edits.items() if path}
    if inner:
        return edited_json(text, inner)
    return edited_text(text, edits.get("", ()))


def _written(value: object, before: str) -> str:
    """Return the JSON of a new value, in ASCII where the old one was."""
    return json.dumps(value, ensure_ascii=before.isascii() and "\\u" in before)
