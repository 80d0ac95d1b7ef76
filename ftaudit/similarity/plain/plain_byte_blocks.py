"""Hashes of bytes, and the bytes of texts where polars keeps them."""

import ctypes
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint64]

BLOCK: Final = 64
PAD: Final = 80
C1: Final = 0x9E3779B97F4A7C15
C2: Final = 0xC2B2AE3D27D4EB4F
C3: Final = 0x165667B19E3779F9
C4: Final = 0xD6E8FEB86659FD93
C5: Final = 0xFF51AFD7ED558CCD
C6: Final = 0x9FB21C651E98DF25
C7: Final = 0xA0761D6478BD642F
"""The multipliers of `kernels.byte_blocks`."""

_INLINE: Final = 12
_WIDE: Final = 64
"""Bytes up to which pieces are hashed in one array, each in as much room as the longest."""
_PLAIN: Final = bytes(
    c + 32 if 65 <= c <= 90 else c if c >= 128 or chr(c).isalnum() else 32 for c in range(256)
)


@lru_cache(256)
def u64(number: int) -> np.uint64:
    """Return a constant as numpy multiplies it; converting a Python integer takes a microsecond."""
    return np.uint64(number)


def finish(h: Hashes) -> Hashes:
    """Mix every bit of each hash into every other."""
    h = (h ^ (h >> u64(32))) * u64(C4)
    h = (h ^ (h >> u64(29))) * u64(C5)
    return h ^ (h >> u64(32))


def texts_of(
    views: npt.NDArray[np.int32], buffers: Hashes, rows: Sequence[int] | None = None
) -> Iterator[bytes]:
    """Yield the bytes of texts, of all when `rows` is None (`text.arrow_buffers.TextViews`)."""
    addresses = buffers.tolist()
    chosen = range(len(views)) if rows is None else rows
    for row in chosen:
        size, _, buffer, at = views[row].tolist()
        if size <= _INLINE:
            yield views[row, 1:].tobytes()[:size]
        else:
            yield ctypes.string_at(addresses[buffer] + at, size)


def normalise(text: bytes) -> bytes:
    """Return letters in lower case, digits and bytes outside ASCII, single spaces between words."""
    return b" ".join(text.translate(_PLAIN).split())


def padded(pieces: Sequence[bytes], block: int) -> tuple[Hashes, npt.NDArray[np.int64]]:
    """Return the words of pieces, zeros behind, and their sizes; each row is whole blocks."""
    sizes = np.fromiter(map(len, pieces), np.int64, len(pieces))
    width = -(-max(1, int(sizes.max(initial=1))) // block) * block
    joined = b"".join(piece.ljust(width, b"\0") for piece in pieces)
    return np.frombuffer(joined, "<u8").reshape(len(pieces), width // 8), sizes


def hash_pieces(pieces: Sequence[bytes]) -> Hashes:
    """Hash pieces of text to 64 bits each, without the last step, `finish`."""
    out = np.zeros(len(pieces), np.uint64)
    for wide in (False, True):
        places = [i for i, piece in enumerate(pieces) if (len(piece) > _WIDE) == wide]
        for part in ([place] for place in places) if wide else ([places] if places else ()):
            out[part] = _hash_together([pieces[i] for i in part])
    return out


def _hash_together(pieces: Sequence[bytes]) -> Hashes:
    words, sizes = padded(pieces, 8)
    h = sizes.astype(np.uint64) * u64(C1)
    for k in range(words.shape[1]):
        rows = np.flatnonzero(sizes > 8 * k)
        step = (h[rows] ^ words[rows, k]) * u64(C2)
        h[rows] = step ^ (step >> u64(32))
    return h


def hash_texts(texts: Sequence[bytes]) -> tuple[Hashes, Hashes]:
    """Hash whole texts to two 64-bit values each, independent of each other."""
    first, second = np.zeros(len(texts), np.uint64), np.zeros(len(texts), np.uint64)
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    low = 0
    while low < len(order):
        most = max(4 * len(texts[order[low]]), 256)
        high = low
        while high < len(order) and len(texts[order[high]]) <= most:
            high += 1
        places = order[low:high]
        first[places], second[places] = _hash_alike([texts[i] for i in places])
        low = high
    return first, second


def _hash_alike(texts: Sequence[bytes]) -> tuple[Hashes, Hashes]:
    """Hash texts of about one size."""
    words, sizes = padded(texts, 32)
    size = sizes.astype(np.uint64)
    one = np.ones(len(texts), np.uint64)
    a = np.stack([size * u64(C1), one * u64(C2), one * u64(C3), one * u64(C4)], axis=1)
    b = np.stack([size * u64(C6), one * u64(C7), one * u64(C5), one * u64(C1)], axis=1)
    for k in range(words.shape[1] // 4):
        rows = np.flatnonzero(sizes > 32 * k)
        four = words[rows, 4 * k : 4 * k + 4]
        step = (a[rows] ^ four) * u64(C2)
        a[rows] = step ^ (step >> u64(32))
        step = (b[rows] ^ four) * u64(C7)
        b[rows] = step ^ (step >> u64(29))
    return _folded(a), _folded(b)


def _folded(h: Hashes) -> Hashes:
    return finish(
        ((h[:, 0] * u64(C3) + h[:, 1]) * u64(C3) + h[:, 2]) * u64(C3) + h[:, 3],
    )
