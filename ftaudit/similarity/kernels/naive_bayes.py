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


@njit(inline="always")
def emptied(table, features):
    """Empty as much of a table as so many hashes need; return the mask of its places."""
    room = 1
    while room < 4 * features:
        room *= 2
    for q in range(room):
        table[q] = uint64(0)
    return uint64(room - 1)


@njit(inline="always")
def is_new(h, table, mask):
    """Put a hash other than 0 into a table where empty places are 0; return whether it is new."""
    q = h & mask
    while table[q] != uint64(0):
        if table[q] == h:
            return False
        q = (q + uint64(1)) & mask
    table[q] = h
    return True


@njit(
    types.int64(_U64, types.int64, types.int64, types.int64, _U64, _I32),
    nogil=True,
    cache=True,
)
def list_places(hashes, start, count, last, table, places):
    """Write the place of each distinct hash of a row, in order; return how many.

    The place is `hash & last`. Those beyond the length of `places` are skipped. `table` is scratch:
    a power of two, at least four times as many as `places` or the hashes, whichever is less.
    """
    mask = emptied(table, min(count, len(places)))
    kept, zero = int64(0), False
    for z in range(start, start + count):
        h = hashes[z]
        if h == uint64(0) and zero:
            continue
        if kept == len(places):
            break
        if h == uint64(0):
            zero = True
        elif not is_new(h, table, mask):
            continue
        places[kept] = int64(h & uint64(last))
        kept += 1
    return kept


@njit(types.void(_U64, _I32, _I32, types.int64, _U64, _COUNTS), nogil=True, cache=True)
def count_features(hashes, sizes, labels, most, table, counts):
    """Count the features of rows, `hashes` one row after another, in `counts[place, label]`.

    Each distinct hash of a row counts once, up to `most` of them. `table` is scratch, as
    `list_places` needs it for `most` places and the largest row.
    """
    start, last = 0, uint64(counts.shape[0] - 1)
    for t in range(len(sizes)):
        label, kept, zero = labels[t], int64(0), False
        mask = emptied(table, min(int64(sizes[t]), most))
        for z in range(start, start + sizes[t]):
            h = hashes[z]
            if h == uint64(0) and zero:
                continue
            if kept == most:
                break
            if h == uint64(0):
                zero = True
            elif not is_new(h, table, mask):
                continue
            counts[h & last, label] += np.uint32(1)
            kept += 1
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
        _U64, _I32, _I32, types.boolean[::1], _U64, _I32, _COUNTS, _I64, _F64,
        types.float64, types.float64,
        _I32, _F64, _F64, _F64,
    ),
    nogil=True,
    cache=True,
)  # fmt: skip
def doubt_rows(
    hashes, sizes, labels, taught, table, places, counts, totals, logs, smoothing, shared, own,
    scores, norms, doubts,
):  # fmt: skip
    """Write 1 minus the probability of each row's label, judged by all other rows.

    Rows as for `count_features`; `taught` is whether it has counted each row too. `table` and
    `places` are scratch for `list_places`.
    `shared` is how many features carry the same evidence; `smoothing` is added to every count, and
    `logs[c]` is the logarithm of `c + smoothing`. `own` (zeros), `scores` and `norms` are scratch
    for places, labels and labels.
    """
    spare = smoothing * counts.shape[0]
    for other in range(len(totals)):
        norms[other] = np.log(totals[other] + spare)
    start, last = 0, counts.shape[0] - 1
    for t in range(len(sizes)):
        kept = list_places(hashes, start, sizes[t], last, table, places)
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
