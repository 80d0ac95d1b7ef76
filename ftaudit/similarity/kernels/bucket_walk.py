"""Buckets of candidates → verified edges → connected components → every pair of a component.

Walking a bucket: take a member that belongs to no component of this bucket yet, compare it with all
that are left, queue those that are similar, and continue with the queue (breadth-first search whose
neighbours are found by comparison). A member that joins is removed from those left, so a bucket of
one component costs about as many comparisons as it has members, not their square.

A `set` is `values[starts[i] : starts[i] + counts[i]]`. `sizes[i]` is the true size of the shingle
set: larger than `counts[i]` where shingles that occur nowhere else were left out.
"""

# ruff: noqa: ANN001, ANN201, PLR0913, PLR0917 - numba types the arguments; scratch is theirs to give
# mypy: disable-error-code="no-untyped-def, no-untyped-call, call-arg, unreachable"

import numpy as np
from numba import int64, njit, types, uint64

from ftaudit.similarity.kernels.bitmaps import apart
from ftaudit.similarity.kernels.byte_blocks import C1
from ftaudit.similarity.kernels.hash_sets import needed, overlap, spread

SIEVED = 256
"""Members of the largest bucket that is sieved before it is walked."""
CHEAP = 8
"""About how many pairs bitmaps rule out in the time of one comparison."""

UNLIKE_BITS = 14
"""Base-2 logarithm of how many pairs that are not alike are remembered."""

_U64, _I64, _I32 = types.uint64[::1], types.int64[::1], types.int32[::1]
_PAIRS = types.int32[:, ::1]


@njit(types.void(_U64, _I64, _I32, _U64), nogil=True, cache=True)
def copy_sets(values, starts, counts, out):
    """Write sets to `out`, one after another."""
    at = 0
    for t in range(starts.shape[0]):
        for z in range(starts[t], starts[t] + counts[t]):
            out[at] = values[z]
            at += 1


@njit(
    types.UniTuple(types.int64, 2)(
        _I32,
        _I64,
        types.int64,
        types.int64,
        _U64,
        _I64,
        _I32,
        _I32,
        _I32,
        types.float64,
        types.int64,
        _I32,
        types.uint64[:, ::1],
        _PAIRS,
    ),
    nogil=True,
    cache=True,
)
def walk_buckets(  # noqa: C901, PLR0912, PLR0915 - one loop nest, without calls in between
    members,
    bounds,
    low,
    high,
    values,
    starts,
    counts,
    sizes,
    labels,
    threshold,
    rounds,
    rest,
    maps,
    edges,
):
    """Connect the members of buckets `low` to `high`; return how many edges, and buckets cut short.

    Every member that joins a component is compared with all that have not joined, so components
    that are mere chains are found whole. A bucket of one component with g members costs about g
    comparisons, a mixed one at most g * `rounds`; a bucket that needs more is cut short, and
    counted. `labels` are the components found before; members of one component are never compared.
    `rest`, if not empty, is how many shingles of each member follow the one of the bucket: two
    members share at most the fewer of those, and that one (positional filter, Xiao et al. 2008).
    `maps`, if not empty, are the bitmaps of the sets; a pair they rule out costs an eighth of a
    comparison. `edges` gets (left, right, overlap).

    Long texts meet in thousands of buckets: `unlike` remembers pairs that were compared in vain, so
    that they are not again. They count as a comparison still: what is cut short does not change.
    """
    widest, most = 1, 1
    unlike = np.zeros(1 << UNLIKE_BITS, np.uint64)
    for q in range(low, high):
        widest = max(widest, bounds[q + 1] - bounds[q])
        for z in range(bounds[q], bounds[q + 1]):
            most = max(most, counts[members[z]])
    room = 2
    while room < 2 * most:
        room *= 2
    table, stamps = np.zeros(room, np.uint64), np.zeros(room, np.int64)
    mark = np.zeros(labels.shape[0], np.int32)
    alive, queue = np.empty(widest, np.int64), np.empty(widest, np.int64)
    positional, mapped = rest.shape[0] > 0, maps.shape[0] > 0
    edge, cut, stamp, color = 0, 0, int64(0), np.int32(0)
    for q in range(low, high):
        left = bounds[q + 1] - bounds[q]
        connected = True
        for z in range(left):
            alive[z] = bounds[q] + z
            connected &= labels[members[alive[z]]] == labels[members[bounds[q]]]
        if connected:  # one component already: nothing to learn
            continue
        budget = CHEAP * rounds * left
        while left > 0:
            left -= 1
            queue[0] = alive[left]
            color += np.int32(1)
            mark[labels[members[queue[0]]]] = color
            head, tail = 0, 1
            while head < tail and left > 0:
                entry = queue[head]
                probe = members[entry]
                head += 1
                mask, kept = int64(-1), 0
                for z in range(left):
                    x = members[alive[z]]
                    if mark[labels[x]] == color:
                        queue[tail] = alive[z]
                        tail += 1
                        continue
                    least = needed(sizes[probe], sizes[x], threshold)
                    bound = min(counts[probe], counts[x])
                    if positional:
                        bound = min(rest[entry], rest[alive[z]]) + 1
                    if bound >= least and budget > 0 and mapped:
                        budget -= 1
                        spare = counts[probe] + counts[x] - 2 * least
                        bound = least if apart(maps, probe, x) <= spare else int64(-1)
                    pair = uint64(min(probe, x)) << uint64(32) | uint64(max(probe, x))
                    slot = (pair * C1) >> uint64(64 - UNLIKE_BITS)
                    if bound >= least and budget > 0 and unlike[slot] == pair:
                        budget -= CHEAP
                    elif bound >= least and budget > 0:
                        if mask < 0:
                            stamp += 1
                            mask = spread(
                                values, starts[probe], counts[probe], table, stamps, stamp
                            )
                        budget -= CHEAP
                        common = overlap(
                            values, starts[x], counts[x], table, stamps, stamp, mask, least
                        )
                        if common >= least:
                            edges[edge, 0], edges[edge, 1] = min(probe, x), max(probe, x)
                            edges[edge, 2] = common
                            edge += 1
                            mark[labels[x]] = color
                            queue[tail] = alive[z]
                            tail += 1
                            continue
                        unlike[slot] = pair
                    alive[kept] = alive[z]
                    kept += 1
                left = kept
        cut += budget <= 0
    return edge, cut


