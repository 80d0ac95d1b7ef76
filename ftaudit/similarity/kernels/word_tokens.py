"""Words and numbers of texts, as keys: `reworded.word_features` has the rules, this reads bytes."""

# ruff: noqa: ANN001, ANN201, PLR0913, PLR0917 - numba types the arguments; one loop over bytes
# mypy: disable-error-code="no-untyped-def, no-untyped-call, call-arg, call-overload, unreachable"

import numpy as np
from numba import float64, int64, njit, types, uint64

from ftaudit.similarity.kernels.byte_blocks import (
    BLOCK,
    C1,
    C2,
    C3,
    ONES,
    PAD,
    bytes_within,
    finish,
    first_bytes,
    hash_bytes,
    load,
    plain_block,
    trailing,
)
from ftaudit.similarity.kernels.byte_normalisation import code_point, last_bytes, view
from ftaudit.similarity.kernels.called import called

PREFIX = 5
_outside = bytes_within(128, 128)

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
def spell(point, letters, at):
    """Write a character as UTF-8; return the end of it."""
    if point < 0x80:
        letters[at] = point
        return at + 1
    count = 1 if point < 0x800 else 2 if point < 0x10000 else 3
    letters[at] = (0xFF00 >> (count + 1)) & 0xFF | point >> 6 * count
    for k in range(1, count + 1):
        letters[at + k] = 0x80 | point >> 6 * (count - k) & 0x3F
    return at + count + 1


@njit(inline="always")
def hash_of(text, start, length):
    """Return `hash_bytes`, by a way without branches where they are up to 16, as of most words."""
    if length > 16:
        return hash_bytes(text, start, length)
    h = (uint64(length) * C1 ^ first_bytes(load(text, start), length)) * C2
    h ^= h >> np.uint64(32)
    second = (h ^ first_bytes(load(text, start + 8), length - 8)) * C2
    second ^= second >> np.uint64(32)
    return second if length > 8 else h


@called
def word_end(source, at, lower, marks, letters):
    """Return where the word from an index on ends, its hash, and that of its beginning.

    An end of -1: it has a character that cannot be read here. `letters` has room for the word in
    lower case.
    """
    size, beginning, count = int64(0), int64(0), 0
    while at < source.shape[0]:
        point, after = code_point(source, at)
        if point >= lower.shape[0] or marks[point] & UNREAD:
            return int64(-1), C1, C1
        if not marks[point] & WITHIN:
            break
        size = spell(int64(lower[point]), letters, size)
        at = after
        count += 1
        if count == PREFIX:
            beginning = size
    beginning = beginning if beginning > 0 else size
    return int64(at), hash_of(letters, int64(0), size), hash_of(letters, int64(0), beginning)


