"""Zero-copy views of the Arrow buffers of a column of strings."""

from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl
from msgspec import Struct

Bytes: TypeAlias = npt.NDArray[np.uint8]
"""The bytes of all texts, one after another."""
Offsets: TypeAlias = npt.NDArray[np.int64]
"""Where each text begins, and where the last one ends."""

_NOTHING = np.zeros(8, np.uint8)


class TextViews(NamedTuple):
    """A column as polars holds it: a view of 16 bytes for each text, and buffers of bytes.

    A view is the size of a text followed by either the text itself, up to 12 bytes, or its first
    four bytes, the number of its buffer and the place in it (Arrow columnar format, "Variable-size
    Binary View Layout").
    """

    views: npt.NDArray[np.int32]
    """Shape (texts, 4)."""
    addresses: npt.NDArray[np.uint64]
    """Address of each buffer, valid as long as `owner` lives."""
    owner: object

    @property
    def sizes(self) -> npt.NDArray[np.int32]:
        """Bytes of each text."""
        return self.views[:, 0]


def views(texts: pl.Series) -> TextViews:
    """Return the views of a column of strings without null; nothing is copied."""
    array = texts.rechunk().to_arrow(compat_level=pl.CompatLevel.newest())
    _, own, *rest = array.buffers()
    if own is None or not len(array):
        return TextViews(np.zeros((0, 4), np.int32), np.zeros(1, np.uint64), array)
    numbers = np.frombuffer(own, np.int32)[4 * array.offset : 4 * (array.offset + len(array))]
    addresses = np.array([0 if b is None else b.address for b in (*rest, None)], np.uint64)
    return TextViews(numbers.reshape(-1, 4), addresses, array)


def buffers(texts: pl.Series) -> tuple[Bytes, Offsets]:
    """Return the bytes and offsets of a column of strings without null, copied together."""
    array = texts.to_arrow(compat_level=pl.CompatLevel.oldest())
    if hasattr(array, "combine_chunks"):
        array = array.combine_chunks()
    _, offsets, data = array.buffers()
    if offsets is None or len(array) == 0:
        return _NOTHING, np.zeros(1, np.int64)
    starts = np.frombuffer(offsets, np.int64)[array.offset : array.offset + len(array) + 1]
    size = int(starts[-1])
    return (np.frombuffer(data, np.uint8)[:size] if size else _NOTHING), starts


def copied(texts: pl.Series) -> pl.Series:
    """Return texts without null in memory of their own, which keeps no others alive."""
    return strings(*buffers(texts)).alias(texts.name)


class _ArrowStrings(Struct, frozen=True):
    """An array of pyarrow that polars takes over as it stands.

    `polars.from_arrow` would import `pyarrow.compute`, which takes longer than pyarrow itself.
    """

    array: Any

    def __arrow_c_array__(self, requested_schema: object = None) -> tuple[object, object]:
        capsules: tuple[object, object] = self.array.__arrow_c_array__(requested_schema)
        return capsules


def strings(data: Bytes, offsets: Offsets) -> pl.Series:
    """Return texts of valid UTF-8; text `i` is `data[offsets[i] : offsets[i + 1]]`."""
    import pyarrow as pa

    held = pa.py_buffer(offsets), pa.py_buffer(data)
    array = pa.LargeStringArray.from_buffers(len(offsets) - 1, *held)
    return pl.Series(_ArrowStrings(array), dtype=pl.String)
