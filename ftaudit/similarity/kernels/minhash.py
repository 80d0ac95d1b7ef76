"""Shingle hashes → MinHash signatures and band keys (Broder 1997).

The least value of a random permutation over a set is the same for two sets with a probability equal
to their Jaccard similarity. A signature holds that of many permutations; a band is a hash of a few
of them, so that similar sets share some band with a high probability (locality-sensitive hashing).
"""

# ruff: noqa: ANN001, ANN201, PLR0913, PLR0917 - numba types the arguments; scratch is theirs to give
# mypy: disable-error-code="no-untyped-def, no-untyped-call"

import numpy as np
from numba import int64, njit, types, uint32, uint64

from ftaudit.similarity.kernels.byte_blocks import C1, C2, finish
from ftaudit.similarity.kernels.called import called

_U64, _U32, _I32 = types.uint64[::1], types.uint32[::1], types.int32[::1]


@njit(inline="always")
def premix(h):
    """Take 32 bits of a shingle hash through the finalizer of MurmurHash3, as datasketch does."""
    x = uint32(h >> np.uint64(32))
    x = uint32(x ^ (x >> uint32(16)))
    x = uint32(x * uint32(0x85EBCA6B))  # every step is cut to 32 bits: numba would widen it
    x = uint32(x ^ (x >> uint32(13)))
    x = uint32(x * uint32(0xC2B2AE35))
    return uint32(x ^ (x >> uint32(16)))


@called
def permute(hashes, start, count, mixed, a, b, signature):
    """Set `signature[k]` to the least `a[k] * h + b[k]` modulo 2^32 (datasketch's `affine32`).

    Eight shingles at a time, so that a signature is loaded and stored an eighth as often; the last
    eight are filled up with the first shingle, which changes no minimum. `mixed` needs room for it.
    """
    for j in range(count):
        mixed[j] = premix(hashes[start + j])
    full = (count + 7) & ~7
    for j in range(count, full):
        mixed[j] = mixed[0]
    for k in range(a.shape[0]):
        signature[k] = uint32(0xFFFFFFFF)
    for j in range(0, full, 8):
        h0, h1, h2, h3 = mixed[j], mixed[j + 1], mixed[j + 2], mixed[j + 3]
        h4, h5, h6, h7 = mixed[j + 4], mixed[j + 5], mixed[j + 6], mixed[j + 7]
        for k in range(a.shape[0]):
            x, y = a[k], b[k]
            p = min(uint32(uint32(x * h0) + y), uint32(uint32(x * h1) + y))
            q = min(uint32(uint32(x * h2) + y), uint32(uint32(x * h3) + y))
            r = min(uint32(uint32(x * h4) + y), uint32(uint32(x * h5) + y))
            s = min(uint32(uint32(x * h6) + y), uint32(uint32(x * h7) + y))
            signature[k] = min(signature[k], p, q, r, s)


@called
def band_key(signature, band, width):
    """Return the hash of one band of a signature: `width` values from `band * width` on.

    Two values make a word of 64 bits; the last of an odd number is a word by itself.
    """
    h, first = uint64(band + 1) * C1, band * width
    for q in range(first, first + width - 1, 2):
        h = stir(h, uint64(signature[q]) | uint64(signature[q + 1]) << uint64(32))
    if width & 1:
        h = stir(h, uint64(signature[first + width - 1]))
    return finish(h)


@njit(inline="always")
def even_band_key(words, band, half):
    """Return `band_key` of a signature in words of two values, for bands of `half` words."""
    h = uint64(band + 1) * C1
    for q in range(band * half, band * half + half):
        h = stir(h, words[q])
    return finish(h)


@njit(inline="always")
def stir(h, word):
    """Add a word to a hash."""
    h = (h ^ word) * C2
    return h ^ (h >> np.uint64(31))


@njit(
    types.void(_U64, _I32, _U32, _U32, types.int64, types.uint64[:, ::1], types.int64),
    nogil=True,
    cache=True,
)
def sign_bands(hashes, counts, a, b, width, keys, column):
    """Write the band keys of each row to `keys[band, column + row]`.

    Eight rows at a time, so that whole cache lines of every band are written: writing one key would
    cost as much as writing eight.
    """
    most = 1
    for t in range(counts.shape[0]):
        most = max(most, counts[t])
    mixed, words = np.empty(most + 8, np.uint32), np.empty(a.shape[0] // 2 + 1, np.uint64)
    signature, tile = words.view(np.uint32), np.empty((keys.shape[0], 8), np.uint64)
    start = int64(0)
    for t in range(counts.shape[0]):
        permute(hashes, start, counts[t], mixed, a, b, signature)
        start += counts[t]
        last = t & 7
        for band in range(keys.shape[0]):
            if width & 1:
                tile[band, last] = band_key(signature, band, width)
            else:
                tile[band, last] = even_band_key(words, band, width // 2)
        if last == 7 or t + 1 == counts.shape[0]:
            for band in range(keys.shape[0]):
                for k in range(last + 1):
                    keys[band, column + t - last + k] = tile[band, k]


@njit(types.void(_U64, _I32, _U32, _U32, types.uint32[:, ::1]), nogil=True, cache=True)
def sign_whole(hashes, counts, a, b, signatures):
    """Write the signature of each row, all 0xFFFFFFFF for a row without shingles."""
    most = 1
    for t in range(counts.shape[0]):
        most = max(most, counts[t])
    mixed = np.empty(most + 8, np.uint32)
    start = int64(0)
    for t in range(counts.shape[0]):
        permute(hashes, start, counts[t], mixed, a, b, signatures[t])
        start += counts[t]
