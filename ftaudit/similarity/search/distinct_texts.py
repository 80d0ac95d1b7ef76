"""Rows → distinct texts: each normalised text is represented by the first row that has it."""

import numpy as np
import numpy.typing as npt

from ftaudit.similarity.runtime.kernel_loader import kernels
from ftaudit.similarity.search.key_groups import grouped
from ftaudit.similarity.text.text_hashes import TextHashes


def least_equal_rows(hashes: TextHashes) -> npt.NDArray[np.uint32]:
    """Return for every row the least row with the same text; itself when no other has it.

    Two texts are the same when both their 64-bit hashes agree: among 10^9 rows the chance of one
    false match is below 10^-20.
    """
    equal_keys = kernels("equal_keys")

    least = np.arange(len(hashes.first), dtype=np.uint32)
    with_text = np.flatnonzero(~hashes.empty).astype(np.uint32)
    equal_keys.join_equal(*grouped(hashes.first, with_text), hashes.second, least)
    return least
