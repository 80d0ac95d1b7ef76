"""Sets that are contained, almost wholly, in larger ones."""

# ruff: noqa: ANN001, ANN201, PLR0913, PLR0917 - numba types the arguments; one loop nest
# mypy: disable-error-code="no-untyped-def, no-untyped-call"

import numpy as np
from numba import int64, njit, types, uint32, uint64

from ftaudit.similarity.kernels.hash_sets import overlap, spread

_U64, _I64, _I32 = types.uint64[::1], types.int64[::1], types.int32[::1]


@njit(types.void(_U64, _U64, _I32), nogil=True, cache=True)
def place(values, table, slots):
    """Put distinct values into a table of a power of two entries; empty slots are -1."""
    mask = len(table) - 1
    for i in range(len(values)):
        q = int64(values[i]) & mask
        while slots[q] >= 0:
            q = (q + 1) & mask
        table[q], slots[q] = values[i], i


@njit(inline="always")
def look(h, table, slots):
    """Return the index of the value `h`, or -1."""
    mask = len(table) - 1
    q = int64(h) & mask
    while slots[q] >= 0:
        if table[q] == h:
            return int64(slots[q])
        q = (q + 1) & mask
    return int64(-1)


@njit(types.void(_U64, _U64, types.uint32[::1]), nogil=True, cache=True)
def count_listed(hashes, table, counts):
    """Count in `counts[q]` how often the value at place `q` of a table occurs among `hashes`.

    At an empty place zeros may be counted; the highest number stays. There is a number for each
    place, not for each value: for what is looked up before it is raised a core waits every time.
    """
    mask, most = uint64(len(table) - 1), uint32(0xFFFFFFFF)
    for h in hashes:
        q = h & mask
        value = table[q]
        while value != h and value != uint64(0):
            q = (q + uint64(1)) & mask
            value = table[q]
        if value == h and counts[q] != most:
            counts[q] += uint32(1)


@njit(inline="always")
def room_for(sizes):
    """Return how many slots a table has for any of the sets: a power of two, half empty."""
    widest = 1
    for t in range(len(sizes)):
        widest = max(widest, sizes[t])
    room = 2
    while room < 2 * widest:
        room *= 2
    return room


@njit(
    types.void(
        _U64, _I32, _I64, types.int64, _U64, _I32, _I64, _I32, _U64, _I64, _I32, _I64, _I64, _I64,
    ),
    nogil=True,
    cache=True,
)  # fmt: skip
def find_hosts(
    hashes,
    sizes,
    rows,
    more,
    table,
    slots,
    bounds,
    posted,
    values,
    starts,
    counts,
    least,
    common,
    host,
):
    """Find for every set the row that holds most of it; of several the first row.

    `hashes` are the distinct hashes of consecutive rows, one row after another, `sizes` how many
    each has. Value `v` of the table is among the rarest of the sets `posted[bounds[v] : bounds[v +
    1]]`. A row holds set `x` when it has at least `least[x]` of its values, and `more` values
    more than the set. `common[x]` and `host[x]`, the best overlap and its row, are updated.
    """
    room = room_for(sizes)
    seen, stamps = np.zeros(room, np.uint64), np.zeros(room, np.int64)
    tried = np.zeros(len(counts), np.int64)  # one more than the last row tried with each set
    start, stamp = int64(0), int64(0)
    for t in range(len(sizes)):
        mask = int64(-1)
        for z in range(start, start + sizes[t]):
            value = look(hashes[z], table, slots)
            if value < 0:
                continue
            for p in range(bounds[value], bounds[value + 1]):
                x = posted[p]
                if tried[x] > t or counts[x] + more > sizes[t]:
                    continue
                tried[x] = t + 1
                if mask < 0:
                    stamp += 1
                    mask = spread(hashes, start, sizes[t], seen, stamps, stamp)
                both = overlap(values, starts[x], counts[x], seen, stamps, stamp, mask, least[x])
                if both < least[x]:
                    continue
                if both > common[x] or (both == common[x] and rows[t] < host[x]):
                    common[x], host[x] = both, rows[t]
        start += sizes[t]


@njit(inline="always")
def root_of(row, roots):
    """Return the root of the tree of a row, and shorten the way to it."""
    while roots[row] != row:
        roots[row] = roots[roots[row]]
        row = roots[row]
    return row


@njit(
    types.int64(
        _U64, _I32, _I64, types.int64, _U64, _I32, _I64, _I32, _U64, _I64, _I32, _I64, _I64, _I64,
        types.int64[:, ::1], types.int64,
    ),
    nogil=True,
    cache=True,
)  # fmt: skip
def join_hosts(
    hashes,
    sizes,
    rows,
    more,
    table,
    slots,
    bounds,
    posted,
    values,
    starts,
    counts,
    least,
    owners,
    roots,
    pairs,
    end,
):
    """Join every set with all other rows that hold it, as far as they are not joined yet.

    The arguments are those of `find_hosts`, and: `owners` are the rows of the sets, `roots` the
    forest of joined rows, which is updated. Every join is written to `pairs` (set's row, host) from
    `end` on; returns the new end. There is room for one join less than there are rows.
    """
    room = room_for(sizes)
    seen, stamps = np.zeros(room, np.uint64), np.zeros(room, np.int64)
    tried = np.zeros(len(counts), np.int64)
    start, stamp = int64(0), int64(0)
    for t in range(len(sizes)):
        mask = int64(-1)
        own = root_of(rows[t], roots)
        for z in range(start, start + sizes[t]):
            value = look(hashes[z], table, slots)
            if value < 0:
                continue
            for p in range(bounds[value], bounds[value + 1]):
                x = posted[p]
                if tried[x] > t or counts[x] + more > sizes[t] or owners[x] == rows[t]:
                    continue
                tried[x] = t + 1
                other = root_of(owners[x], roots)
                if other == own:
                    continue
                if mask < 0:
                    stamp += 1
                    mask = spread(hashes, start, sizes[t], seen, stamps, stamp)
                both = overlap(values, starts[x], counts[x], seen, stamps, stamp, mask, least[x])
                if both < least[x]:
                    continue
                own, other = min(own, other), max(own, other)
                roots[other] = own
                pairs[end, 0], pairs[end, 1] = owners[x], rows[t]
                end += 1
        start += sizes[t]
    return end
