"""Filters of the exact join: shingles that occur once, and prefixes of rare shingles.

Bayardo, Ma and Srikant (2007), "Scaling up all pairs similarity search"; Xiao et al. (2008),
"Efficient similarity joins for near duplicate detection" (prefix and positional filters).
`search.exact_join` explains why the filters lose no pair.

`cells` are counters of two bits, 32 to a word, that stop at 2. Two shingles that share a counter
make the filter weaker, never wrong.
"""

# ruff: noqa: ANN001, ANN201, PLR0913, PLR0917 - numba types the arguments; scratch is theirs to give
# mypy: disable-error-code="no-untyped-def, no-untyped-call"

import numpy as np
from numba import int64, njit, types, uint64

from ftaudit.similarity.kernels.bit_counters import cell, shared
from ftaudit.similarity.kernels.hash_sets import TOLERANCE, distinct

_U64, _I64, _I32 = types.uint64[::1], types.int64[::1], types.int32[::1]


@njit(inline="always")
def largest(counts):
    """Return the largest count; 0 where there are none."""
    most = 0
    for count in counts:
        most = max(most, count)
    return most


@njit(
    types.int64(_U64, _I32, _I32, _U64, types.int64, types.uint64, types.float64),
    nogil=True,
    cache=True,
)
def keep_shared(hashes, counts, sizes, cells, bits, salt, threshold):
    """Keep the shared shingles of the rows that may be similar to another, packed and in place.

    `counts` becomes how many are kept of each row, 0 where it cannot reach the threshold; `sizes`
    how many distinct shingles it had. Returns the end of the packed shingles.
    """
    most = 1
    for t in range(counts.shape[0]):
        most = max(most, counts[t])
    room = 2
    while room < 2 * most:
        room *= 2
    table, stamps = np.zeros(room, np.uint64), np.zeros(room, np.int64)
    limit = 1.0 - threshold + TOLERANCE
    read, write = int64(0), int64(0)
    for t in range(counts.shape[0]):
        start, count = read, counts[t]
        read += count
        counts[t] = 0
        # A shingle counted once occurs once in this row, so the unshared ones are distinct. The row
        # has at most `count` distinct shingles; when more than `limit * count` of them are
        # unshared, no other row can reach the threshold with it, and the rest is not looked at.
        live, allowed = 0, int64(limit * count)
        for j in range(count):
            h = hashes[start + j]
            if shared(cells, h, salt, bits):
                hashes[start + live] = h
                live += 1
            elif j - live + 1 > allowed:
                live = -1
                break
        if live <= 0:
            continue
        alive = distinct(hashes, start, live, table, stamps, t + 1, write)
        sizes[t] = alive + count - live
        if alive >= (threshold - TOLERANCE) * sizes[t]:
            counts[t] = alive
            write += alive
    return write


@njit(
    types.int64(
        _U64, _I64, _I32, _I32, types.int64, types.int64, _U64, types.int64, types.uint64,
        types.float64,
    ),
    nogil=True,
    cache=True,
)  # fmt: skip
def prune_sets(values, starts, counts, sizes, low, high, cells, bits, salt, threshold):
    """Drop shingles that occur once from sets `low` to `high`, in place; return how many sets stay.

    A set that can no longer reach the threshold gets the count 0.
    """
    alive = 0
    for t in range(low, high):
        kept = 0
        for z in range(starts[t], starts[t] + counts[t]):
            if shared(cells, values[z], salt, bits):
                values[starts[t] + kept] = values[z]
                kept += 1
        if kept == 0 or kept < (threshold - TOLERANCE) * sizes[t]:
            kept = 0
        counts[t] = kept
        alive += kept > 0
    return alive


@njit(
    types.void(
        _U64, _I64, _I32, _U64, types.int64, types.uint64, types.int64, types.int64,
    ),
    nogil=True,
    cache=True,
)  # fmt: skip
def tally_sets(values, starts, counts, cells, bits, salt, part, parts):
    """Count the shingles of all sets in one part of the table; threads take different parts.

    The cells of the part are first picked from each set without a branch, which the processor
    would predict wrongly half of the time, and then counted.
    """
    low = uint64(cells.shape[0] * part // parts) << uint64(5)
    size = (uint64(cells.shape[0] * (part + 1) // parts) << uint64(5)) - low
    picked = np.empty(largest(counts) + 1, np.uint64)
    for t in range(starts.shape[0]):
        count = 0
        for z in range(starts[t], starts[t] + counts[t]):
            picked[count] = cell(values[z], salt, bits)
            count += picked[count] - low < size
        for i in range(count):
            word, place = picked[i] >> uint64(5), (picked[i] & uint64(31)) << uint64(1)
            before = (cells[word] >> place) & uint64(3)
            cells[word] += uint64(before < 2) << place


@njit(
    types.void(
        _U64, _I64, _I32, types.uint16[::1], types.int64, types.int64, types.int64,
    ),
    nogil=True,
    cache=True,
)  # fmt: skip
def count_frequency(values, starts, counts, frequency, bits, part, parts):
    """Count how often each shingle occurs, in `2 ** bits` counters that stop at 65,535."""
    low = uint64(frequency.shape[0] * part // parts)
    size = uint64(frequency.shape[0] * (part + 1) // parts) - low
    picked = np.empty(largest(counts) + 1, np.uint64)
    for t in range(starts.shape[0]):
        count = 0
        for z in range(starts[t], starts[t] + counts[t]):
            picked[count] = cell(values[z], uint64(0), bits)
            count += picked[count] - low < size
        for i in range(count):
            frequency[picked[i]] += np.uint16(frequency[picked[i]] < np.uint16(65535))


@njit(types.void(_U64, _U64, types.int64), nogil=True, cache=True)
def sort_both(rank, values, count):
    """Sort two arrays together, by rank and then by value (Shell's method, Ciura's gaps)."""
    for gap in (1750, 701, 301, 132, 57, 23, 10, 4, 1):
        for i in range(gap, count):
            r, v = rank[i], values[i]
            j = i
            while j >= gap and (rank[j - gap] > r or (rank[j - gap] == r and values[j - gap] > v)):
                rank[j], values[j] = rank[j - gap], values[j - gap]
                j -= gap
            rank[j], values[j] = r, v


@njit(
    types.int64(
        _U64, _I64, _I32, _I32, types.int64, types.int64, types.uint16[::1], types.int64,
        types.float64, _U64, _I32, _I32,
    ),
    nogil=True,
    cache=True,
)  # fmt: skip
def order_sets(
    values, starts, counts, sizes, low, high, frequency, bits, threshold, keys, owners, rest
):
    """Sort each set by rarity, the rarest shingles first, and write its prefix.

    For every shingle of the prefix: the shingle, its set, and how many shingles of the set follow.

    Two sets at or above the threshold share a shingle that is in both prefixes. That holds for any
    order which all sets share; rarity makes the buckets small. Equally rare shingles are ordered by
    their upper bits, so the order is total. Returns how many keys were written.
    """
    most = 1
    for t in range(low, high):
        most = max(most, counts[t])
    rank = np.empty(most, np.uint64)
    at = 0
    for t in range(low, high):
        start, count = starts[t], counts[t]
        prefix = count - int64(np.ceil((threshold - TOLERANCE) * sizes[t])) + 1
        for z in range(count):
            h = values[start + z]
            rank[z] = uint64(frequency[cell(h, uint64(0), bits)]) << uint64(48) | h >> uint64(16)
        sort_both(rank, values[start : start + count], count)
        for i in range(min(prefix, count)):
            keys[at], owners[at], rest[at] = values[start + i], t, count - i - 1
            at += 1
    return at
