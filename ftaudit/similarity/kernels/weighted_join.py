"""Rows as weighted words and numbers, and the best of them for each of some others.

`reworded.best_matches` explains the bounds; Bayardo, Ma and Srikant (2007), "Scaling up all pairs
similarity search", has the join of vectors with a threshold that this follows.
"""

# ruff: noqa: ANN001, ANN201, PLR0913, PLR0917, PLR0912, PLR0915, C901 - numba types the arguments; one loop nest
# mypy: disable-error-code="no-untyped-def, no-untyped-call"

import math

import numpy as np
from numba import int64, njit, types

_U64, _I64, _I32 = types.uint64[::1], types.int64[::1], types.int32[::1]
_F64, _BOOL = types.float64[::1], types.boolean[::1]


@njit(types.void(_U64, _U64, _I32), nogil=True, cache=True)
def place_keys(keys, table, slots):
    """Put distinct keys into a table of a power of two entries; empty slots are -1."""
    mask = len(table) - 1
    for i in range(len(keys)):
        q = int64(keys[i]) & mask
        while slots[q] >= 0:
            q = (q + 1) & mask
        table[q], slots[q] = keys[i], i


@njit(
    types.int64(
        _I32, _U64, _BOOL, types.int64, _U64, _I32, _BOOL, _I64, types.int64, _I64, types.int64,
        types.int64, _I64, _I32, _I64, _I64, _BOOL,
    ),
    nogil=True,
    cache=True,
)  # fmt: skip
def weigh_tokens(
    rows, keys, kinds, count, table, slots, numbers, rarity, unseen, times, unit,
    least_numbers, starts, ids, weights, totals, numbered,
):  # fmt: skip
    """Do what `reworded.weighted_rows.weigh` does; the ids of a row are in no order.

    `starts` and what follows are written; returns how many ids there are.
    """
    seen = np.zeros(len(numbers), np.int64)
    mask = len(table) - 1
    at, end = int64(0), int64(0)
    for t in range(count):
        starts[t] = end
        squares, total, values = int64(0), int64(0), int64(0)
        while at < len(rows) and rows[at] == t:
            q = int64(keys[at]) & mask
            while slots[q] >= 0 and table[q] != keys[at]:
                q = (q + 1) & mask
            f = slots[q]
            if f < 0:
                if kinds[at]:
                    total += unseen
                    values += 1
                else:
                    squares += (times[1] * unseen) ** 2
            else:
                if seen[f] == 0:
                    ids[end] = f
                    end += 1
                seen[f] += 1
            at += 1
        for z in range(starts[t], end):
            f = ids[z]
            if numbers[f]:
                weights[z] = rarity[f]
                total += rarity[f]
                values += 1
            else:
                weights[z] = times[min(seen[f], 255)] * rarity[f]
                squares += weights[z] ** 2
            seen[f] = 0
        length = max(math.sqrt(float(squares)), 1.0)
        for z in range(starts[t], end):
            if not numbers[ids[z]]:
                weights[z] = int64(weights[z] * float(unit) / length + 0.5)
        totals[t], numbered[t] = total, values >= least_numbers
    starts[count] = end
    return end


@njit(inline="always")
def sort_descending(rank, places, count):
    """Sort two arrays together, the largest rank first (Shell's method, Ciura's gaps)."""
    for gap in (1750, 701, 301, 132, 57, 23, 10, 4, 1):
        for i in range(gap, count):
            r, p = rank[i], places[i]
            j = i
            while j >= gap and rank[j - gap] < r:
                rank[j], places[j] = rank[j - gap], places[j - gap]
                j -= gap
            rank[j], places[j] = r, p


