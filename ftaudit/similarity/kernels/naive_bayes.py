"""Counts of features by label, and the doubt in the label of a row that follows from them.

Multinomial naive Bayes without priors (Manning, Raghavan and Schütze, Introduction to Information
Retrieval, section 13.2). The score of a label is the sum over the features of a row of
`log((count + s) / (total + s * places))`; counts of the own label of the row are lowered by the row
itself, so that it is judged by the other rows alone. The scores are divided by how many features
carry the same evidence, then the softmax gives probabilities.
"""

# ruff: noqa: ANN001, ANN201, PLR0913, PLR0917 - numba types the arguments; one loop nest
# mypy: disable-error-code="no-untyped-def, no-untyped-call, call-arg, unreachable"

import numpy as np
from numba import int64, njit, types, uint64

_U64, _I64, _I32 = types.uint64[::1], types.int64[::1], types.int32[::1]
_F64, _COUNTS = types.float64[::1], types.uint32[:, ::1]


@njit(
    types.int64(_U64, types.int64, types.int64, types.int64, _U64, _I64, types.int64, _I32),
    nogil=True,
    cache=True,
)
def list_places(hashes, start, count, last, table, stamps, stamp, places):
    """Write the place of each distinct hash of a row, in order; return how many.

    The place is `hash & last`. Those beyond the length of `places` are skipped. `table` and
    `stamps` have a power of two entries, at least twice `count`.
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
            if kept == places.shape[0]:
                break
            stamps[q], table[q] = stamp, h
            places[kept] = int64(h & uint64(last))
            kept += 1
    return kept


@njit(types.void(_U64, _I32, _I32, _U64, _I64, _I32, _COUNTS), nogil=True, cache=True)
def count_features(hashes, sizes, labels, table, stamps, places, counts):
    """Count the features of rows, `hashes` one row after another, in `counts[place, label]`.

    Each distinct hash of a row counts once. `table`, `stamps` (zeros) and `places` are scratch, as
    `list_places` needs it for the largest row.
    """
    start, last = 0, counts.shape[0] - 1
    for t in range(len(sizes)):
        kept = list_places(hashes, start, sizes[t], last, table, stamps, t + 1, places)
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
def add_evidence(places, kept, label, counts, logs, smoothing, own, scores):
    """Add up, for every label, the logarithms of its smoothed counts at the places of a row.

    The row itself, which has `label`, is left out of the counts. `logs[c]` is the logarithm of
    count `c`; those of higher counts are computed. `own` is scratch for all places, 0 before and
    after.
    """
    for k in range(kept):
        own[places[k]] += 1
    for other in range(scores.shape[0]):
        scores[other] = 0.0
    for k in range(kept):
        p = places[k]
        for other in range(scores.shape[0]):
            count = int64(counts[p, other])
            if other == label:
                count -= own[p]
            scores[other] += logs[count] if count < len(logs) else np.log(count + smoothing)
    for k in range(kept):
        own[places[k]] = 0


@njit(
    types.void(
        _U64, _I32, _I32, types.boolean[::1], _U64, _I64, _I32, _COUNTS, _I64, _F64,
        types.float64, types.float64,
        _I32, _F64, _F64, _F64,
    ),
    nogil=True,
    cache=True,
)  # fmt: skip
def doubt_rows(
    hashes, sizes, labels, taught, table, stamps, places, counts, totals, logs, smoothing, shared,
    own, scores, norms, doubts,
):  # fmt: skip
    """Write 1 minus the probability of each row's label, judged by all other rows.

    Rows and scratch as for `count_features`; `taught` is whether it has counted each row too.
    `shared` is how many features carry the same evidence; `smoothing` is added to every count, and
    `logs[c]` is the logarithm of `c + smoothing`. `own` (zeros), `scores` and `norms` are scratch
    for places, labels and labels.
    """
    spare = smoothing * counts.shape[0]
    for other in range(len(totals)):
        norms[other] = np.log(totals[other] + spare)
    start, last = 0, counts.shape[0] - 1
    for t in range(len(sizes)):
        kept = list_places(hashes, start, sizes[t], last, table, stamps, t + 1, places)
        start += sizes[t]
        label = int64(labels[t])
        left_out = label if taught[t] else int64(-1)
        add_evidence(places, kept, left_out, counts, logs, smoothing, own, scores)
        scale = kept / shared if kept > shared else 1.0
        norm = norms[label]
        if taught[t]:
            norms[label] = np.log(totals[label] - kept + spare)
        highest = -np.inf
        for other in range(len(totals)):
            scores[other] = (scores[other] - kept * norms[other]) / scale
            highest = max(highest, scores[other])
        norms[label] = norm
        odds = 0.0
        for other in range(len(totals)):
            odds += np.exp(scores[other] - highest)
        doubts[t] = 1.0 - np.exp(scores[label] - highest) / odds
