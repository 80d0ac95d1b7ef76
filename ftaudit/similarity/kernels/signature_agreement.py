"""Signatures of rows against those of an index: what is most similar to each."""

# ruff: noqa: ANN001, ANN201, PLR0913, PLR0917 - numba types the arguments
# mypy: disable-error-code="no-untyped-def, no-untyped-call"

import numpy as np
from numba import int32, njit, types

from ftaudit.similarity.kernels.called import called
from ftaudit.similarity.kernels.minhash import band_key

_U32S, _U64S = types.uint32[:, ::1], types.uint64[:, ::1]


@njit(types.void(_U32S, types.int64, _U64S), nogil=True, cache=True)
def key_bands(signatures, width, keys):
    """Write the key of every band and signature to `keys[band, row]`."""
    for t in range(signatures.shape[0]):
        for band in range(keys.shape[0]):
            keys[band, t] = band_key(signatures[t], band, width)


@called
def first_at(keys, band, key):
    """Return the first place in a sorted band that holds `key` or a higher key.

    `np.searchsorted` does the same, and takes four times as long to compile.
    """
    low, high = 0, keys.shape[1]
    while low < high:
        middle = (low + high) // 2
        if keys[band, middle] < key:
            low = middle + 1
        else:
            high = middle
    return low


@njit(
    types.void(
        _U32S, types.uint64[::1], types.boolean[::1], _U32S, types.uint64[::1], _U64S,
        types.int32[:, ::1], types.int64, types.int32[::1], types.int32[::1], types.int32[::1],
        types.int32[::1],
    ),
    nogil=True,
    cache=True,
)  # fmt: skip
def match_rows(
    signatures,
    firsts,
    empty,
    entries,
    entry_firsts,
    keys,
    order,
    width,
    best,
    best_row,
    own_best,
    own_entry,
):
    """Find for every entry the row that agrees with it in most permutations, and the reverse.

    `keys[band]` are the keys of the entries, sorted, and `order[band]` the entry of each. `best[e]`
    is how many permutations agree, one more when the hashes of the texts agree too; `best_row[e]`
    the first row with that many. `own_best[t]` and `own_entry[t]` are the same of row `t`: the
    entry that agrees most with it, of several the first. All are updated.
    """
    seen = np.zeros(entries.shape[0], np.int32)  # one more than the last row compared with each
    for t in range(signatures.shape[0]):
        if empty[t]:
            continue
        for band in range(keys.shape[0]):
            key = band_key(signatures[t], band, width)
            z = first_at(keys, band, key)
            while z < keys.shape[1] and keys[band, z] == key:
                e = order[band, z]
                z += 1
                if seen[e] > t:
                    continue
                seen[e] = t + 1
                agree = int32(0)
                for k in range(entries.shape[1]):
                    agree += int32(entries[e, k] == signatures[t, k])
                if agree == entries.shape[1] and firsts[t] == entry_firsts[e]:
                    agree += int32(1)
                if agree > best[e]:
                    best[e], best_row[e] = agree, t
                if agree > own_best[t] or (agree == own_best[t] and e < own_entry[t]):
                    own_best[t], own_entry[t] = agree, e
