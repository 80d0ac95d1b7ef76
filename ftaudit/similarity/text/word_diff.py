"""Where two texts differ, word by word, in the normal form that the search compares.

Needs no kernel. Reports mark these words; so what the search ignores is never marked.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from itertools import islice
from operator import itemgetter
from typing import Final, TypeAlias

import polars as pl

from ftaudit.similarity.plain.operators import operators
from ftaudit.similarity.plain.symbol_idioms import is_capital
from ftaudit.similarity.plain.symbol_surroundings import Surroundings
from ftaudit.similarity.plain.written_symbols import CAPITAL, sign
from ftaudit.similarity.text.letter_folds import DIGITS, EXPANSIONS, MEASURES, RAISED, SIGNS
from ftaudit.similarity.text.normalisation import folded, separated

Span: TypeAlias = tuple[int, int]
"""Character offsets in the original text, end exclusive."""

MOST_WORDS: Final = 150
"""Words of each text that are compared: aligning costs their product, or its square at worst."""

_RUN: Final = re.compile(r"[^\s!-/:-@\[-`{-~]+")
"""Characters between white space and ASCII punctuation; the normal form may be several words."""
_RAISED: Final = re.compile(RAISED)
_AS_ASCII: Final = str.maketrans(SIGNS | DIGITS)


def differing_words(left: str, right: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Return where two texts differ, as spans in each, ascending.

    A span covers consecutive differing words and what is between them. Words are compared in their
    normal form, so case and punctuation make no difference: "top-up" equals "top up". Operators
    are words. Words after the first `MOST_WORDS` are not compared and never returned.
    """
    left_words, right_words = _words(left), _words(right)
    matcher = SequenceMatcher(
        None, [word for word, _ in left_words], [word for word, _ in right_words], autojunk=False
    )
    changed = [op for op in matcher.get_opcodes() if op[0] != "equal"]
    return (
        _spans(left_words, ((start, end) for _, start, end, _, _ in changed)),
        _spans(right_words, ((start, end) for _, _, _, start, end in changed)),
    )


def _spans(words: list[tuple[str, Span]], ranges: Iterable[tuple[int, int]]) -> tuple[Span, ...]:
    """Return the places of ranges of words; those that overlap, in one run, become one span."""
    spans: list[Span] = []
    for first, end in ranges:
        if first == end:
            continue
        start, stop = words[first][1][0], words[end - 1][1][1]
        if spans and start < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(stop, spans[-1][1]))
        else:
            spans.append((start, stop))
    return tuple(spans)


def _words(text: str) -> list[tuple[str, Span]]:
    """Return the words of the normal form, each with its place in the text.

    Words of one run have the place of the run; operators have their own.
    """
    text, places = _written(text)
    spans = [match.span() for match in islice(_RUN.finditer(text), MOST_WORDS)]
    forms = _forms([text[start:end] for start, end in spans])
    beside = Surroundings(text)
    for place, (start, _) in enumerate(spans):
        if is_capital(beside, start):
            forms[place] = f"{forms[place][:1]}{CAPITAL}{forms[place][1:]}"
    words = [(word, span) for form, span in zip(forms, spans, strict=True) for word in form.split()]
    last = spans[-1][1] if spans else 0
    signs = [(sign(beside, at), (at, at + 1)) for at in operators(text[: last + 1])]
    signs = [(word, place) for word, place in signs if word]
    ordered = sorted([*words, *signs], key=itemgetter(1))[:MOST_WORDS]
    return [(word, (places[start], places[end - 1] + 1)) for word, (start, end) in ordered]


def _forms(runs: list[str]) -> list[str]:
    """Return the normal form of every run; that of ASCII letters and digits is lower case."""
    forms = [run.lower() for run in runs]
    others = [place for place, run in enumerate(runs) if not (run.isascii() and run.isalnum())]
    if others:
        changed = separated(folded(pl.Series([runs[place] for place in others])))
        for place, form in zip(others, changed, strict=True):
            forms[place] = form
    return forms


def _written(text: str) -> tuple[str, Sequence[int]]:
    """Return a text with signs and digits as ASCII has them, and the place of every character."""
    if text.isascii():
        return text, range(len(text))
    raised = {match.start() for match in _RAISED.finditer(text)}
    forms = [_as_ascii(c) if c > "\x7f" else c for c in text]
    forms = [f"^{form}" if place in raised else form for place, form in enumerate(forms)]
    return "".join(forms), [place for place, form in enumerate(forms) for _ in form]


def _as_ascii(c: str) -> str:
    """Return a sign or a digit as ASCII has it; a letter as it is."""
    kind = unicodedata.category(c)[0]
    if kind in "LMC" and c not in SIGNS:
        return c
    form = unicodedata.normalize("NFKC", EXPANSIONS.get(c, c)).translate(_AS_ASCII)
    return form if kind != "P" or form.isascii() or form in MEASURES else ","
