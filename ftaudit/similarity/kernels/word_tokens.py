"""Words and numbers of texts, as keys: `reworded.word_features` has the rules, this reads bytes."""

# ruff: noqa: ANN001, ANN201, PLR0913, PLR0917 - numba types the arguments; one loop over bytes
# mypy: disable-error-code="no-untyped-def, no-untyped-call, call-arg, call-overload, assignment"

import numpy as np
from numba import float64, int64, njit, types, uint64

from ftaudit.similarity.kernels.byte_blocks import C1, C2, C3, finish
from ftaudit.similarity.kernels.byte_normalisation import code_point, view
from ftaudit.similarity.kernels.called import called
from ftaudit.similarity.kernels.hash_sets import place_in

PREFIX = 5
_FNV, _PRIME = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3)

BLANK, DIGIT, BEGINS, WITHIN, BOUND, UNREAD = 1, 2, 4, 8, 16, 32
"""Marks of a character: white space, an ASCII digit, a letter that a word begins with, what a word
goes on with, what stands inside words as far as `\\b` knows, what a row cannot be read with."""
_EXACT_DIGITS = 15
"""Digits of a number up to which it and the power of ten that it is divided by are exact, so that
the quotient is rounded as Python rounds it."""
TENS = 10.0 ** np.arange(_EXACT_DIGITS + 1)

_VIEWS, _U64 = types.Array(types.int32, 2, "C", readonly=True), types.uint64[::1]
_I32, _BOOL = types.int32[::1], types.boolean[::1]
_U32, _U8 = types.uint32[::1], types.uint8[::1]


@called
def peek(source, at, lower):
    """Return a character of a number or behind one, in lower case, and where the next one is.

    0 at the end, and for characters that `lower` has not.
    """
    if at >= source.shape[0]:
        return int64(0), at
    point, after = code_point(source, at)
    return (int64(lower[point]) if point < lower.shape[0] else int64(0)), after


@called
def digits_end(source, at):
    """Return where the digits from an index on end."""
    while at < source.shape[0] and 48 <= source[at] <= 57:
        at += 1
    return at


@called
def decimals_end(source, at, lower):
    """Return the end of a point with digits behind it, or `at` where there is none."""
    point, after = peek(source, at, lower)
    end = digits_end(source, after) if point == 46 else after
    return end if end > after else at


@called
def groups_end(source, at, lower, marks):
    """Return where groups of three digits from an index on end, and the index if there are none.

    No word may go on there; else one group fewer counts.
    """
    end, before = at, at
    while (
        end < source.shape[0]
        and (source[end] == 32 or source[end] == 44)
        and digits_end(source, end + 1) >= end + 4
    ):
        before, end = end, end + 4
    following, _ = peek(source, end, lower)
    return before if marks[following] & BOUND else end


@called
def skip_blanks(source, at, lower, marks):
    """Return the index behind up to two blanks."""
    for _ in range(2):
        blank, after = peek(source, at, lower)
        if marks[blank] & BLANK:
            at = after
    return at


@called
def read_value(source, at, end):
    """Return the value of digits with a point, separators skipped; -1 if they are too many.

    Bytes outside ASCII are those of the stand-in of a point.
    """
    total, digits, decimals = int64(0), 0, int64(-1)
    for i in range(at, end):
        c = int64(source[i])
        if 48 <= c <= 57:
            digits += 1
            if digits > _EXACT_DIGITS:
                return float64(-1.0)
            total = total * 10 + (c - 48)
            decimals += int64(decimals >= 0)
        elif c == 46 or c >= 128:
            decimals = int64(0)
    return float64(total) / TENS[max(0, decimals)]


@called
def read_number(source, at, lower, marks):
    """Return the value of the number that begins at an index, and where it ends.

    -1 where it has too many digits.
    """
    end = digits_end(source, at)
    if end - at <= 3:
        groups = groups_end(source, end, lower, marks)
        if groups > end:
            end = decimals_end(source, groups, lower)
            return read_value(source, at, end), end
    end = decimals_end(source, end, lower)
    value = read_value(source, at, end)
    slash, below = peek(source, skip_blanks(source, end, lower, marks), lower)
    if slash == 47:
        below = skip_blanks(source, below, lower, marks)
        last = digits_end(source, below)
        if last > below:
            divisor = read_value(source, below, last)
            if value < 0.0 or divisor < 0.0:
                return float64(-1.0), last
            return (value / divisor if divisor > 0.0 else value), last
    return value, end


