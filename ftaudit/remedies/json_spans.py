"""Edits of a text that is JSON, widened so that it stays JSON."""

import json
import re
from collections import deque
from collections.abc import Sequence
from typing import Final

from ftaudit.model.text_edit import TextEdit, edited_text

_SCALARS: Final = re.compile(r'"(?:[^"\\]|\\.)*+"|[^\s\[\]{},:"]+', re.DOTALL)


def within_json(text: str, edits: Sequence[TextEdit]) -> list[TextEdit]:
    """Return edits after which a JSON text is JSON text; of any other text the edits themselves.

    The edits are apart. One that would break the text replaces whole strings and numbers: each
    becomes a string of what replaces the span.
    """
    if not _is_json(text) or _is_json(edited_text(text, edits)):
        return list(edits)
    widened: list[TextEdit] = []
    left = deque(sorted(edits))
    for scalar in _SCALARS.finditer(text):
        start, end = scalar.span()
        while left and left[0].end <= start:
            left.popleft()
        if left and left[0].start < end:
            new = json.dumps(left[0].new.strip('"'), ensure_ascii=False)
            widened.append(TextEdit(start, end, new))
    return widened


def _is_json(text: str) -> bool:
    """Return whether a text is a JSON object or array."""
    if text.lstrip()[:1] not in {"{", "["}:
        return False
    try:
        json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return False
    return True
