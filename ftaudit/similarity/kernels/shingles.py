"""Bytes of UTF-8 → normalised bytes → hashes of shingles, a row at a time, without Python."""

# ruff: noqa: ANN001, ANN201, ANN202, ARG001, PLR0913, PLR0917 - numba types the arguments; scratch is theirs to give
# mypy: disable-error-code="no-untyped-def, no-untyped-call, call-arg, unreachable"

import numpy as np
from llvmlite import ir
from numba import int64, njit, types, uint64
from numba.extending import intrinsic

from ftaudit.similarity.kernels.words import (
    C1,
    C2,
    C3,
    MASKS,
    PAD,
    finish,
    hash_bytes,
    hash_text,
    load,
)

TABLE = np.array(
    [c if c >= 128 else ord(chr(c).lower()) if chr(c).isalnum() else 32 for c in range(256)],
    np.uint8,
)
"""ASCII letters to lower case, ASCII digits kept, every other ASCII byte a space; bytes of other
characters stay, for `normalisation.normalised` has dealt with them."""

SPACES, LOW, HIGH = (
    np.uint64(c) for c in (0x2020202020202020, 0x7F7F7F7F7F7F7F7F, 0x8080808080808080)
)


@intrinsic
def _trailing(context, word):
    def codegen(context, builder, signature, arguments):
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 1))

    return types.int64(types.uint64), codegen


@njit(inline="always")
def normalise(buffer, start, end, text):
    """Write the normalised bytes of one row to `text`; return how many. Without branches."""
    size = 0
    before = np.uint8(32)
    for i in range(start, end):
        c = TABLE[buffer[i]]
        text[size] = c
        size += 1 - ((c == 32) & (before == 32))
        before = c
    if size > 0 and text[size - 1] == 32:
        size -= 1
    return size


@njit
def split(text, size, ends):
    """Write where each word of a normalised text ends; return how many there are."""
    words, i = int64(0), 0
    while i < size:
        word = load(text, i) ^ SPACES
        zeros = ~(((word & LOW) + LOW) | word) & HIGH  # 0x80 where the byte is a space, exactly
        while zeros != 0:
            at = i + (_trailing(zeros) >> 3)
            if at >= size:
                break
            ends[words] = uint64(at)
            words += 1
            zeros &= zeros - uint64(1)
        i += 8
    ends[words] = uint64(size)
    return words + 1


@njit
def words3(text, size, marks, out):
    """Hash every three consecutive words; fewer than three are one shingle. Return how many."""
    if size == 0:
        return 0
    words = split(text, size, marks)
    start = 0
    for i in range(words):  # `marks` holds ends on entry and hashes on exit
        end = int64(marks[i])
        length = end - start
        if length <= 8:
            h = ((uint64(length) * C1) ^ (load(text, start) & MASKS[length])) * C2
            marks[i] = h ^ (h >> np.uint64(32))
        else:
            marks[i] = hash_bytes(text, start, length)
        start = end + 1
    if words < 3:
        out[0] = finish(marks[0] * C3 + marks[1] if words == 2 else marks[0])
        return 1
    for i in range(words - 2):
        out[i] = finish((marks[i] * C3 + marks[i + 1]) * C3 + marks[i + 2])
    return words - 2


@njit
def chars5(text, size, marks, out):
    """Hash every five consecutive code points; fewer are one shingle. Return how many."""
    if size == 0:
        return 0
    plain = True
    for i in range(size):
        plain &= text[i] < 128
    if plain and size >= 5:
        for i in range(size - 4):
            h = (uint64(5) * C1 ^ (load(text, i) & MASKS[5])) * C2
            out[i] = finish(h ^ (h >> np.uint64(32)))
        return size - 4
    points = 0
    for i in range(size):
        if (text[i] & 0xC0) != 0x80:
            marks[points] = i
            points += 1
    marks[points] = size
    if points < 5:
        out[0] = finish(hash_bytes(text, 0, size))
        return 1
    for i in range(points - 4):
        start = int64(marks[i])
        out[i] = finish(hash_bytes(text, start, int64(marks[i + 5]) - start))
    return points - 4


@njit(
    types.int64(
        types.Array(types.uint8, 1, "C", readonly=True),
        types.Array(types.int64, 1, "C", readonly=True),
        types.int64[::1], types.int64, types.int64, types.boolean,
        types.uint64[::1], types.uint64[::1], types.uint64[::1], types.int32[::1],
    ),
    nogil=True,
    cache=True,
)  # fmt: skip
def shingle_rows(buffer, offsets, rows, low, high, chars, first, second, hashes, counts):
    """Shingle `rows[low:high]`: write their hashes to `hashes`, one row after another.

    Repeated shingles of a row stay repeated. `counts[t]`, `first[t]` and `second[t]` are how many
    hashes row `rows[t]` has and the two hashes of its normalised text. `hashes` must have room for
    one more per row than the rows have bytes. Returns how many were written.
    """
    longest = 0
    for t in range(low, high):
        longest = max(longest, offsets[rows[t] + 1] - offsets[rows[t]])
    text, marks = np.zeros(longest + PAD, np.uint8), np.empty(longest + PAD, np.uint64)
    at = 0
    for t in range(low, high):
        size = normalise(buffer, offsets[rows[t]], offsets[rows[t] + 1], text)
        if chars:
            count = chars5(text, size, marks, hashes[at:])
        else:
            count = words3(text, size, marks, hashes[at:])
        first[t], second[t] = hash_text(text, size)
        counts[t] = count
        at += count
    return at


@njit(inline="always")
def distinct(hashes, read, count, table, stamps, stamp, write):
    """Move the distinct ones of `count` hashes from `read` to `write`, in order; return how many.

    `table` and `stamps` have a power of two entries, at least twice `count`; `write <= read`.
    """
    mask = 1
    while mask < 2 * count:
        mask *= 2
    mask -= 1
    kept = 0
    for j in range(read, read + count):
        h = hashes[j]
        q = int64(h) & mask
        while stamps[q] == stamp and table[q] != h:
            q = (q + 1) & mask
        if stamps[q] != stamp:
            stamps[q], table[q] = stamp, h
            hashes[write + kept] = h
            kept += 1
    return kept


@njit(types.int64(types.uint64[::1], types.int32[::1]), nogil=True, cache=True)
def keep_distinct(hashes, counts):
    """Leave the distinct hashes of each row, packed, in place; update `counts`; return the end."""
    most = 1
    for t in range(counts.shape[0]):
        most = max(most, counts[t])
    room = 2
    while room < 2 * most:
        room *= 2
    table, stamps = np.zeros(room, np.uint64), np.zeros(room, np.int64)
    read, write = 0, 0
    for t in range(counts.shape[0]):
        kept = distinct(hashes, read, counts[t], table, stamps, t + 1, write)
        read += counts[t]
        counts[t] = kept
        write += kept
    return write
