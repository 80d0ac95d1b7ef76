"""Rows as weighted words and numbers, and the best of them for each of some others.

`reworded.best_matches` explains the bounds. Bayardo, Ma and Srikant (2007), "Scaling up all pairs
similarity search", and Anastasiu and Karypis (2014), "L2AP: Fast cosine similarity search with
prefix L-2 norm bounds", have the joins of vectors with a threshold that this follows.
"""

# ruff: noqa: ANN001, ANN201, PLR0913, PLR0917, PLR0912, PLR0915, C901 - numba types the arguments; one loop nest
# mypy: disable-error-code="no-untyped-def, no-untyped-call"

import math

import numpy as np
from numba import float64, int64, njit, types, uint8, uint64

from ftaudit.similarity.kernels.called import called

_U64, _I64, _I32 = types.uint64[::1], types.int64[::1], types.int32[::1]
_F32, _U16, _U8, _BOOL = types.float32[::1], types.uint16[::1], types.uint8[::1], types.boolean[::1]


@njit(types.Tuple((_U64, _I64, _BOOL))(_I32, _U64, _BOOL), nogil=True, cache=True)
def count_keys(rows, keys, kinds):
    """Return the distinct keys, in no order, the rows that have each, and whether it is a number.

    `rows` ascend.
    """
    size = 1 << 12
    slots = np.full(size, -1, np.int32)
    distinct, counts = np.empty(size, np.uint64), np.zeros(size, np.int64)
    numbers, last = np.zeros(size, np.bool_), np.full(size, -1, np.int32)
    end = 0
    for i in range(len(keys)):
        q = int64(keys[i]) & (size - 1)
        while slots[q] >= 0 and distinct[slots[q]] != keys[i]:
            q = (q + 1) & (size - 1)
        s = slots[q]
        if s < 0:
            s, end = end, end + 1
            slots[q], distinct[s], numbers[s] = s, keys[i], kinds[i]
        if last[s] != rows[i]:
            counts[s] += 1
            last[s] = rows[i]
        if 2 * end >= size:
            size *= 4
            slots = np.full(size, -1, np.int32)
            for other in range(end):
                q = int64(distinct[other]) & (size - 1)
                while slots[q] >= 0:
                    q = (q + 1) & (size - 1)
                slots[q] = other
            distinct = np.concatenate((distinct, np.empty(size - len(distinct), np.uint64)))
            counts = np.concatenate((counts, np.zeros(size - len(counts), np.int64)))
            numbers = np.concatenate((numbers, np.zeros(size - len(numbers), np.bool_)))
            last = np.concatenate((last, np.full(size - len(last), -1, np.int32)))
    return distinct[:end].copy(), counts[:end].copy(), numbers[:end].copy()


@njit(types.void(_U64, _BOOL, _I64, types.uint64[:, ::1]), nogil=True, cache=True)
def place_keys(keys, numbers, rarity, table):
    """Put distinct keys into a table of a power of two entries.

    Behind the key of word `f` stand `f`, whether it is a number (bit 31) and its rarity (from bit
    32 on), which is 1 or more: 0 marks an empty entry.
    """
    mask = len(table) - 1
    for i in range(len(keys)):
        q = int64(keys[i]) & mask
        while table[q, 1] != 0:
            q = (q + 1) & mask
        table[q, 0] = keys[i]
        table[q, 1] = uint64(i) | uint64(numbers[i]) << uint64(31) | uint64(rarity[i]) << uint64(32)


