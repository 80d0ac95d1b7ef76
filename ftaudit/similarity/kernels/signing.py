"""Rows → MinHash signatures, band keys and text hashes."""

# ruff: noqa: ANN001, ANN201, PLR0913, PLR0917 - numba types the arguments; scratch is theirs to give
# mypy: disable-error-code="no-untyped-def, no-untyped-call, call-arg, unreachable"

import numpy as np
from numba import njit, types, uint32, uint64

from ftaudit.similarity.kernels.shingles import distinct, longest, normalise, shingle
from ftaudit.similarity.kernels.words import C1, C2, finish, hash_text

_BYTES = types.Array(types.uint8, 1, "C", readonly=True)
_OFFSETS = types.Array(types.int64, 1, "C", readonly=True)


@njit(inline="always")
def premix(h):
    """Take 32 bits of a shingle hash through the finalizer of MurmurHash3, as datasketch does."""
    x = uint32(h >> np.uint64(32))
    x ^= x >> uint32(16)
    x *= uint32(0x85EBCA6B)
    x ^= x >> uint32(13)
    x *= uint32(0xC2B2AE35)
    x ^= x >> uint32(16)
    return x


@njit(fastmath=True)
def permute(mixed, count, a, b, signature):
    """Set `signature[k]` to the least `a[k] * h + b[k]` modulo 2^32 (datasketch's `affine32`)."""
    for k in range(a.shape[0]):
        signature[k] = uint32(0xFFFFFFFF)
    for j in range(count):
        h = mixed[j]
        for k in range(a.shape[0]):
            signature[k] = min(signature[k], uint32(uint32(a[k] * h) + b[k]))


@njit(
    types.void(
        _BYTES,
        _OFFSETS,
        types.int64,
        types.int64,
        types.boolean,
        types.uint32[::1],
        types.uint32[::1],
        types.int64,
        types.uint64[:, ::1],
        types.uint64[::1],
        types.uint64[::1],
        types.boolean[::1],
    ),
    nogil=True,
    cache=True,
)
def sign_rows(buffer, offsets, low, high, chars, a, b, width, keys, first, second, empty):
    """Fill band keys `keys[band, row]` and both text hashes of rows `low` to `high`.

    No band (no row in `keys`) means text hashes only.
    """
    scratch = longest(offsets, low, high)
    text, marks = np.zeros(scratch, np.uint8), np.empty(scratch, np.uint64)
    out, mixed = np.empty(scratch, np.uint64), np.empty(scratch, np.uint32)
    signature = np.empty(a.shape[0], np.uint32)
    for i in range(low, high):
        size, count = shingle(buffer, offsets[i], offsets[i + 1], chars, text, marks, out)
        empty[i] = count == 0
        first[i], second[i] = hash_text(text, size)
        if keys.shape[0] == 0:
            continue
        for j in range(count):
            mixed[j] = premix(out[j])
        permute(mixed, count, a, b, signature)
        for band in range(keys.shape[0]):
            h = uint64(band + 1) * C1
            for q in range(width):
                h = (h ^ uint64(signature[band * width + q])) * C2
                h ^= h >> np.uint64(31)
            keys[band, i] = finish(h)


@njit(
    types.void(
        _BYTES,
        _OFFSETS,
        types.int64[::1],
        types.int64,
        types.int64,
        types.boolean,
        types.uint32[::1],
        types.uint32[::1],
        types.uint32[:, ::1],
    ),
    nogil=True,
    cache=True,
)
def sign_some(buffer, offsets, rows, low, high, chars, a, b, signatures):
    """Fill the signatures of chosen rows, for export and for an index."""
    scratch = longest(offsets, 0, offsets.shape[0] - 1)
    text, marks = np.zeros(scratch, np.uint8), np.empty(scratch, np.uint64)
    out, mixed = np.empty(scratch, np.uint64), np.empty(scratch, np.uint32)
    for t in range(low, high):
        i = rows[t]
        _, count = shingle(buffer, offsets[i], offsets[i + 1], chars, text, marks, out)
        for j in range(count):
            mixed[j] = premix(out[j])
        permute(mixed, count, a, b, signatures[t])


@njit(
    types.int64(
        _BYTES,
        _OFFSETS,
        types.int64[::1],
        types.int64,
        types.int64,
        types.boolean,
        types.uint64[::1],
        types.int64[::1],
        types.int64[::1],
    ),
    nogil=True,
    cache=True,
)
def set_rows(buffer, offsets, rows, low, high, chars, values, starts, counts):
    """Write the shingle sets of `rows[low:high]`, packed from `starts[low]` on; return the end.

    `values` must have room for one value per byte of text and one more per row.
    """
    scratch = 16
    for t in range(low, high):
        scratch = max(scratch, offsets[rows[t] + 1] - offsets[rows[t]] + 16)
    room = 1
    while room < 2 * scratch:
        room *= 2
    table, stamps = np.zeros(room, np.uint64), np.zeros(room, np.int64)
    text, marks = np.zeros(scratch, np.uint8), np.empty(scratch, np.uint64)
    out = np.empty(scratch, np.uint64)
    at = starts[low] if low < high else 0
    for t in range(low, high):
        i = rows[t]
        _, count = shingle(buffer, offsets[i], offsets[i + 1], chars, text, marks, out)
        starts[t] = at
        counts[t] = distinct(out, count, table, stamps, t - low + 1, values[at:])
        at += counts[t]
    return at


@njit(types.void(_BYTES, _OFFSETS, types.uint64[::1], types.uint64[::1]), nogil=True, cache=True)
def hash_texts(buffer, offsets, first, second):
    """Fill both hashes of the normalised text of every row."""
    text = np.zeros(longest(offsets, 0, offsets.shape[0] - 1), np.uint8)
    for i in range(offsets.shape[0] - 1):
        size = normalise(buffer, offsets[i], offsets[i + 1], text)
        first[i], second[i] = hash_text(text, size)
