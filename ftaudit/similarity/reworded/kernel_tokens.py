"""Reading the words and numbers of texts with kernels: `word_features`, for much data.

A few texts are read as `word_features.read_tokens` reads them: those with digits of other scripts,
with very long numbers or with characters beyond the tables. Keys are other than there, and equal
for equal words and numbers.
"""

from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from ftaudit.similarity.reworded.word_features import NUMBER_WORDS, SIGNS, Tokens, read_tokens
from ftaudit.similarity.text.arrow_buffers import views

_NUMBERS: Final = 3
"""Kind of the keys of numbers (`word_features.KeyFunction`)."""
_LAST: Final = 0x1FFFF
"""The last character in the tables; what is beyond are rare ideographs."""
_COMMON: Final = 0x2FFF
"""The last character but ideographs, kana and the like."""
_LITTLE: Final = 1 << 24
"""Bytes of texts that are searched for their characters sooner than all of the tables is made."""
_SIGMA: Final = "\u03a3"
"""The capital whose lower case depends on what follows."""
_UNCOMMON: Final = rf"[^\x00-\x{{{_COMMON:X}}}{''.join(SIGNS)}]"


def read_quickly(texts: pl.Series) -> Tokens:
    """Return the tokens of prepared texts without null; the kernels must have been loaded."""
    from ftaudit.similarity.kernels.word_tokens import list_tokens

    column, height = views(texts), len(texts)
    room = int(column.sizes.sum(dtype=np.int64)) + height
    rows, keys = np.empty(room, np.int32), np.empty(room, np.uint64)
    numbers, unread = np.empty(room, np.bool_), np.zeros(height, np.bool_)
    common = room < _LITTLE and not texts.str.contains(_UNCOMMON).any()
    tables = (*_characters(_COMMON if common else _LAST), *_number_words())
    end = list_tokens(*column[:2], 0, height, *tables, rows, keys, numbers, unread)
    tokens = Tokens(rows[:end].copy(), keys[:end].copy(), numbers[:end].copy(), height)
    others = np.flatnonzero(unread)
    return _merged(tokens, texts.gather(others), others) if len(others) else tokens


def _merged(tokens: Tokens, texts: pl.Series, places: npt.NDArray[np.int64]) -> Tokens:
    """Return tokens with those of other texts, which have these places among the rows."""
    other = read_tokens(texts, _keys)
    rows = np.concatenate([tokens.rows, places.astype(np.int32)[other.rows]])
    order = np.argsort(rows, kind="stable")
    return Tokens(
        rows[order],
        np.concatenate([tokens.keys, other.keys])[order],
        np.concatenate([tokens.numbers, other.numbers])[order],
        tokens.height,
    )


def _keys(values: pl.Series, kind: int) -> pl.Series:
    """Return the keys that the kernel makes (`word_features.KeyFunction`)."""
    from ftaudit.similarity.kernels.word_tokens import hash_values, hash_words

    keys = np.zeros(len(values), np.uint64)
    if kind == _NUMBERS:
        hash_values(values.to_numpy().copy(), keys)
    else:
        hash_words(*views(values)[:2], kind, keys)
    return pl.Series(keys)


@cache
def _characters(last: int) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint8]]:
    """Return of every character up to `last` its lower case, stand-ins resolved, and its marks.

    The tables go up to `_LAST`: texts with a character in between are not read.
    """
    from ftaudit.similarity.kernels.word_tokens import BEGINS, BLANK, BOUND, DIGIT, UNREAD, WITHIN

    points = [point for point in range(last + 1) if not 0xD800 <= point < 0xE000]
    chars = pl.Series([chr(point) for point in points])
    forms = chars.str.to_lowercase().to_list()
    lower, marks = np.zeros(_LAST + 1, np.uint32), np.full(_LAST + 1, UNREAD, np.uint8)
    lower[points] = [ord(form) if len(form) == 1 else 0 for form in forms]
    marks[points] = sum(
        np.where(chars.str.contains(f"^{pattern}$").to_numpy(), mark, 0)
        for pattern, mark in {
            r"\s": BLANK,
            "[0-9]": DIGIT,
            r"[\p{L}\p{M}]": BEGINS,
            r"[\p{L}\p{M}\p{N}]": WITHIN,
            r"\w": BOUND,
            r"[\d--0-9]": UNREAD,
        }.items()
    )
    for sign, plain in SIGNS.items():
        lower[ord(sign)], marks[ord(sign)] = ord(plain), 0
    marks[lower == 0] |= UNREAD
    marks[ord(_SIGMA)] |= UNREAD
    return lower, marks


@cache
def _number_words() -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.float64]]:
    """Return a table of the hashes of words that stand for numbers, and what they stand for."""
    words = pl.Series(list(NUMBER_WORDS))
    size = 1 << (32 * len(words)).bit_length()
    table, values = np.zeros(size, np.uint64), np.zeros(size)
    for h, value in zip(_keys(words, 0).to_list(), NUMBER_WORDS.values(), strict=True):
        at = (h >> 40) & (size - 1)
        while table[at]:
            at = (at + 1) & (size - 1)
        table[at], values[at] = h, value
    return table, values
