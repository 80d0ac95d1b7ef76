"""Rows → nodes: one node per distinct normalised text, standing at its least row."""

import numpy as np
import numpy.typing as npt

from ftaudit.similarity.hashed import Hashed


def bits(rows: int) -> int:
    """Return how many low bits of a sort key hold a row number."""
    return max(1, (rows - 1).bit_length())


def keyed(
    keys: npt.NDArray[np.uint64], rows: npt.NDArray[np.uint64], width: int
) -> npt.NDArray[np.uint64]:
    """Return sorted `key | row`: the upper bits of the key, `width` bits of row number."""
    mixed = keys & ~np.uint64((1 << width) - 1)
    mixed |= rows
    mixed.sort()
    return np.asarray(mixed)


def nodes(hashed: Hashed) -> npt.NDArray[np.uint32]:
    """Return for every row the least row with the same text (itself when there is none).

    Two texts are the same when at least 100 bits of hash agree (64 of one, the rest of another):
    among 10^9 rows the chance of one false match is below 10^-12.
    """
    from ftaudit.similarity.kernels.walking import join_equal  # noqa: PLC0415 - numba is heavy

    rows = len(hashed.first)
    same = np.arange(rows, dtype=np.uint32)
    there = np.flatnonzero(~hashed.empty).astype(np.uint64)
    if len(there):
        width = bits(rows)
        join_equal(keyed(hashed.first[there], there, width), width, hashed.second, same)
    return same
