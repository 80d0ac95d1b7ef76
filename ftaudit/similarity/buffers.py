"""Zero-copy views of the Arrow buffers of a column of strings."""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

Bytes: TypeAlias = npt.NDArray[np.uint8]
"""The bytes of all texts, one after another."""
Offsets: TypeAlias = npt.NDArray[np.int64]
"""Where each text begins, and where the last one ends."""

_NOTHING = np.zeros(8, np.uint8)


def buffers(texts: pl.Series) -> tuple[Bytes, Offsets]:
    """Return the bytes and offsets of a column of strings without null."""
    array = texts.to_arrow(compat_level=pl.CompatLevel.oldest())
    if hasattr(array, "combine_chunks"):
        array = array.combine_chunks()
    _, offsets, data = array.buffers()
    if offsets is None or len(array) == 0:
        return _NOTHING, np.zeros(1, np.int64)
    starts = np.frombuffer(offsets, np.int64)[array.offset : array.offset + len(array) + 1]
    size = int(starts[-1])
    return (np.frombuffer(data, np.uint8)[:size] if size else _NOTHING), starts
