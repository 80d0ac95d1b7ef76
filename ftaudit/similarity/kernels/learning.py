"""Counts of features by label, and how much the label of a row is in doubt by them."""

# ruff: noqa: ANN001, ANN201, PLR0913, PLR0917 - numba types the arguments; one loop nest
# mypy: disable-error-code="no-untyped-def, no-untyped-call, call-arg, unreachable"

import numpy as np
from numba import int64, njit, types, uint64

_U64, _I64, _I32 = types.uint64[::1], types.int64[::1], types.int32[::1]
_F64, _COUNTS = types.float64[::1], types.uint32[:, ::1]


@njit(
    types.int64(
        _U64, types.int64, types.int64, types.int64, types.int64, _U64, _I64, types.int64, _I32
    ),
    nogil=True,
    cache=True,
)
def list_places(hashes, start, count, most, last, table, stamps, stamp, places):
    """Write the place of each distinct hash of a row, in order, at most `most`; return how many.

    The place is `hash & last`. `table` and `stamps` have a power of two entries, at least twice
    `count`.
    """
    mask = 1
    while mask < 2 * count:
        mask *= 2
    mask -= 1
    kept = 0
    for z in range(start, start + count):
        h = hashes[z]
        q = int64(h) & mask
        while stamps[q] == stamp and table[q] != h:
            q = (q + 1) & mask
        if stamps[q] != stamp:
            if kept == most:
                break
            stamps[q], table[q] = stamp, h
            places[kept] = int64(h & uint64(last))
            kept += 1
    return kept


@njit(types.void(_U64, _I32, _I32, types.int64, _COUNTS), nogil=True, cache=True)
def count_features(hashes, sizes, labels, most, counts):
    """Count the features of rows, `hashes` one row after another, in `counts[place, label]`.

    Each distinct hash of a row counts once, and the first `most` of them alone.
    """
    widest = 1
    for t in range(len(sizes)):
        widest = max(widest, sizes[t])
    room = 2
    while room < 2 * widest:
        room *= 2
    table, stamps = np.zeros(room, np.uint64), np.zeros(room, np.int64)
    places = np.empty(min(most, widest), np.int32)
    start, last = 0, counts.shape[0] - 1
    for t in range(len(sizes)):
        kept = list_places(hashes, start, sizes[t], most, last, table, stamps, t + 1, places)
        for k in range(kept):
            counts[places[k], labels[t]] += np.uint32(1)
        start += sizes[t]


@njit(
    types.void(
        _I32, types.int64, types.int64, _COUNTS, _F64, types.float64, _I32, _F64,
    ),
    nogil=True,
    cache=True,
)  # fmt: skip
def add_evidence(places, kept, label, counts, logs, smoothing, own, likely):
    """Add up, for every label, the logarithms of its smoothed counts at the places of a row.

    The row, which has `label`, is left out of them. `logs[c]` is that of count `c`; beyond, it is
    computed. `own` is scratch for all places, 0 before and after.
    """
    for k in range(kept):
        own[places[k]] += 1
    likely[:] = 0.0
    for k in range(kept):
        p = places[k]
        for other in range(likely.shape[0]):
            count = int64(counts[p, other])
            if other == label:
                count -= own[p]
            likely[other] += logs[count] if count < len(logs) else np.log(count + smoothing)
    for k in range(kept):
        own[places[k]] = 0


@njit(
    types.void(
        _U64, _I32, _I32, types.int64, _COUNTS, _I64, _F64, types.float64, types.float64, _F64,
    ),
    nogil=True,
    cache=True,
)  # fmt: skip
def doubt_rows(hashes, sizes, labels, most, counts, totals, logs, smoothing, shared, doubts):
    """Write 1 minus the probability of each row's label, judged by all other rows.

    Rows are given as to `count_features`, which counted them too. `shared` is how many features
    say the same; `smoothing` is added to every count, and `logs[c]` is the logarithm of `c` and it.
    """
    widest = 1
    for t in range(len(sizes)):
        widest = max(widest, sizes[t])
    room = 2
    while room < 2 * widest:
        room *= 2
    table, stamps = np.zeros(room, np.uint64), np.zeros(room, np.int64)
    places, own = np.empty(min(most, widest), np.int32), np.zeros(counts.shape[0], np.int32)
    likely, norms = np.empty(len(totals), np.float64), np.empty(len(totals), np.float64)
    for other in range(len(totals)):
        norms[other] = np.log(totals[other] + smoothing * counts.shape[0])
    start, last = 0, counts.shape[0] - 1
    for t in range(len(sizes)):
        kept = list_places(hashes, start, sizes[t], most, last, table, stamps, t + 1, places)
        start += sizes[t]
        add_evidence(places, kept, labels[t], counts, logs, smoothing, own, likely)
        highest, scale = -np.inf, max(1.0, kept / shared)
        for other in range(len(totals)):
            norm = norms[other]
            if other == labels[t]:
                norm = np.log(totals[other] - kept + smoothing * counts.shape[0])
            likely[other] = (likely[other] - kept * norm) / scale
            highest = max(highest, likely[other])
        odds = 0.0
        for other in range(len(totals)):
            odds += np.exp(likely[other] - highest)
        doubts[t] = 1.0 - np.exp(likely[labels[t]] - highest) / odds