@njit(
    types.int64(
        _I32, _U64, _BOOL, types.int64, types.uint64[:, ::1], _U8, types.int64, _I64, types.int64,
        types.int64, _I64, _I32, _I64, _I64, _BOOL,
    ),
    nogil=True,
    cache=True,
)  # fmt: skip
def weigh_tokens(
    rows, keys, kinds, count, table, seen, unseen, times, unit,
    least_numbers, starts, ids, weights, totals, numbered,
):  # fmt: skip
    """Do what `reworded.weighted_rows.weigh` does; the ids of a row are in no order.

    `seen` has a zero for every word, and has them again in the end. `starts` and what follows are
    written; returns how many ids there are.
    """
    mask = len(table) - 1
    at, end = int64(0), int64(0)
    for t in range(count):
        starts[t] = end
        squares, total, values = int64(0), int64(0), int64(0)
        while at < len(rows) and rows[at] == t:
            key = keys[at]
            q = int64(key) & mask
            while table[q, 0] != key and table[q, 1] != 0:
                q = (q + 1) & mask
            entry = table[q, 1]
            if entry == 0:
                if kinds[at]:
                    total += unseen
                    values += 1
                else:
                    squares += (times[1] * unseen) ** 2
            else:
                f = int64(entry & uint64(0x7FFFFFFF))
                if seen[f] == 0:
                    ids[end] = f
                    weights[end] = int64(entry >> uint64(31))
                    end += 1
                seen[f] += uint8(seen[f] < 255)
            at += 1
        for z in range(starts[t], end):
            rarity = weights[z] >> 1
            if weights[z] & 1:
                weights[z] = -rarity
                total += rarity
                values += 1
            else:
                weights[z] = times[seen[ids[z]]] * rarity
                squares += weights[z] ** 2
            seen[ids[z]] = 0
        length = max(math.sqrt(float(squares)), 1.0)
        for z in range(starts[t], end):
            if weights[z] < 0:
                weights[z] = -weights[z]
            else:
                weights[z] = int64(weights[z] * float(unit) / length + 0.5)
        totals[t], numbered[t] = total, values >= least_numbers
    starts[count] = end
    return end


@njit(inline="always")
def add_products(low, high, posted, values, value, sums, touched, count):
    """Add the products of a word of one row with those of the rows that have it, to their sums.

    Rows whose sum was 0 are written to `touched`, which has `count`; returns how many it has then.
    """
    for p in range(low, high):
        x, product = posted[p], value * values[p]
        touched[count] = x
        count += int64(sums[x] == 0.0) & int64(product > 0.0)
        sums[x] += product
    return count


@njit(inline="always")
def mean(values):
    """Return the mean. With numpy's, loading this module would import scipy."""
    total = 0.0
    for x in range(len(values)):
        total += values[x]
    return total / max(1, len(values))


@called
def block_ratios(needs, rests, order, slack, ratios):
    """Write for every block of sought rows, level and kind the most that length is of what is due.

    A block has 64 rows of `order`. Of a row that shares no word below a level, the product of
    vectors with row `t` is less than `needs` where the length of `t` is below the inverse.
    """
    for kind in range(2):
        for level in range(1, rests.shape[0]):
            for block in range(ratios.shape[2]):
                most = 0.0
                for i in range(64 * block, min(64 * block + 64, len(order))):
                    due = float64(needs[kind, order[i]]) - slack
                    most = max(most, rests[level, order[i]] / due) if due > 0.0 else math.inf
                ratios[kind, level, block] = most * 1.0001  # of rounded sums


