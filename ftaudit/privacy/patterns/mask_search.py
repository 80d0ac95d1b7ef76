"""Look in texts for the masks of patterns."""

from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl
from msgspec import Struct

from ftaudit.privacy.patterns.mask_tables import GRAM_BITS, MaskArrays
from ftaudit.similarity.text.mask_reading import ReadMasks, mask_hits

_BLOCK: Final = 1 << 17
"""Bytes, about, that are looked at together: what is computed of them stays in the cache."""
_PLAIN: Final = 16 << 20
"""Bytes from which loading the kernel takes less time than it saves."""
_SYMBOL: Final = 5
"""Bits of a symbol."""

_Bytes = npt.NDArray[np.uint8]
_Places = npt.NDArray[np.int64]


class PlainBytes(Struct):
    """How much a process has read without the kernel."""

    count: int = 0

    def takes(self, size: int) -> bool:
        """Return whether so many bytes more should be read without it."""
        self.count += size
        return self.count <= _PLAIN


PLAIN_BYTES: Final = PlainBytes()
"""Of this process."""


class MaskHits(NamedTuple):
    """Which texts have a mask of which pattern, each pair once, ascending."""

    texts: npt.NDArray[np.int64]
    patterns: npt.NDArray[np.int64]


def find_masks(arrays: MaskArrays, texts: pl.Series) -> MaskHits:
    """Return which of some texts, nulls among them, have a mask of which pattern.

    A process that has read `_PLAIN` bytes loads the kernel, which reads ten times as fast.
    """
    if PLAIN_BYTES.takes(int(texts.str.len_bytes().sum() or 0)):
        return _by_numbers(plain_hits(arrays, *_joined(texts)))
    hits = [*mask_hits(texts, arrays.read, arrays.patterns)]
    return _by_numbers(np.sort(np.concatenate(hits)))


def plain_hits(arrays: MaskArrays, data: _Bytes, offsets: _Places) -> npt.NDArray[np.int64]:
    """Return what the kernel lists, of all texts, ascending."""
    cuts = _cuts(offsets)
    pairs = [_pairs(arrays, data, offsets, *cut) for cut in pairwise(cuts)]
    return np.concatenate(pairs) if pairs else np.zeros(0, np.int64)


def _by_numbers(hits: npt.NDArray[np.int64]) -> MaskHits:
    return MaskHits(hits >> 32, hits & 0xFFFFFFFF)


def _joined(texts: pl.Series) -> tuple[_Bytes, _Places]:
    """Return the bytes of all texts, one after another, and where each begins and the last ends."""
    sizes = texts.str.len_bytes().fill_null(0).to_numpy()
    offsets = np.zeros(len(texts) + 1, np.int64)
    np.cumsum(sizes, out=offsets[1:])
    whole = texts.str.join("").item() or ""
    return np.frombuffer(whole.encode(), np.uint8), offsets


def _cuts(offsets: _Places) -> list[int]:
    """Cut texts into blocks; return the first of each, and how many there are."""
    cuts = [0]
    while cuts[-1] < len(offsets) - 1:
        last = int(np.searchsorted(offsets, offsets[cuts[-1]] + _BLOCK, "right")) - 1
        cuts.append(max(last, cuts[-1] + 1))
    return cuts


def _pairs(
    arrays: MaskArrays, data: _Bytes, offsets: _Places, first: int, last: int
) -> npt.NDArray[np.int64]:
    """Return texts and patterns of a block: 2^32 times the one and the other."""
    block = data[offsets[first] : offsets[last]]
    bounds = offsets[first : last + 1] - offsets[first]
    grams = _grams(arrays.read.symbols, block, bounds)
    ends = np.flatnonzero(arrays.noticed[grams])
    ends, masks = _listed(arrays.read, grams, ends)
    padded = np.pad(block, len(arrays.places))
    for places, sets in zip(arrays.places, arrays.sets, strict=True):
        bytes_ = padded[ends + places[masks] + len(arrays.places)]
        fits = arrays.members[sets[masks] + bytes_] != 0
        masks, ends = masks[fits], ends[fits]
    texts = np.searchsorted(bounds, ends, "right") - 1
    owners, before, after = arrays.read.masks[masks, :3].T
    fits = (ends - before >= bounds[texts]) & (ends + after < bounds[texts + 1])
    return np.unique((texts[fits] + first) << 32 | owners[fits])


def _listed(
    read: ReadMasks, grams: npt.NDArray[np.uint32], ends: _Places
) -> tuple[_Places, npt.NDArray[np.int32]]:
    """Return the masks listed for the grams that end at some places, each with its place."""
    words, bits = grams[ends] >> 6, (grams[ends] & 63).astype(np.uint64)
    lower = read.grams[words] & ((np.uint64(1) << bits) - np.uint64(1))
    ranks = read.ranks[words] + np.bitwise_count(lower)
    starts = read.starts[ranks]
    counts = read.starts[ranks + 1] - starts
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.repeat(ends, counts), read.listed[np.repeat(starts, counts) + within]


def _grams(symbols: _Bytes, block: _Bytes, bounds: _Places) -> npt.NDArray[np.uint32]:
    """Return the last four symbols at each byte; before a text there is the symbol 0."""
    of_byte = np.frombuffer(block.tobytes().translate(symbols.tobytes()), np.uint8)
    twos = of_byte.astype(np.uint16)
    twos[1:] |= twos[:-1] << np.uint16(_SYMBOL)
    grams = (twos & np.uint16(0x3FF)).astype(np.uint32)
    grams[2:] |= grams[:-2] << np.uint32(2 * _SYMBOL)
    for seen in range(1, GRAM_BITS // _SYMBOL):
        at = bounds[:-1] + seen - 1
        grams[at[at < bounds[1:]]] &= np.uint32((1 << _SYMBOL * seen) - 1)
    return grams
