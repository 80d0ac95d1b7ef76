"""Bytes of UTF-8 → normalised bytes → hashes of shingles, row by row."""

# ruff: noqa: ANN001, ANN201, PLR0913, PLR0917 - numba types the arguments; scratch is theirs to give
# mypy: disable-error-code="no-untyped-def, no-untyped-call, call-arg, unreachable, var-annotated"

import numpy as np
from numba import int64, njit, types, uint8, uint64

from ftaudit.similarity.kernels.byte_blocks import (
    BLOCK,
    C1,
    C2,
    C3,
    PAD,
    finish,
    hash_bytes,
    hash_text,
    load,
    ones,
    spaces,
    trailing,
)
from ftaudit.similarity.kernels.byte_normalisation import normalise, view
from ftaudit.similarity.kernels.called import called
from ftaudit.similarity.kernels.hash_sets import distinct

FIRST, SECOND = (
    np.array([(1 << 8 * min(max(size - before, 0), 8)) - 1 for size in range(17)], np.uint64)
    for before in (0, 8)
)
"""Masks of the first and the second eight bytes of a word of up to 16."""


@called
def split(text, size, ends):
    """Write where each word of a normalised text ends; return how many there are.

    Eight ends are written at a time, so `ends` needs room for eight more. (Langdale and Lemire
    2019, "Parsing gigabytes of JSON per second", section 3.1.4.)
    """
    words = int64(0)
    for i in range(0, size, BLOCK):
        gaps = spaces(text, i)
        if i + BLOCK > size:
            gaps &= (uint64(1) << uint64(size - i)) - uint64(1)
        count = ones(gaps)
        for k in range(0, count, 8):
            for j in range(words + k, words + k + 8):
                ends[j] = i + trailing(gaps)
                gaps &= gaps - uint64(1)
        words += count
    ends[words] = size
    return words + 1


@called
def hash_words(text, ends, words, marks):
    """Write `hash_bytes` of every word of a text to `marks`.

    Both rounds of a word of up to 16 bytes are computed and one is chosen, which is faster than a
    branch on its length; longer words are hashed again by the loop below.
    """
    start, longest = int64(0), int64(0)
    for i in range(words):
        length = ends[i] - start
        longest = max(longest, length)
        size = uint64(min(length, 16))
        h = (uint64(length) * C1 ^ (load(text, start) & FIRST[size])) * C2
        h ^= h >> np.uint64(32)
        second = (h ^ (load(text, start + 8) & SECOND[size])) * C2
        second ^= second >> np.uint64(32)
        marks[i] = second if length > 8 else h
        start = ends[i] + 1
    start = int64(0)
    for i in range(words if longest > 16 else 0):
        if ends[i] - start > 16:
            marks[i] = hash_bytes(text, start, ends[i] - start)
        start = ends[i] + 1


@called
def words3(text, size, ends, marks, out):
    """Hash every three consecutive words; fewer than three are one shingle. Return how many."""
    if size == 0:
        return int64(0)
    words = split(text, size, ends)
    hash_words(text, ends, words, marks)
    if words < 3:
        out[0] = finish(marks[0] * C3 + marks[1] if words == 2 else marks[0])
        return int64(1)
    for i in range(words - 2):
        out[i] = finish((marks[i] * C3 + marks[i + 1]) * C3 + marks[i + 2])
    return words - 2


@called
def chars5(text, size, marks, out):
    """Hash every five consecutive code points; fewer are one shingle. Return how many."""
    if size == 0:
        return int64(0)
    foreign = uint8(0)
    for i in range(size):
        foreign |= text[i]
    if foreign < 128 and size >= 5:
        for i in range(size - 4):
            h = (uint64(5) * C1 ^ (load(text, i) & uint64(0xFFFFFFFFFF))) * C2
            out[i] = finish(h ^ (h >> np.uint64(32)))
        return size - 4
    points = int64(0)
    for i in range(size):
        if (text[i] & 0xC0) != 0x80:
            marks[points] = i
            points += 1
    marks[points] = size
    if points < 5:
        out[0] = finish(hash_bytes(text, int64(0), size))
        return int64(1)
    for i in range(points - 4):
        start = int64(marks[i])
        out[i] = finish(hash_bytes(text, start, int64(marks[i + 5]) - start))
    return points - 4


@njit(
    types.int64(
        types.Array(types.int32, 2, "C", readonly=True), types.uint64[::1],
        types.int64[::1], types.int64, types.int64, types.boolean,
        types.uint64[::1], types.uint64[::1], types.uint64[::1], types.int32[::1],
    ),
    nogil=True,
    cache=True,
)  # fmt: skip
def shingle_rows(views, buffers, rows, low, high, chars, first, second, hashes, counts):
    """Shingle `rows[low:high]`: write their hashes to `hashes`, one row after another.

    `views` are those of Arrow, four numbers each, `buffers` the addresses of the buffers they name.
    Repeated shingles of a row stay repeated. `counts[t]`, `first[t]` and `second[t]` are how many
    hashes row `rows[t]` has and the two hashes of its normalised text. `hashes` must have room for
    one more per row than the rows have bytes. Returns how many were written.
    """
    longest = 0
    for t in range(low, high):
        longest = max(longest, int64(views[rows[t], 0]))
    text, block = np.zeros(longest + PAD, np.uint8), np.zeros(BLOCK, np.uint8)
    marks, ends = np.empty(longest + PAD, np.uint64), np.empty(longest + PAD, np.int64)
    at = int64(0)
    for t in range(low, high):
        size = normalise(view(views, buffers, rows[t]), text, block)
        if chars:
            count = chars5(text, size, marks, hashes[at:])
        else:
            count = words3(text, size, ends, marks, hashes[at:])
        first[t], second[t] = hash_text(text, size)
        counts[t] = count
        at += count
    return at


@njit(types.int64(types.uint64[::1], types.int32[::1]), nogil=True, cache=True)
def keep_distinct(hashes, counts):
    """Keep the distinct hashes of each row, packed in place; update `counts`; return the end."""
    most = 1
    for t in range(counts.shape[0]):
        most = max(most, counts[t])
    room = 2
    while room < 2 * most:
        room *= 2
    table, stamps = np.zeros(room, np.uint64), np.zeros(room, np.int64)
    read, write = int64(0), int64(0)
    for t in range(counts.shape[0]):
        kept = distinct(hashes, read, int64(counts[t]), table, stamps, t + 1, write)
        read += counts[t]
        counts[t] = kept
        write += kept
    return write
