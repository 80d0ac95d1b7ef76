"""The sum of the hashes of the words of a text, which does not depend on their order."""

# ruff: noqa: ANN001, ANN201 - numba types the arguments
# mypy: disable-error-code="no-untyped-def, no-untyped-call, call-arg, unreachable"

import numpy as np
from numba import int64, njit, types, uint64

from ftaudit.similarity.kernels.byte_blocks import BLOCK, PAD, finish
from ftaudit.similarity.kernels.byte_normalisation import normalise, view
from ftaudit.similarity.kernels.shingle_rows import hash_words, split


@njit(
    types.void(
        types.Array(types.int32, 2, "C", readonly=True), types.uint64[::1], types.int64,
        types.int64, types.uint64[::1],
    ),
    nogil=True,
    cache=True,
)  # fmt: skip
def add_words(views, buffers, low, high, sums):
    """Write the sum of the word hashes of texts `low` to `high` to `sums`; 0 without words."""
    longest = 0
    for row in range(low, high):
        longest = max(longest, int64(views[row, 0]))
    text, block = np.zeros(longest + PAD, np.uint8), np.zeros(BLOCK, np.uint8)
    marks, ends = np.empty(longest + PAD, np.uint64), np.empty(longest + PAD, np.int64)
    for row in range(low, high):
        size = normalise(view(views, buffers, row), text, block)
        total = uint64(0)
        if size > 0:
            words = split(text, size, ends)
            hash_words(text, ends, words, marks)
            for i in range(words):
                total += finish(marks[i])
        sums[row] = total