@njit(
    types.void(
        _I64, _I32, _I64, _I64, _BOOL, _I64,
        _BOOL, _I64, _I32, _I64, types.int64, _I64, _BOOL, _I64,
        types.float64, types.float64, types.float64, types.float64,
        types.float64[:, ::1], types.int64[:, ::1],
    ),
    nogil=True,
    cache=True,
)  # fmt: skip
def join_rows(
    starts, ids, weights, totals, numbered, rows,
    numbers, bounds, posted, sought_weights, count, sought_totals, sought_numbered, sought_rows,
    unit, share, least_words, least_numbers,
    best, partners,
):  # fmt: skip
    """Find for every sought row the rows most like it; of equals the first.

    `bounds`, `posted` and `sought_weights` are an inverted index of the `count` sought rows: word
    `f` stands in `posted[bounds[f] : bounds[f + 1]]`. Each row of `best`, descending, and of
    `partners` is updated. Likeness below `least_words` or `least_numbers` is not looked for.
    """
    slack = 1e-3  # of rounded weights, and of sums in another order
    limit = 1.0 + share
    widest = 1
    for t in range(len(totals)):
        widest = max(widest, starts[t + 1] - starts[t])
    rank, order = np.empty(widest, np.float64), np.empty(widest, np.int64)
    dots, common = np.zeros(count, np.int64), np.zeros(count, np.int64)
    near, touched = np.zeros(count, np.float64), np.empty(count, np.int64)
    marked = np.zeros(count, np.bool_)
    last = best.shape[1] - 1
    scale = float(unit) * float(unit)
    for t in range(len(totals)):
        size = 0
        for z in range(starts[t], starts[t + 1]):
            f = ids[z]
            if bounds[f] == bounds[f + 1]:
                continue
            if numbers[f]:
                rank[size] = math.sqrt(share * weights[z] / totals[t])
            else:
                rank[size] = weights[z] / float(unit)
            order[size] = z
            size += 1
        sort_descending(rank, order, size)
        least = least_numbers * limit
        if not numbered[t]:
            least = min(least, least_words)
        # what the words and numbers after the first `cut` can add to any product
        cut, word_rest, number_rest, rest = size, 0.0, 0.0, 0.0
        while cut > 0:
            words_, numbers_ = word_rest, number_rest
            if numbers[ids[order[cut - 1]]]:
                numbers_ += rank[cut - 1] ** 2
            else:
                words_ += rank[cut - 1] ** 2
            more = math.sqrt(words_) + math.sqrt(share * numbers_)
            if more >= least - slack:
                break
            word_rest, number_rest, rest = words_, numbers_, more
            cut -= 1
        reached = 0
        for i in range(cut):
            z = order[i]
            f = ids[z]
            for p in range(bounds[f], bounds[f + 1]):
                x = posted[p]
                if not marked[x]:
                    marked[x] = True
                    touched[reached] = x
                    reached += 1
                if numbers[f]:
                    common[x] += weights[z]
                    near[x] += rank[i] * math.sqrt(share * sought_weights[p] / sought_totals[x])
                else:
                    dots[x] += weights[z] * sought_weights[p]
        alive = 0
        for i in range(reached):
            x = touched[i]
            need = max(least_numbers, best[x, last]) * limit
            if not (numbered[t] or sought_numbered[x]):
                need = max(least_words, best[x, last])
            if sought_rows[x] != rows[t] and dots[x] / scale + near[x] + rest >= need - slack:
                touched[alive] = x
                alive += 1
            else:
                marked[x], dots[x], common[x] = False, 0, 0
            near[x] = 0.0
        # `marked` are those that may still count: finish their sums
        if alive:
            for i in range(cut, size):
                z = order[i]
                f = ids[z]
                low, high = bounds[f], bounds[f + 1]
                if high - low <= 8 * alive:
                    for p in range(low, high):
                        if marked[posted[p]]:
                            if numbers[f]:
                                common[posted[p]] += weights[z]
                            else:
                                dots[posted[p]] += weights[z] * sought_weights[p]
                else:
                    for j in range(alive):
                        x = touched[j]
                        p = low + np.searchsorted(posted[low:high], x)
                        if p < high and posted[p] == x:
                            if numbers[f]:
                                common[x] += weights[z]
                            else:
                                dots[x] += weights[z] * sought_weights[p]
        for i in range(alive):
            x = touched[i]
            score = dots[x] / scale
            both = totals[t] + sought_totals[x]
            floor = least_words
            if numbered[t] or sought_numbered[x]:
                score = (score + share * (common[x] / (both - common[x]))) / limit
                floor = least_numbers
            elif common[x] == 0 and totals[t] > 0 and sought_totals[x] > 0:
                score = -1.0
            marked[x], dots[x], common[x] = False, 0, 0
            if score < floor or score <= best[x, last]:
                continue
            j = last
            while j > 0 and best[x, j - 1] < score:
                best[x, j], partners[x, j] = best[x, j - 1], partners[x, j - 1]
                j -= 1
            best[x, j], partners[x, j] = score, rows[t]
