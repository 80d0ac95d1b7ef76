"""A bitmap of every set, which rules out most pairs without comparing their members."""

from typing import Final

import numpy as np
import numpy.typing as npt

from ftaudit.similarity.plain.plain_byte_blocks import C1, Hashes, u64

WORDS: Final = 4


def draw_bitmaps(
    values: Hashes,
    starts: npt.NDArray[np.int64],
    counts: npt.NDArray[np.int32],
    maps: npt.NDArray[np.uint64],
) -> None:
    """Do what `kernels.bitmaps.draw_bitmaps` does."""
    for t, (start, count) in enumerate(zip(starts.tolist(), counts.tolist(), strict=True)):
        bits = (values[start : start + count] * u64(C1)) >> u64(56)
        np.bitwise_or.at(maps[t], bits >> u64(6), u64(1) << (bits & u64(63)))


def numbers_of(maps: npt.NDArray[np.uint64] | npt.NDArray[np.uint8]) -> list[int]:
    """Return every bitmap as one number."""
    return [int.from_bytes(row.tobytes(), "little") for row in maps]
