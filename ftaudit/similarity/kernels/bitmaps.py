"""A bitmap of every set, which rules out most pairs without comparing their members.

Every member sets one bit, chosen by its hash. A bit that is set in one bitmap only stands for a
member of that set only, so the bits that differ are at most the members that differ
(Sandes, Teodoro and Melo 2020, "Bitmap filter: Speeding up exact set similarity joins with
bitwise operations").
"""

# ruff: noqa: ANN001, ANN201 - numba types the arguments
# mypy: disable-error-code="no-untyped-def, no-untyped-call, call-arg"

from typing import Final

from numba import int64, njit, types, uint64

from ftaudit.similarity.kernels.byte_blocks import C1, ones

WORDS: Final = 4
"""Words of a bitmap: 256 bits."""

_U64, _I64, _I32 = types.uint64[::1], types.int64[::1], types.int32[::1]


@njit(types.void(_U64, _I64, _I32, types.uint64[:, ::1]), nogil=True, cache=True)
def draw_bitmaps(values, starts, counts, maps):
    """Write the bitmap of every set to `maps[set]`, all zero so far, of `WORDS` words."""
    for t in range(starts.shape[0]):
        for z in range(starts[t], starts[t] + counts[t]):
            bit = (values[z] * C1) >> uint64(56)
            maps[t, bit >> uint64(6)] |= uint64(1) << (bit & uint64(63))


@njit(inline="always")
def apart(maps, x, y):
    """Return in how many bits two bitmaps differ, which is at most the members that differ."""
    bits = int64(0)
    for w in range(WORDS):
        bits += ones(maps[x, w] ^ maps[y, w])
    return bits
