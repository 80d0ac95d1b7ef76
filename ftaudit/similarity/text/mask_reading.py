"""Masks of patterns in many texts, read with a kernel: `privacy.patterns` says what masks are."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import polars as pl
from msgspec import Struct
from msgspec.structs import astuple

from ftaudit.similarity.runtime.kernel_loader import load_alone
from ftaudit.similarity.text.arrow_buffers import buffers


class ReadMasks(Struct, frozen=True, eq=False):
    """What the kernel looks up: its arguments from `symbols` to `members`."""

    symbols: npt.NDArray[np.uint8]
    """The symbol of each byte, from 1 to 31."""
    grams: npt.NDArray[np.uint64]
    """A bit for each gram, the last four symbols at a place: whether any mask is listed for it."""
    ranks: npt.NDArray[np.int32]
    """How many grams have masks before each of those words."""
    starts: npt.NDArray[np.int32]
    """Where the masks of each gram that has any are listed, and where the last ones end."""
    listed: npt.NDArray[np.int32]
    masks: npt.NDArray[np.int32]
    """Of each mask its pattern, the bytes before and after the end of its gram, and of each byte
    that is compared its place from there and where its set begins. Shape (masks, 3 + 2 x checks)"""
    members: npt.NDArray[np.uint64]
    """Four words of 64 bits for each set of bytes."""


def mask_hits(texts: pl.Series, masks: ReadMasks, patterns: int) -> Iterator[npt.NDArray[np.int64]]:
    """Yield which texts, nulls among them, have masks of which of so many patterns.

    Each is 2^32 times the position of a text and the number of a pattern, in order of the texts.
    """
    load_alone("mask_hits")
    from ftaudit.similarity.kernels.mask_hits import list_hits

    looked_up: tuple[object, ...] = astuple(masks)
    data, offsets = buffers(texts.fill_null(""))
    stamps = np.full(patterns, -1, np.int64)
    first = 0
    while first < len(texts):
        hits = np.empty(2 * len(texts) + patterns, np.int64)
        first, end = list_hits(data, offsets, first, *looked_up, stamps, hits)  # type: ignore[call-arg] # numba's own types
        yield hits[:end]
