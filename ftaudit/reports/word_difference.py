"""Compare two texts word by word."""

import re
from difflib import SequenceMatcher
from itertools import groupby
from typing import Final, NamedTuple

WORDS: Final = 150
"""Words compared of each text; what follows counts as equal. Keeps the quadratic match cheap."""

_TOKEN: Final = re.compile(r"\w+|\W+")


class Piece(NamedTuple):
    """A run of text, and whether the other text lacks its words."""

    text: str
    differs: bool


def differences(left: str, right: str) -> tuple[list[Piece], list[Piece]]:
    """Return both texts in pieces; joined they are the texts again.

    Case, white space and punctuation make no difference: what the search for near-identical
    rows ignores should not be marked.
    """
    tokens = (_TOKEN.findall(left), _TOKEN.findall(right))
    words = [[token.casefold() for token in side if _is_word(token)][:WORDS] for side in tokens]
    changed = [[True] * len(side) for side in words]
    matcher = SequenceMatcher(a=words[0], b=words[1], autojunk=False)
    for block in matcher.get_matching_blocks():
        for side, start in enumerate((block.a, block.b)):
            changed[side][start : start + block.size] = [False] * block.size
    return _pieces(tokens[0], changed[0]), _pieces(tokens[1], changed[1])


def _is_word(token: str) -> bool:
    return re.match(r"\w", token) is not None


def _pieces(tokens: list[str], changed: list[bool]) -> list[Piece]:
    flags = iter(changed)
    marks = [_is_word(token) and next(flags, False) for token in tokens]
    for at in range(1, len(tokens) - 1):  # what stands between two differing words differs too
        marks[at] = marks[at] or (marks[at - 1] and marks[at + 1] and not _is_word(tokens[at]))
    runs = groupby(zip(tokens, marks, strict=True), key=lambda pair: pair[1])
    return [Piece("".join(token for token, _ in run), differs) for differs, run in runs]