@njit(
    types.void(
        _I64, _I32, _I64, _I64, _BOOL, _I64, _BOOL,
        _U64, _U16, _F32, types.float32[:, ::1], _I64,
        _I64, _I32, _I64, _I64, _BOOL, _I64,
        types.float64, types.float64, types.float64, types.float64,
        types.float64[:, ::1], types.int64[:, ::1],
    ),
    nogil=True,
    cache=True,
)  # fmt: skip
def join_rows(
    starts, ids, weights, totals, numbered, rows, numbers,
    entries, posted, values, rests, order,
    sought_starts, sought_ids, sought_weights, sought_totals, sought_numbered, sought_rows,
    unit, share, least_words, least_numbers,
    best, partners,
):  # fmt: skip
    """Find for every row of a block of sought rows the rows most like it; of equals the first.

    The entry of word `f` says in which of `posted` the sought rows that have it stand, in whose
    vectors it has `values`: the first in the bits from 21 on, their number in those from 6 on; its
    level in those from 1 on, which is 1 or more, the higher the more rows have it, and 0 where none
    has; bit 0 says whether it is a number. `rests[l]` are the lengths of the sought vectors in the
    words of level `l` or more. `order` has all sought rows, best those of like lengths together.
    Each row of `best`, descending, and of `partners` is updated. Likeness below `least_words` or
    `least_numbers` is not looked for.
    """
    count, top = len(sought_rows), len(rests) - 1
    limit, scale = 1.0 + share, unit * unit
    last = best.shape[1] - 1
    widest = 1
    for t in range(len(totals)):
        widest = max(widest, starts[t + 1] - starts[t])
    # of rounded weights, and of sums in another order
    slack = np.float32(1e-3 + 1e-6 * widest)
    vector, entry_of = np.empty(widest, np.float32), np.empty(widest, np.uint64)
    dense = np.zeros(len(entries), np.int64)
    sums, alive = np.zeros(count, np.float32), np.empty(count + 1, np.int64)
    touched = np.empty(count + 1, np.int64)
    mass, postings = np.zeros(top + 1, np.float64), np.zeros(top + 1, np.int64)
    middle = np.zeros(top + 1, np.float64)
    for level in range(1, top + 1):
        middle[level] = mean(rests[level])
    # products of vectors from which a row without two numbers counts, and one with them
    needs = np.empty((2, count), np.float32)
    for x in range(count):
        needs[1, x] = max(least_numbers, best[x, last]) * limit
        needs[0, x] = needs[1, x] if sought_numbered[x] else max(least_words, best[x, last])
    ratios = np.zeros((2, top + 1, (count + 63) // 64), np.float64)
    aims, changed = np.zeros(2, np.float64), True
    longest = max(1, len(sought_ids) // max(1, count))
    for t in range(len(totals)):
        if t % 512 == 0 and changed:
            aims[0], aims[1] = mean(needs[0]) / 2, mean(needs[1]) / 2
            block_ratios(needs, rests, order, float64(slack), ratios)
            changed = False
        low, high = starts[t], starts[t + 1]
        mass[:], postings[:] = 0.0, 0
        for z in range(low, high):
            entry = entries[ids[z]]
            entry_of[z - low] = entry
            level = int64(entry >> uint64(1)) & 31
            if level:
                if entry & uint64(1):
                    square = share * weights[z] / totals[t]
                    vector[z - low] = math.sqrt(square)
                else:
                    vector[z - low] = weights[z] / unit
                    square = float(vector[z - low]) ** 2
                mass[level] += square
                postings[level] += int64(entry >> uint64(6)) & 0x7FFF
        for level in range(top - 1, 0, -1):
            mass[level] += mass[level + 1]
        if mass[1] == 0.0:
            continue
        kind = int64(numbered[t])
        # the words of fewer than `level` are summed up; the rest is bounded by lengths
        level, before, reached, near = 1, 0, 0, 0
        while level < top and math.sqrt(mass[level]) * middle[level] > aims[kind]:
            level += 1
        while True:
            for z in range(high - low):
                own = int64(entry_of[z] >> uint64(1)) & 31
                if before < own < level:
                    first = int64(entry_of[z] >> uint64(21))
                    end = first + (int64(entry_of[z] >> uint64(6)) & 0x7FFF)
                    near = add_products(first, end, posted, values, vector[z], sums, touched, near)
            length, reached = np.float32(math.sqrt(mass[level])), 0
            for i in range(near):
                x = touched[i]
                alive[reached] = x
                reached += int64(sums[x] + length * rests[level, x] + slack >= needs[kind, x])
            for block in range(ratios.shape[2]):
                if length * ratios[kind, level, block] >= 1.0:
                    for i in range(64 * block, min(64 * block + 64, count)):
                        x = order[i]
                        alive[reached] = x
                        due = length * rests[level, x] + slack >= needs[kind, x]
                        reached += int64(due) & int64(sums[x] == 0.0)
            if level == top or reached * longest <= postings[level] + count // 4:
                break
            before, level = level - 1, level + 1
        for i in range(near):
            sums[touched[i]] = 0.0
        if not reached:
            continue
        for z in range(low, high):
            dense[ids[z]] = weights[z]
        for i in range(reached):
            x = alive[i]
            if sought_rows[x] == rows[t]:
                continue
            product, common = int64(0), int64(0)
            for z in range(sought_starts[x], sought_starts[x + 1]):
                f = sought_ids[z]
                if numbers[f]:
                    common += dense[f]
                else:
                    product += dense[f] * sought_weights[z]
            score = product / scale
            both = totals[t] + sought_totals[x]
            floor = least_words
            if numbered[t] or sought_numbered[x]:
                score = (score + share * (common / (both - common))) / limit
                floor = least_numbers
            elif common == 0 and totals[t] > 0 and sought_totals[x] > 0:
                score = -1.0
            if score < floor or score <= best[x, last]:
                continue
            j = last
            while j > 0 and best[x, j - 1] < score:
                best[x, j], partners[x, j] = best[x, j - 1], partners[x, j - 1]
                j -= 1
            best[x, j], partners[x, j] = score, rows[t]
            needs[1, x] = max(least_numbers, best[x, last]) * limit
            needs[0, x] = needs[1, x] if sought_numbered[x] else max(least_words, best[x, last])
            changed = True
        for z in range(low, high):
            dense[ids[z]] = 0