@called
def word_end(source, at, lower, marks):
    """Return where the word from an index on ends, its hash, and that of its beginning.

    An end of -1: it has a character that cannot be read here.
    """
    h, beginning, count = _FNV, _FNV, 0
    while at < source.shape[0]:
        lead = source[at]
        if lead < 0x80:
            if not marks[lead] & WITHIN:
                break
            h = (h ^ uint64(lower[lead])) * _PRIME
            at += 1
        else:
            point, after = code_point(source, at)
            if point >= lower.shape[0] or marks[point] & UNREAD:
                return int64(-1), h, beginning
            if not marks[point] & WITHIN:
                break
            h = (h ^ uint64(lower[point])) * _PRIME
            at = after
        count += 1
        if count <= PREFIX:
            beginning = h
    return int64(at), h, beginning


@called
def value_key(value, bits):
    """Return the key of a number; `bits` has room for one value."""
    bits[0] = value
    return finish(bits.view(np.uint64)[0] ^ C3)


@called
def listed_value(h, table, values):
    """Return the value of a word that stands for a number, by its hash; -1 for other words."""
    q = place_in(table, h)
    return values[q] if q >= 0 else float64(-1.0)


@njit(
    types.int64(
        _VIEWS, _U64, types.int64, types.int64, _U32, _U8, _U64, types.float64[::1],
        _I32, _U64, _BOOL, _BOOL,
    ),
    nogil=True,
    cache=True,
)  # fmt: skip
def list_tokens(
    views, buffers, low, high, lower, marks, table, values, rows, keys, numbers, unread
):  # fmt: skip
    """Write row, key and kind of the words and numbers of texts `low` to `high`; return how many.

    `lower` and `marks` have every character in lower case, and its marks; `table` the hashes of
    words that stand for numbers, `values` what they stand for. `rows`, counted from `low`, ascend.
    Nothing is written of texts that cannot be read here: they are marked in `unread`. The arrays
    have room for one more than every text has bytes.
    """
    bits, end = np.zeros(1, np.float64), int64(0)
    for row in range(low, high):
        source, first, at = view(views, buffers, row), end, int64(0)
        value = -1.0
        while at < source.shape[0]:
            point, after = int64(source[at]), at + 1
            if point >= 0x80:
                point, after = code_point(source, at)
            mark = marks[point] if point < marks.shape[0] else UNREAD
            if mark & BEGINS:
                at, h, beginning = word_end(source, at, lower, marks)
                value = listed_value(h, table, values)
                if at >= 0 and value < 0.0:
                    rows[end], keys[end], numbers[end] = row - low, finish(h ^ C1), False
                    rows[end + 1], numbers[end + 1] = row - low, False
                    keys[end + 1] = finish(beginning ^ C2)
                    end += 2
                    continue
            elif mark & DIGIT:
                value, at = read_number(source, at, lower, marks)
                if value < 0.0:
                    at = int64(-1)
            elif mark & UNREAD:
                at = int64(-1)
            else:
                at = after
                continue
            if at < 0:
                unread[row - low], end = True, first
                break
            rows[end], keys[end], numbers[end] = row - low, value_key(value, bits), True
            end += 1
    return end


@njit(types.void(_VIEWS, _U64, types.uint64, _U64), nogil=True, cache=True)
def hash_words(views, buffers, kind, keys):
    """Write the keys that `list_tokens` writes of words in lower case.

    `kind` 0: the hash alone; 1: of a word; 2: of the beginning of one.
    """
    for row in range(len(keys)):
        source, h, at = view(views, buffers, row), _FNV, int64(0)
        while at < source.shape[0]:
            point, at = code_point(source, at)
            h = (h ^ uint64(point)) * _PRIME
        if kind > 0:
            h = finish(h ^ (C1 if kind == 1 else C2))
        keys[row] = h


@njit(types.void(types.float64[::1], _U64), nogil=True, cache=True)
def hash_values(values, keys):
    """Write the keys of numbers."""
    bits = np.zeros(1, np.float64)
    for i in range(len(values)):
        keys[i] = value_key(values[i], bits)
