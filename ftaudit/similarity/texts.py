"""The same measures on two texts, in plain Python: for reports, and to explain a pair."""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from itertools import islice
from typing import Final, TypeAlias

import polars as pl

from ftaudit.similarity.normalisation import normal, normalised
from ftaudit.similarity.options import Shingles

Span: TypeAlias = tuple[int, int]
"""Character offsets in the text as it was given, end exclusive."""

MOST_WORDS: Final = 300
"""Words of each text that are compared; aligning costs their product, or its square at worst."""

_PIECE: Final = re.compile(r"[^\s!-/:-@\[-`{-~]+")
"""What stands between spaces and ASCII punctuation; its normal form may be several words."""


def shingles(text: str, kind: Shingles) -> frozenset[str]:
    """Return the set of shingles of a text: five characters, or three words, of its normal form.

    A shorter text is one shingle; a text of nothing but separators has none.
    """
    plain = normal(text)
    if kind == "char5":
        return frozenset(plain[i : i + 5] for i in range(max(1, len(plain) - 4)) if plain)
    words = plain.split()
    return frozenset(" ".join(words[i : i + 3]) for i in range(max(1, len(words) - 2)) if words)


def jaccard(left: str, right: str, kind: Shingles) -> float:
    """Return the Jaccard similarity of two texts' shingle sets, in [0, 1]; 0 if both are empty."""
    a, b = shingles(left, kind), shingles(right, kind)
    return len(a & b) / len(a | b) if a or b else 0.0


def differing_words(left: str, right: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Return where two texts differ, as spans of words in each.

    Words are compared in their normal form, so case and punctuation make no difference: "top-up"
    is "top up". Beyond `MOST_WORDS` words the rest is not compared and not returned.
    """
    a, b = _words(left), _words(right)
    match = SequenceMatcher(None, [w for w, _ in a], [w for w, _ in b], autojunk=False)
    changed = [op for op in match.get_opcodes() if op[0] != "equal"]
    return (
        _joined((a[i][1][0], a[j - 1][1][1]) for _, i, j, _, _ in changed if i < j),
        _joined((b[i][1][0], b[j - 1][1][1]) for _, _, _, i, j in changed if i < j),
    )


def _joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Join spans that overlap: the words of one piece all lie where the piece does."""
    joined: list[Span] = []
    for start, end in spans:
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def _words(text: str) -> list[tuple[str, Span]]:
    """Return the words of the normal form, each with its place in the text as it was given."""
    spans = [found.span() for found in islice(_PIECE.finditer(text), MOST_WORDS)]
    forms = normalised(pl.Series([text[i:j] for i, j in spans], dtype=pl.String))
    words = [(word, at) for form, at in zip(forms, spans, strict=True) for word in form.split()]
    return words[:MOST_WORDS]
