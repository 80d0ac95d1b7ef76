"""Masks of many patterns, laid out to be looked up at every byte of a text.

At a byte the last four symbols, its gram, tell whether a mask may be about it at all, as for most
it is not (the filter of Navarro and Raffinot, "Flexible Pattern Matching in Strings", 2002, ch. 3,
for classes of characters; symbols are a coarser alphabet). Where one may, the masks listed for the
last three symbols are compared byte by byte.
"""

import hashlib
import zlib
from collections.abc import Sequence

import msgspec
import numpy as np
import numpy.typing as npt

from ftaudit.similarity.text.mask_reading import ReadMasks

GRAM_BITS = 20


class MaskTables(msgspec.Struct, frozen=True):
    """Masks of patterns. Arrays are in the order of little-endian machines, and compressed."""

    patterns: tuple[str, ...]
    """The digest of each pattern that has masks (`pattern_digest`)."""
    symbols: bytes
    """uint8: the symbol of each byte, from 1 to 31."""
    owners: bytes
    """int32: the pattern of each mask."""
    before: bytes
    """int32: how many bytes each mask begins before the last byte of its gram."""
    after: bytes
    """int32: how many bytes after the last byte of its gram each mask ends."""
    places: bytes
    """int32, `checks` of each mask: which bytes are compared, the most telling first, counted from
    the last byte of its gram."""
    sets: bytes
    """int32, as `places`: the number of the set that the byte is in."""
    checks: int
    members: bytes
    """uint8, 256 for each set: 1 for the bytes in it."""
    grams: bytes
    """int32: the gram of each listed mask, ascending; each less the one before."""
    listed: bytes
    """int32: the masks by gram."""


class MaskArrays(msgspec.Struct, frozen=True, eq=False):
    """What a walk over texts looks up, of the masks of some patterns."""

    patterns: int
    """How many there are."""
    unmasked: tuple[int, ...]
    """Places of the patterns without masks, ascending."""
    noticed: npt.NDArray[np.bool_]
    """Whether any mask is listed for each gram."""
    places: npt.NDArray[np.int32]
    """As in `MaskTables`. Shape (checks, masks)."""
    sets: npt.NDArray[np.int32]
    """Where the members of each set begin. Shape (checks, masks)."""
    members: npt.NDArray[np.uint8]
    """256 for each set."""
    read: ReadMasks
    """The rest, and the same once more as the kernel has it."""


def pattern_digest(pattern: str) -> str:
    """Return what a pattern is known by in `MaskTables`."""
    return hashlib.sha256(pattern.encode()).hexdigest()[:24]


def packed(array: npt.NDArray[np.generic]) -> bytes:
    """Compress an array."""
    return zlib.compress(array.tobytes(), 9)


def unpacked(data: bytes) -> npt.NDArray[np.int32]:
    """Return an array of `packed` numbers."""
    return np.frombuffer(zlib.decompress(data), np.dtype("<i4"))


def mask_arrays(tables: MaskTables, patterns: Sequence[str]) -> MaskArrays:
    """Return what is looked up for distinct patterns, those without masks among them."""
    owners = _places(tables.patterns, patterns)[unpacked(tables.owners)]
    listed = unpacked(tables.listed)
    kept = owners[listed] >= 0
    grams = np.cumsum(unpacked(tables.grams))[kept]
    noticed = np.zeros(1 << GRAM_BITS, np.bool_)
    noticed[grams] = True
    places, sets = (
        unpacked(data).reshape(tables.checks, owners.size) for data in (tables.places, tables.sets)
    )
    members = np.frombuffer(zlib.decompress(tables.members), np.uint8)
    words = np.packbits(noticed, bitorder="little").view("<u8")
    counts = np.bitwise_count(words).astype(np.int32)
    checks = np.stack([places, sets * 4], axis=1).reshape(2 * tables.checks, owners.size)
    around = unpacked(tables.before), unpacked(tables.after)
    read = ReadMasks(
        symbols=np.frombuffer(zlib.decompress(tables.symbols), np.uint8),
        grams=words,
        ranks=np.cumsum(counts, dtype=np.int32) - counts,
        starts=np.flatnonzero(np.diff(grams, prepend=-1, append=-1)).astype(np.int32),
        listed=listed[kept],
        masks=np.ascontiguousarray(np.vstack([owners, *around, checks]).T, np.int32),
        members=np.packbits(members, bitorder="little").view("<u8"),
    )
    masked = {*owners.tolist()}
    unmasked = tuple(i for i in range(len(patterns)) if i not in masked)
    return MaskArrays(len(patterns), unmasked, noticed, places, sets * 256, members, read)


def _places(digests: Sequence[str], patterns: Sequence[str]) -> npt.NDArray[np.int32]:
    """Return where each pattern of a table stands among others; -1 for nowhere."""
    place_of = {pattern_digest(pattern): place for place, pattern in enumerate(patterns)}
    return np.array([place_of.get(digest, -1) for digest in digests], np.int32)
