"""The counters of shingles, sorted by part of their table, and counted."""

from typing import Final

import numpy as np
import numpy.typing as npt

from ftaudit.similarity.plain.plain_bit_counters import cells_of, count
from ftaudit.similarity.plain.plain_byte_blocks import Hashes, u64

PARTS: Final = 64
_SHIFT: Final = 6


def sort_cells(
    tokens: Hashes, bits: int, cells: npt.NDArray[np.uint32], bounds: npt.NDArray[np.int64]
) -> None:
    """Do what `kernels.partitioned_counts.sort_cells` does."""
    own = cells_of(tokens, 0, bits)
    parts = (own >> u64(bits - _SHIFT)).astype(np.uint8)  # of one byte, which is sorted soonest
    cells[:] = own[np.argsort(parts, kind="stable")]
    bounds[0] = 0
    bounds[1:] = np.cumsum(np.bincount(parts, minlength=PARTS))


def count_cells(
    cells: npt.NDArray[np.uint32],
    bounds: npt.NDArray[np.int64],
    low: int,
    high: int,
    counters: npt.NDArray[np.uint64],
) -> None:
    """Do what `kernels.partitioned_counts.count_cells` does."""
    for first, end in zip(bounds[:, low].tolist(), bounds[:, high].tolist(), strict=True):
        count(cells[first:end].astype(np.uint64), counters)
