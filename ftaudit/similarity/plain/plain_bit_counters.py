"""Tables of counters of two bits that stop at 2, 32 to a word."""

from typing import Final

import numpy as np
import numpy.typing as npt

from ftaudit.similarity.plain.plain_byte_blocks import C4, Hashes, u64

Cells = npt.NDArray[np.uint64]

_FEW: Final = 16
"""Counters for each token up to which all of them are counted sooner than tokens are sorted."""


def cells_of(tokens: Hashes, salt: int, bits: int) -> Cells:
    """Return the index of the counter of each token among `2 ** bits`; it changes with the salt."""
    return np.asarray(((tokens ^ u64(salt)) * u64(C4)) >> u64(64 - bits))


def count(cells: Cells, counters: Cells) -> None:
    """Count each of the cells."""
    distinct, times = tallied(cells, len(counters) << 5)
    before = seen(distinct, counters)
    more = np.minimum(times.astype(np.uint64), u64(2) - np.minimum(before, u64(2)))
    np.add.at(counters, distinct >> u64(5), more << _place(distinct))


def tallied(cells: Cells, many: int) -> tuple[Cells, npt.NDArray[np.int64]]:
    """Return the distinct of cells below `many`, ascending, and how often each occurs."""
    if many > _FEW * len(cells):
        distinct, times = np.unique(cells, return_counts=True)
        return distinct, times
    tally = np.bincount(cells.astype(np.int64), minlength=many)
    counted = np.flatnonzero(tally)
    return counted.astype(np.uint64), tally[counted]


def seen(cells: Cells, counters: Cells) -> Cells:
    """Return what each cell has counted."""
    return np.asarray((counters[cells >> u64(5)] >> _place(cells)) & u64(3))


def shared(tokens: Hashes, counters: Cells, bits: int, salt: int) -> npt.NDArray[np.bool_]:
    """Return whether each token was counted twice or more, or shares its counter with another."""
    return np.asarray(seen(cells_of(tokens, salt, bits), counters) & u64(2) != 0)


def _place(cells: Cells) -> Cells:
    return np.asarray((cells & u64(31)) << u64(1))
