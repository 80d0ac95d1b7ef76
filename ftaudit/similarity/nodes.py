"""Rows → nodes: one node per distinct normalised text, standing at its least row."""

import numpy as np
import numpy.typing as npt

from ftaudit.similarity.grouping import grouped
from ftaudit.similarity.hashed import Hashed


def nodes(hashed: Hashed) -> npt.NDArray[np.uint32]:
    """Return for every row the least row with the same text (itself when there is none).

    Two texts are the same when both their 64-bit hashes agree: among 10^9 rows the chance of one
    false match is below 10^-20.
    """
    from ftaudit.similarity.kernels.grouping import join_equal

    same = np.arange(len(hashed.first), dtype=np.uint32)
    there = np.flatnonzero(~hashed.empty).astype(np.uint32)
    join_equal(*grouped(hashed.first, there), hashed.second, same)
    return same
