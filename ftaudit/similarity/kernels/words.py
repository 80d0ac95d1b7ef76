"""Unaligned 64-bit loads and the hashes built on them.

Every load is from scratch memory that ends in `PAD` spare bytes, so no load leaves its buffer.
With `NUMBA_BOUNDSCHECK=1` loads are made byte by byte instead, so that numba checks each one.
"""

# ruff: noqa: ANN001, ANN201, ANN202, ARG001 - numba types the arguments; scratch is theirs to give
# mypy: disable-error-code="no-untyped-def, no-untyped-call, call-arg, unreachable"

from typing import Final

import numpy as np
from llvmlite import ir
from numba import int64, njit, types, uint64
from numba.core.config import BOUNDSCHECK  # type: ignore[attr-defined] # set from the environment
from numba.extending import intrinsic

PAD: Final = 16
"""Spare bytes at the end of every scratch buffer; a load reads at most 7 past the text."""

C1, C2, C3, C4, C5, C6, C7 = (
    np.uint64(c)
    for c in (
        0x9E3779B97F4A7C15,
        0xC2B2AE3D27D4EB4F,
        0x165667B19E3779F9,
        0xD6E8FEB86659FD93,
        0xFF51AFD7ED558CCD,
        0x9FB21C651E98DF25,
        0xA0761D6478BD642F,
    )
)
"""Odd multipliers: the golden ratio, the primes of xxHash64, rrmxmx and the finalizer of
MurmurHash3 (all in the public domain). Changing one changes every signature and index."""

MASKS = np.array([(1 << (8 * k)) - 1 for k in range(8)] + [(1 << 64) - 1], np.uint64)
"""`MASKS[k]` keeps the first `k` bytes of a little-endian word."""


@intrinsic
def _load(context, array, index):
    def codegen(context, builder, signature, arguments):
        values = context.make_array(signature.args[0])(context, builder, arguments[0])
        pointer = builder.gep(values.data, [arguments[1]])
        word = ir.IntType(64)
        loaded = builder.load(builder.bitcast(pointer, ir.PointerType(word)), typ=word)
        loaded.align = 1
        return loaded

    return types.uint64(array, types.int64), codegen


if BOUNDSCHECK:

    @njit
    def load(text, i):
        """Return the 8 bytes of `text` from `i` on, each load checked."""
        word = uint64(0)
        for k in range(8):
            word |= uint64(text[i + k]) << uint64(8 * k)
        return word

else:

    @njit(inline="always")
    def load(text, i):
        """Return the 8 bytes of `text` from `i` on as a little-endian word."""
        return _load(text, int64(i))


@njit(inline="always")
def finish(h):
    """Mix every bit of `h` into every other."""
    h ^= h >> np.uint64(32)
    h *= C4
    h ^= h >> np.uint64(29)
    h *= C5
    h ^= h >> np.uint64(32)
    return h


@njit(inline="always")
def hash_bytes(text, start, length):
    """Hash `length` bytes to 64 bits; `finish` is still to come."""
    h = uint64(length) * C1
    while length >= 8:
        h = (h ^ load(text, start)) * C2
        h ^= h >> np.uint64(32)
        start += 8
        length -= 8
    if length > 0:
        h = (h ^ (load(text, start) & MASKS[length])) * C2
        h ^= h >> np.uint64(32)
    return h


@njit(inline="always")
def hash_text(text, length):
    """Hash a whole text to two independent 64-bit values in one walk."""
    a, b = uint64(length) * C1, uint64(length) * C6
    i = 0
    while i < length:
        word = load(text, i) & MASKS[min(8, length - i)]
        a = (a ^ word) * C2
        a ^= a >> np.uint64(32)
        b = (b ^ word) * C7
        b ^= b >> np.uint64(29)
        i += 8
    return finish(a), finish(b)
