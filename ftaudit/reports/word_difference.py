"""Two texts in pieces, those that differ marked."""

from itertools import pairwise
from typing import NamedTuple

from ftaudit.similarity.text.word_diff import Span, differing_words


class Piece(NamedTuple):
    """A run of text, and whether the other text lacks its words."""

    text: str
    differs: bool


def differences(left: str, right: str) -> tuple[list[Piece], list[Piece]]:
    """Return both texts in pieces; joined they are the texts again.

    Words are compared as the search compares them (`similarity.text.word_diff`).
    """
    left_spans, right_spans = differing_words(left, right)
    return _pieces(left, left_spans), _pieces(right, right_spans)


def _pieces(text: str, spans: tuple[Span, ...]) -> list[Piece]:
    cuts = sorted({0, len(text), *(offset for span in spans for offset in span)})
    marked = {start for start, _ in spans}
    return [Piece(text[start:end], start in marked) for start, end in pairwise(cuts)]
