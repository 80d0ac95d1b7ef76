"""Text of a record in stretches, and what becomes of each in training."""

from typing import Literal, NamedTuple, TypeAlias

TextUse: TypeAlias = Literal["given", "trained", "cut"]
"""What becomes of a text: the model reads it, learns to write it, or never sees it."""


class MarkedPiece(NamedTuple):
    """A stretch of text and what becomes of it."""

    text: str
    use: TextUse


class MarkedText(NamedTuple):
    """The text of a record as a trainer sees it, and what is to be said of it."""

    pieces: tuple[MarkedPiece, ...]
    note: str
    """How many tokens there are, or why there is no text."""
