"""Texts without their terms of identity, as keys, read with kernels: for much data.

Says what `model.identity_swaps` says, with other keys. Most texts are read in one sweep, with terms
of all kinds. A few are read kind by kind: those with underscores and other characters of which it
takes an expression to tell whether a word ends there, and those with terms of several words.
"""

from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
from msgspec import Struct

from ftaudit.model.identity_swaps import SWAPS, Terms, identity_swaps
from ftaudit.model.keys_of_words import GAP as GAPS
from ftaudit.similarity.runtime.kernel_loader import load_alone
from ftaudit.similarity.text.arrow_buffers import views

MOST_KINDS: Final = 60
"""Kinds that have a bit each."""
_LAST: Final = 0x1FFFF
"""The last character in the tables; what is beyond are rare ideographs."""
_SIGMA: Final = "\u03a3"
"""The capital whose lower case depends on what follows."""
_CHARACTERS: Final = 0x110000


def term_swaps(texts: pl.Series, terms: Terms) -> pl.DataFrame:
    """Return `SWAPS` of texts without null: of each kind every text with a term of it."""
    load_alone("term_swaps")
    ordered = tuple(sorted(terms.items()))
    if not _can_be_read(ordered):
        return identity_swaps(texts, terms)
    from ftaudit.similarity.kernels.term_swaps import list_swaps

    tables, column, height = _tables(ordered), views(texts), len(texts)
    room = height * len(terms)
    rows, named = np.empty(room, np.uint32), np.empty(room, np.uint8)
    rest, used = np.empty(room, np.uint64), np.empty(room, np.uint64)
    unread, reading = np.zeros(height, np.bool_), (_forms(), tables.words, tables.marks)
    end = list_swaps(
        *column[:2],
        0,
        height,
        *reading,
        tables.stand_in,
        len(terms),
        rows,
        named,
        rest,
        used,
        unread,
    )
    swaps = pl.DataFrame(
        {
            "kind": pl.Series(sorted(terms), dtype=pl.String).gather(named[:end]),
            "at": rows[:end].copy(),
            "rest": rest[:end].copy(),
            "terms": used[:end].copy(),
        },
        schema=SWAPS,
    )
    places = pl.Series(np.flatnonzero(unread).astype(np.uint32))
    others = identity_swaps(texts.gather(places), terms, _keys_of_words, _keys)
    return pl.concat([swaps, others.with_columns(at=places.gather(others["at"]))])


@cache
def _can_be_read(terms: tuple[tuple[str, tuple[str, ...]], ...]) -> bool:
    """Return whether the kernel can tell terms: they are words with one space between."""
    forms, gap = _forms(), _gap()
    return len(terms) <= MOST_KINDS and all(
        ord(char) < len(forms) and forms[ord(char)] < gap
        for _, listed in terms
        for term in listed
        for word in term.lower().split(" ")
        for char in word or "_"
    )


class _WordTables(Struct, frozen=True, eq=False):
    """What the kernel reads texts with."""

    words: npt.NDArray[np.uint64]
    marks: npt.NDArray[np.uint64]
    stand_in: np.uint64


@cache
def _tables(terms: tuple[tuple[str, tuple[str, ...]], ...]) -> _WordTables:
    """Return the tables for terms by kind, sorted; the kernel must have been loaded."""
    from ftaudit.similarity.kernels.term_swaps import BEGINS, GOES_ON

    marks: dict[str, int] = {}
    for kind, (_, listed) in enumerate(terms):
        for term in {term.lower() for term in listed}:
            first, *others = term.split(" ")
            marks[first] = marks.get(first, 0) | (int(BEGINS) if others else 1 << kind)
            for word in others:
                marks[word] = marks.get(word, 0) | int(GOES_ON)
    size = 1 << (4 * len(marks)).bit_length()
    words, bits = np.zeros(size, np.uint64), np.zeros(size, np.uint64)
    for key, mark in zip(_hashes([*marks]), marks.values(), strict=True):
        at = (key >> 40) & (size - 1)
        while words[at]:
            at = (at + 1) & (size - 1)
        words[at], bits[at] = key, mark
    return _WordTables(words, bits, np.uint64(_hashes(["\x00"])[0]))


@cache
def _forms() -> npt.NDArray[np.uint32]:
    """Return the forms of characters up to `_LAST`: in lower case, where a word may have them.

    A text cannot be read with characters that words have in expressions and not in keys, or the
    other way round, and with those whose lower case is no single character.
    """
    from ftaudit.similarity.kernels.term_swaps import GAP, UNREAD

    points = [point for point in range(_LAST + 1) if not 0xD800 <= point < 0xE000]
    lower = pl.Series([chr(point) for point in points]).str.to_lowercase()
    lowered = [ord(form) if len(form) == 1 else UNREAD for form in lower]
    gap, within = (lower.str.contains(f"^{p}$").to_numpy() for p in (GAPS[:-1], r"\w"))
    forms = np.full(_LAST + 1, UNREAD, np.uint32)
    forms[points] = np.where(gap == within, UNREAD, np.where(gap, GAP, lowered))
    forms[[0, ord(_SIGMA)]] = UNREAD
    return forms


@cache
def _spaced() -> npt.NDArray[np.uint32]:
    """Return forms of the characters of texts of which spaces are the only gaps."""
    forms = np.arange(_CHARACTERS, dtype=np.uint32)
    forms[ord(" ")] = _gap()
    return forms


def _gap() -> int:
    from ftaudit.similarity.kernels.term_swaps import GAP

    return int(GAP)


def _keys(texts: pl.Series, *, single: bool = False) -> pl.Series:
    """Return the keys of texts of words with spaces between; of single words their hashes."""
    from ftaudit.similarity.kernels.term_swaps import hash_texts

    keys = np.zeros(len(texts), np.uint64)
    hash_texts(*views(texts)[:2], _spaced(), single, keys)
    return pl.Series(keys)


def _keys_of_words(texts: pl.Series) -> pl.Series:
    """Return the keys of the words of texts, whatever stands between them."""
    return _keys(texts.str.replace_all(GAPS, " "))


def _hashes(words: list[str]) -> list[int]:
    hashes: list[int] = _keys(pl.Series(words, dtype=pl.String), single=True).to_list()
    return hashes
