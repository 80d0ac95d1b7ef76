"""Pairs of similar sets with different labels."""

# ruff: noqa: ANN001, ANN201, PLR0913, PLR0917, C901 - numba types the arguments; one loop nest
# mypy: disable-error-code="no-untyped-def, no-untyped-call"

import numpy as np
from numba import int64, njit, types

from ftaudit.similarity.kernels.bitmaps import apart
from ftaudit.similarity.kernels.hash_sets import needed, overlap, spread

_U64, _I64, _I32 = types.uint64[::1], types.int64[::1], types.int32[::1]
_PAIRS = types.int32[:, ::1]


@njit(_PAIRS(_PAIRS), nogil=True, cache=True)
def grown(pairs):
    """Return an array of twice the length that begins with the pairs.

    Copied cell by cell: assigning a slice would have numba compile the message that shapes differ,
    which takes seconds.
    """
    more = np.empty((2 * pairs.shape[0], 3), np.int32)
    for i in range(pairs.shape[0]):
        for k in range(3):
            more[i, k] = pairs[i, k]
    return more


@njit(
    _PAIRS(_I32, _I64, _I32, _U64, _I64, _I32, _I32, _I32,
        types.uint64[:, ::1], types.float64, types.int64,
    ),
    nogil=True,
    cache=True,
)  # fmt: skip
def oppose(members, bounds, rest, values, starts, counts, sizes, labels, maps, threshold, most):
    """Return (left, right, overlap) of pairs in one bucket at or above the threshold.

    Pairs of one label, and sets whose label is -1, are skipped; label -2 opposes every other.
    A pair may be returned several times. A member of a bucket is compared with at most `most`
    members that follow it, which bounds the cost of shingles that occur everywhere. `rest` is how
    many shingles of each member follow the one that its bucket stands for.
    """
    widest = 1
    for z in range(members.shape[0]):
        widest = max(widest, counts[members[z]])
    room = 2
    while room < 2 * widest:
        room *= 2
    table, stamps = np.zeros(room, np.uint64), np.zeros(room, np.int64)
    stamp, end = int64(0), 0
    out = np.empty((1024, 3), np.int32)
    for q in range(bounds.shape[0] - 1):
        for i in range(bounds[q], bounds[q + 1]):
            x = members[i]
            if labels[x] == -1:
                continue
            mask = int64(-1)
            for j in range(i + 1, min(i + 1 + most, bounds[q + 1])):
                y = members[j]
                if labels[y] == -1 or (labels[y] == labels[x] and labels[x] >= 0):
                    continue
                least = needed(sizes[x], sizes[y], threshold)
                if min(counts[x], counts[y]) < least or min(rest[i], rest[j]) + 1 < least:
                    continue
                if apart(maps, x, y) > counts[x] + counts[y] - 2 * least:
                    continue
                if mask < 0:
                    stamp += 1
                    mask = spread(values, starts[x], counts[x], table, stamps, stamp)
                common = overlap(values, starts[y], counts[y], table, stamps, stamp, mask, least)
                if common < least:
                    continue
                if end == out.shape[0]:
                    out = grown(out)
                out[end, 0], out[end, 1], out[end, 2] = min(x, y), max(x, y), common
                end += 1
    return out[:end]
