"""Hash tables of shingle sets, and how many shingles two sets share.

A `set` is `values[starts[i] : starts[i] + counts[i]]`. A table has a power of two entries, at least
twice as many as the largest set; an entry belongs to the set whose stamp it
has, so the table need not be cleared between sets.
"""

# ruff: noqa: ANN001, ANN201, PLR0913, PLR0917 - numba types the arguments; scratch is theirs to give
# mypy: disable-error-code="no-untyped-def, no-untyped-call"

import numpy as np
from numba import int64

from ftaudit.similarity.kernels.called import called

TOLERANCE = 1e-9
"""A pair counts when its Jaccard similarity is at least the threshold minus this."""


@called
def needed(left, right, threshold):
    """Return the least overlap of two sets of these sizes at which they reach the threshold.

    J = o / (left + right - o) >= t means o >= t / (1 + t) * (left + right); the two loops correct
    the rounding of that quotient, so that the exact inequality decides.
    """
    t = threshold - TOLERANCE
    least = int64(np.ceil(t / (1.0 + t) * (left + right)))
    while least > 0 and (least - 1) >= t * (left + right - least + 1):
        least -= 1
    while least < t * (left + right - least):
        least += 1
    return max(least, int64(1))


@called
def place_in(table, h):
    """Return where a hash of a word stands in a table of such; -1 where it does not.

    The table has a power of two entries, at least one of them 0, which stands for none; a hash is
    in the first free entry from that of its upper 24 bits on.
    """
    mask = table.shape[0] - 1
    q = int64(h >> np.uint64(40)) & mask
    while table[q] != 0:
        if table[q] == h:
            return q
        q = (q + 1) & mask
    return int64(-1)


@called
def spread(values, start, count, table, stamps, stamp):
    """Put a set into the hash table; return the table's mask."""
    mask = 1
    while mask < 2 * count:
        mask *= 2
    mask -= 1
    for z in range(start, start + count):
        h = values[z]
        w = int64(h) & mask
        while stamps[w] == stamp:
            w = (w + 1) & mask
        stamps[w], table[w] = stamp, h
    return mask


@called
def overlap(values, start, count, table, stamps, stamp, mask, least):
    """Return how many members of a set are in the table; -1 as soon as `least` is out of reach."""
    misses = count - least
    if misses < 0:
        return int64(-1)
    for z in range(start, start + count):
        h = values[z]
        w = int64(h) & mask
        while stamps[w] == stamp and table[w] != h:
            w = (w + 1) & mask
        if stamps[w] != stamp:
            misses -= 1
            if misses < 0:
                return int64(-1)
    return misses + least


@called
def distinct(hashes, read, count, table, stamps, stamp, write):
    """Move the distinct hashes among `count` from `read` to `write`, in order; return how many.

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
