"""Cut the text of a conversation into its turns."""

import re
from typing import Final, NamedTuple

_TURN: Final = re.compile(
    r"(?:\A|\n\n)(system|developer|user|assistant|tool|function|human|gpt|bot): "
)
"""Where a turn begins in the text of canonical rows: a role, a colon, a blank."""


class ExcerptTurn(NamedTuple):
    """What one role says; the role is empty in text that is no conversation."""

    role: str
    text: str


def excerpt_turns(text: str) -> list[ExcerptTurn]:
    """Return the turns of a conversation, or the whole text as one turn without a role."""
    if _TURN.match(text) is None:
        return [ExcerptTurn("", text)]
    parts = _TURN.split(text)[1:]
    return [
        ExcerptTurn(role, content) for role, content in zip(parts[::2], parts[1::2], strict=True)
    ]
