"""Groups of equal keys, in linear time and without sorting.

Most keys occur once. A table of two-bit counters rules nearly all of those out; the remaining keys
are numbered by a hash table. Groups are ordered by their first members.
"""

# ruff: noqa: ANN001, ANN201, PLR0913, PLR0917 - numba types the arguments
# mypy: disable-error-code="no-untyped-def, no-untyped-call"

import numpy as np
from numba import int64, njit, types, uint64

from ftaudit.similarity.kernels.bit_counters import cell, shared
from ftaudit.similarity.kernels.byte_blocks import C4

_U64, _I64, _I32 = types.uint64[::1], types.int64[::1], types.int32[::1]


@njit(types.int64(_U64, types.uint32[::1], _U64, types.int64, _I32), nogil=True, cache=True)
def choose_repeated(keys, places, cells, bits, chosen):
    """Write the places whose keys may occur twice to `chosen`, in order; return how many.

    `cells` has 32 counters of two bits to a word, all zero, `2 ** bits` in all. `chosen` needs room
    for all places and one more.
    """
    for i in range(places.shape[0]):
        c = cell(keys[places[i]], uint64(0), bits)
        place = (c & uint64(31)) << uint64(1)
        before = (cells[c >> uint64(5)] >> place) & uint64(3)
        cells[c >> uint64(5)] += uint64(before < 2) << place
    count = 0
    for i in range(places.shape[0]):
        chosen[count] = places[i]
        count += int64(shared(cells, keys[places[i]], uint64(0), bits))
    return count


@njit(types.int64(_U64, _I32, types.int64, _I32, _I32, _I64), nogil=True, cache=True)
def gather_groups(keys, chosen, count, slots, members, bounds):
    """Gather the first `count` chosen places by their key; return how many groups there are.

    Group `g` of two or more is `members[bounds[g] : bounds[g + 1]]`, places ascending. `slots` are
    a power of two, at least twice `count`, all -1; `members` needs room for `count`, `bounds` for
    half of that and one more.
    """
    mask = uint64(slots.shape[0] - 1)
    group, size = np.empty(count, np.int32), np.zeros(count, np.int32)
    heads, groups = np.empty(count, np.uint64), 0
    for j in range(count):
        key = keys[chosen[j]]
        q = ((key * C4) >> uint64(32)) & mask
        while slots[q] >= 0 and heads[slots[q]] != key:
            q = (q + uint64(1)) & mask
        if slots[q] < 0:
            slots[q], heads[groups] = groups, key
            groups += 1
        group[j] = slots[q]
        size[slots[q]] += 1
    kept, at = 0, int64(0)
    bounds[0] = 0
    place = np.full(groups, -1, np.int64)
    for g in range(groups):
        if size[g] > 1:
            place[g] = at
            at += size[g]
            kept += 1
            bounds[kept] = at
    for j in range(count):
        if place[group[j]] >= 0:
            members[place[group[j]]] = chosen[j]
            place[group[j]] += 1
    return kept


@njit(types.int64(_I32, _I64, _U64, types.uint32[::1]), nogil=True, cache=True)
def join_equal(members, bounds, second, first_of):
    """Point every member at the least one of its group with the same second hash.

    Returns how many moved. `second` and `first_of` are by member.
    """
    moved = 0
    for g in range(bounds.shape[0] - 1):
        for j in range(bounds[g] + 1, bounds[g + 1]):
            row = members[j]
            for k in range(bounds[g], j):
                earlier = members[k]
                if first_of[earlier] == earlier and second[earlier] == second[row]:
                    first_of[row] = earlier
                    moved += 1
                    break
    return moved
