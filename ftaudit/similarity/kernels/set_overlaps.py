"""Overlaps of single sets: with the nearest of many, and of listed pairs. Few scans need them."""

# ruff: noqa: ANN001, ANN201, PLR0913, PLR0917 - numba types the arguments; scratch is theirs to give
# mypy: disable-error-code="no-untyped-def, no-untyped-call"

import numpy as np
from numba import int64, njit, types

from ftaudit.similarity.kernels.hash_sets import needed, overlap, spread

_U64, _I64, _I32 = types.uint64[::1], types.int64[::1], types.int32[::1]


@njit(
    types.void(
        _I32, _I64, _U64, _I64, _I32, _I32, types.boolean[::1], types.float64, types.int64,
        _I32, _I32,
    ),
    nogil=True,
    cache=True,
)  # fmt: skip
def find_nearest(  # noqa: C901 - one loop nest
    members, bounds, values, starts, counts, sizes, training, threshold, most, best, common_of
):
    """Find for every set that is not `training` the nearest one that is, bucket by bucket.

    Compares with the first `most` training members of each bucket. `best[x]` is the nearest set (or
    -1), `common_of[x]` the overlap; both are updated. Of equally near sets the least is taken.
    """
    widest = 1
    for z in range(members.shape[0]):
        widest = max(widest, counts[members[z]])
    room = 2
    while room < 2 * widest:
        room *= 2
    table, stamps = np.zeros(room, np.uint64), np.zeros(room, np.int64)
    stamp = int64(0)
    for q in range(bounds.shape[0] - 1):
        for i in range(bounds[q], bounds[q + 1]):
            x = members[i]
            if training[x]:
                continue
            stamp += 1
            mask = spread(values, starts[x], counts[x], table, stamps, stamp)
            tried = 0
            for j in range(bounds[q], bounds[q + 1]):
                y = members[j]
                if not training[y]:
                    continue
                tried += 1
                if tried > most:
                    break
                least = needed(sizes[x], sizes[y], threshold)
                if min(counts[x], counts[y]) < least:
                    continue
                common = overlap(values, starts[y], counts[y], table, stamps, stamp, mask, least)
                if common < least:
                    continue
                if best[x] >= 0:
                    b = best[x]  # compare common / union exactly, in integers
                    ours = int64(common) * (sizes[x] + sizes[b] - common_of[x])
                    theirs = int64(common_of[x]) * (sizes[x] + sizes[y] - common)
                    if ours < theirs or (ours == theirs and y >= b):
                        continue
                best[x], common_of[x] = y, common


@njit(
    types.void(_I32, _I32, types.int64, types.int64, _U64, _I64, _I32, _I32), nogil=True, cache=True
)
def measure_pairs(left, right, low, high, values, starts, counts, common):
    """Write the overlap of the sets `left[i]` and `right[i]`, best sorted by `left`."""
    most = 1
    for i in range(low, high):
        most = max(most, counts[left[i]])
    room = 2
    while room < 2 * most:
        room *= 2
    table, stamps = np.zeros(room, np.uint64), np.zeros(room, np.int64)
    stamp, mask = int64(0), int64(0)
    for i in range(low, high):
        a, b = left[i], right[i]
        if i == low or a != left[i - 1]:
            stamp += 1
            mask = spread(values, starts[a], counts[a], table, stamps, stamp)
        common[i] = overlap(values, starts[b], counts[b], table, stamps, stamp, mask, int64(0))
