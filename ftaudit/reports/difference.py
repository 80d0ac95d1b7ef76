"""Where two texts differ, word by word."""

from difflib import SequenceMatcher
from itertools import groupby
from typing import Final, NamedTuple

WORDS: Final = 150
"""Words compared of each text; what follows counts as equal. Keeps the quadratic match cheap."""


class Piece(NamedTuple):
    """A run of words, and whether the other text lacks it."""

    text: str
    differs: bool


def differences(left: str, right: str) -> tuple[list[Piece], list[Piece]]:
    """Return both texts in pieces; joined by spaces they are the texts again.

    Words are compared without regard to case or to punctuation around them: what a
    near-duplicate search ignores should not be marked.
    """
    words = (left.split()[:WORDS], right.split()[:WORDS])
    keys = tuple([_key(word) for word in side] for side in words)
    changed = ([True] * len(keys[0]), [True] * len(keys[1]))
    matcher = SequenceMatcher(a=keys[0], b=keys[1], autojunk=False)
    for block in matcher.get_matching_blocks():
        for side, start in enumerate((block.a, block.b)):
            changed[side][start : start + block.size] = [False] * block.size
    return _pieces(left, changed[0]), _pieces(right, changed[1])


def _key(word: str) -> str:
    return word.casefold().strip(".,;:!?\"'()[]") or word


def _pieces(text: str, changed: list[bool]) -> list[Piece]:
    words = text.split()
    flags = changed + [False] * (len(words) - len(changed))
    runs = groupby(zip(words, flags, strict=True), key=lambda pair: pair[1])
    return [Piece(" ".join(word for word, _ in run), differs) for differs, run in runs]
