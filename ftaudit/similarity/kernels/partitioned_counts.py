"""Count the shingles of all texts in one large table, one part of the table at a time.

The table is far larger than the cache of a processor: counting in the order of the text would cost
a cache miss per shingle. So the counters of a batch of rows are sorted by part of the table first;
then the parts are counted one after another, each while it is cached. Threads count in different
parts, so they need no lock.
"""

# ruff: noqa: ANN001, ANN201 - numba types the arguments
# mypy: disable-error-code="no-untyped-def, no-untyped-call"

from typing import Final

import numpy as np
from numba import int64, njit, types, uint64

from ftaudit.similarity.kernels.bit_counters import cell

PARTS: Final = 64
"""Parts of the table; a part of a table of 128 MiB fits the second cache of a processor."""

_U64, _U32, _I64 = types.uint64[::1], types.uint32[::1], types.int64[::1]
_SHIFT = 6  # log2 of PARTS


@njit(types.void(_U64, types.int64, _U32, _I64), nogil=True, cache=True)
def sort_cells(tokens, bits, cells, bounds):
    """Write the cell of each token among `2 ** bits`, at most 2^32, by part of the table.

    Those of part `p` are `cells[bounds[p] : bounds[p + 1]]`; `bounds` has `PARTS + 1` places.
    """
    shift = uint64(bits - _SHIFT)
    ends = np.zeros(PARTS, np.int64)
    for token in tokens:
        ends[cell(token, uint64(0), bits) >> shift] += 1
    at = int64(0)
    for part in range(PARTS):
        bounds[part] = at
        at += ends[part]
        ends[part] = bounds[part]
    bounds[PARTS] = at
    for token in tokens:
        c = cell(token, uint64(0), bits)
        cells[ends[c >> shift]] = np.uint32(c)
        ends[c >> shift] += 1


@njit(types.void(_U32, types.int64[:, ::1], types.int64, types.int64, _U64), nogil=True, cache=True)
def count_cells(cells, bounds, low, high, counters):
    """Count the sorted cells of several batches in parts `low` to `high` of the counters.

    `bounds[s]` are those of batch `s`. Counters have two bits, 32 to a word, and stop at 2.
    """
    for part in range(low, high):
        for s in range(bounds.shape[0]):
            for i in range(bounds[s, part], bounds[s, part + 1]):
                word, place = cells[i] >> 5, uint64(cells[i] & 31) << uint64(1)
                before = (counters[word] >> place) & uint64(3)
                counters[word] += uint64(before < 2) << place