@called
def split_runs(source, text, block, outside, cuts):
    """Write a text to `text` as `plain` has every byte, and where runs of kept bytes begin and end.

    Kept are letters, digits and bytes outside ASCII, of which `outside` gets a bit for each byte.
    Returns how many `cuts` there are: of each run the first byte, and the one after the last.
    """
    size, end, before = source.shape[0], int64(0), uint64(0)
    for i in range(0, size, BLOCK):
        count = min(size - i, int64(BLOCK))
        if count == BLOCK:
            kept = ~plain_block(source, i, text, i)
        else:
            last_bytes(source, count, block)
            kept = ~plain_block(block, 0, text, i) & ~(ONES << uint64(count))
        outside[i // BLOCK] = kept & _outside(text, i)
        edges = kept ^ (kept << uint64(1) | before)
        before = kept >> uint64(BLOCK - 1)
        while edges:
            cuts[end] = i + trailing(edges)
            edges &= edges - uint64(1)
            end += 1
    if end & 1:
        cuts[end] = size
        end += 1
    return end


@njit(inline="always")
def is_ascii(outside, at, end):
    """Return whether no byte of a short stretch is outside ASCII; False also of a longer one."""
    q = at >> 6
    if end <= (q + 1) << 6:
        return (outside[q] >> uint64(at & 63)) & ~(ONES << uint64(end - at)) == 0 and end - at < 64
    second = outside[q + 1] & ~(ONES << uint64(end & 63))
    return end < (q + 2) << 6 and (outside[q] >> uint64(at & 63) | second) == 0


@njit(inline="always")
def listed_value(h, table, values):
    """Return the value of a word that stands for a number, by its hash; -1 for other words."""
    q = int64(h >> uint64(40)) & (len(table) - 1)
    while table[q] != 0 and table[q] != h:
        q = (q + 1) & (len(table) - 1)
    return values[q] if table[q] == h else -1.0


@called
def longest_of(views, low, high):
    """Return how many bytes the longest of texts `low` to `high` has."""
    longest = int64(0)
    for row in range(low, high):
        longest = max(longest, int64(views[row, 0]))
    return longest


@called
def value_key(value, bits):
    """Return the key of a number; `bits` has room for one value."""
    bits[0] = value
    return finish(bits.view(np.uint64)[0] ^ C3)


@called
def read_token(source, at, lower, marks, letters):
    """Read the word or number at an index, or pass over another character.

    Returns the next index, -1 where it cannot be read here; the value of a number, -1 where it is
    none; whether it is a word, its hash, and that of its beginning.
    """
    point, after = code_point(source, at)
    mark = marks[point] if point < marks.shape[0] else UNREAD
    if mark & BEGINS:
        at, h, beginning = word_end(source, at, lower, marks, letters)
        return at, -1.0, True, h, beginning
    if mark & DIGIT:
        value, at = read_number(source, at, lower, marks)
        return at if value >= 0.0 else int64(-1), value, False, C1, C1
    return int64(-1) if mark & UNREAD else int64(after), -1.0, False, C1, C1


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
    longest = longest_of(views, low, high)
    text, block = np.empty(longest + PAD, np.uint8), np.zeros(BLOCK, np.uint8)
    letters = np.empty(2 * longest + PAD, np.uint8)
    outside = np.zeros(longest // BLOCK + 2, np.uint64)
    cuts = np.empty(longest + 2, np.int64)
    bits, end = np.zeros(1, np.float64), int64(0)
    for row in range(low, high):
        source, first, at = view(views, buffers, row), end, int64(0)
        runs = split_runs(source, text, block, outside, cuts)
        for run in range(0, runs, 2):
            at, stop = max(at, cuts[run]), cuts[run + 1]
            while 0 <= at < stop:
                if 97 <= text[at] <= 122 and is_ascii(outside, at, stop):
                    h, word, value = hash_of(text, at, stop - at), True, -1.0
                    beginning = hash_of(text, at, min(stop - at, int64(PREFIX)))
                    at = stop
                else:
                    at, value, word, h, beginning = read_token(source, at, lower, marks, letters)
                if word:
                    value = listed_value(h, table, values)
                if value >= 0.0:
                    rows[end], keys[end], numbers[end] = row - low, value_key(value, bits), True
                    end += 1
                elif word:
                    rows[end], keys[end], numbers[end] = row - low, finish(h ^ C1), False
                    rows[end + 1], numbers[end + 1] = row - low, False
                    keys[end + 1] = finish(beginning ^ C2)
                    end += 2
            if at < 0:
                unread[row - low], end = True, first
                break
    return end


@njit(types.void(_VIEWS, _U64, types.uint64, _U64), nogil=True, cache=True)
def hash_words(views, buffers, kind, keys):
    """Write the keys that `list_tokens` writes of words in lower case.

    `kind` 0: the hash alone; 1: of a word; 2: of the beginning of one.
    """
    letters = np.zeros(longest_of(views, 0, len(keys)) + PAD, np.uint8)
    for row in range(len(keys)):
        source = view(views, buffers, row)
        letters[: source.shape[0]] = source
        h = hash_of(letters, int64(0), int64(source.shape[0]))
        if kind > 0:
            h = finish(h ^ (C1 if kind == 1 else C2))
        keys[row] = h


@njit(types.void(types.float64[::1], _U64), nogil=True, cache=True)
def hash_values(values, keys):
    """Write the keys of numbers."""
    bits = np.zeros(1, np.float64)
    for i in range(len(values)):
        keys[i] = value_key(values[i], bits)
