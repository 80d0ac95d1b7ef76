"""Spans of a text that are replaced."""

from collections.abc import Iterable
from typing import NamedTuple


class TextEdit(NamedTuple):
    """Characters of a text, and what takes their place."""

    start: int
    """Offset of the first character."""
    end: int
    """Offset after the last one."""
    new: str


def edited_text(text: str, edits: Iterable[TextEdit]) -> str:
    """Return a text with spans replaced; the spans are of the text as it is given."""
    pieces, at = [], 0
    for edit in edits:
        pieces += [text[at : edit.start], edit.new]
        at = edit.end
    return "".join([*pieces, text[at:]])