@njit(
    types.int64(
        _I32, _I64, _I32, _I32, _I32, types.uint64[:, ::1], types.float64, _I32, _I64,
    ),
    nogil=True,
    cache=True,
)  # fmt: skip
def sieve(  # noqa: C901 - one loop nest, without calls in between
    members, bounds, counts, sizes, labels, maps, threshold, kept, ends
):
    """Keep the members of buckets that may be similar to one of another component, by bitmaps.

    `kept` gets those members, bucket by bucket, and `ends` where each bucket begins and the last
    one ends; returns how many buckets have two or more. Buckets of more than `SIEVED` members stay
    whole, unless they are one component: in smaller ones the budget of comparisons cannot run out,
    so that leaving members out cannot change which buckets are cut short.
    """
    stays = np.zeros(SIEVED, np.bool_)
    buckets, end = 0, int64(0)
    for q in range(bounds.shape[0] - 1):
        first, size = bounds[q], bounds[q + 1] - bounds[q]
        connected, large = True, size > SIEVED
        for i in range(1, size):
            connected &= labels[members[first + i]] == labels[members[first]]
        if connected:
            continue
        for i in range(min(size, SIEVED)):
            stays[i] = large
        for i in range(0 if large else size):
            x = members[first + i]
            for j in range(i + 1, size):
                y = members[first + j]
                if labels[x] == labels[y] or (stays[i] and stays[j]):
                    continue
                least = needed(sizes[x], sizes[y], threshold)
                if min(counts[x], counts[y]) < least:
                    continue
                if apart(maps, x, y) <= counts[x] + counts[y] - 2 * least:
                    stays[i] = stays[j] = True
        ends[buckets] = end
        for i in range(size):
            if large or stays[i]:
                kept[end] = members[first + i]
                end += 1
        buckets += end > ends[buckets]
    ends[buckets] = end
    return buckets


@njit(inline="always")
def root(parents, x):
    """Return the root of `x`, halving the path to it (Tarjan and van Leeuwen 1984)."""
    while parents[x] != x:
        parents[x] = parents[parents[x]]
        x = parents[x]
    return x


@njit(types.int64(_PAIRS, types.int64, _I32), nogil=True, cache=True)
def unite(edges, count, parents):
    """Join the ends of `edges` in `parents`; move edges that joined two components to the front.

    Union-find in which the least node of a component is its root (Tarjan 1975). Returns how many
    edges joined: with those of before they are a spanning forest.
    """
    kept = 0
    for e in range(count):
        a, b = root(parents, edges[e, 0]), root(parents, edges[e, 1])
        if a == b:
            continue
        parents[max(a, b)] = min(a, b)
        for k in range(3):
            edges[kept, k] = edges[e, k]
        kept += 1
    return kept


@njit(types.void(_I32, _I32), nogil=True, cache=True)
def label(parents, labels):
    """Write the root of every node, which is the least node of its component."""
    for x in range(parents.shape[0]):
        labels[x] = root(parents, np.int32(x))


@njit(
    types.int64(
        _I32,
        _I64,
        types.int64,
        types.int64,
        _U64,
        _I64,
        _I32,
        _I32,
        types.float64,
        _PAIRS,
    ),
    nogil=True,
    cache=True,
)
def pair_components(
    members,
    bounds,
    low,
    high,
    values,
    starts,
    counts,
    sizes,
    threshold,
    pairs,
):
    """Compare all members of each component; write (left, right, overlap); return how many.

    `pairs` has room for every pair of components `low` to `high`.
    """
    most = 1
    for z in range(bounds[low], bounds[high]):
        most = max(most, counts[members[z]])
    room = 2
    while room < 2 * most:
        room *= 2
    table, stamps = np.zeros(room, np.uint64), np.zeros(room, np.int64)
    pair, stamp = 0, int64(0)
    for q in range(low, high):
        for i in range(bounds[q], bounds[q + 1] - 1):
            a = members[i]
            stamp += 1
            mask = spread(values, starts[a], counts[a], table, stamps, stamp)
            for j in range(i + 1, bounds[q + 1]):
                b = members[j]
                least = needed(sizes[a], sizes[b], threshold)
                if min(counts[a], counts[b]) < least:
                    continue
                common = overlap(values, starts[b], counts[b], table, stamps, stamp, mask, least)
                if common >= least:
                    pairs[pair, 0], pairs[pair, 1], pairs[pair, 2] = a, b, common
                    pair += 1
    return pair
