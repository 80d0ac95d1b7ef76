"""Rows → distinct texts: each normalised text is represented by the first row that has it."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ftaudit.similarity.runtime.kernel_loader import kernels
from ftaudit.similarity.search.key_groups import grouped, places_of
from ftaudit.similarity.text.text_hashes import TextHashes


class RepeatedTexts(NamedTuple):
    """The rows whose text an earlier row has; most data has few of them."""

    rows: npt.NDArray[np.uint32]
    """Ascending."""
    least: npt.NDArray[np.uint32]
    """Least row with the same text, of each."""


def repeated_texts(least: npt.NDArray[np.uint32]) -> RepeatedTexts:
    """Return the rows that are not themselves the least row with their text (`least`)."""
    rows = places_of(least != np.arange(len(least), dtype=least.dtype))
    return RepeatedTexts(rows, least[rows])


def least_equal_rows(hashes: TextHashes) -> npt.NDArray[np.uint32]:
    """Return for every row the least row with the same text; itself when no other has it.

    Two texts are the same when both their 64-bit hashes agree: among 10^9 rows the chance of one
    false match is below 10^-20.
    """
    equal_keys = kernels("equal_keys")

    least = np.arange(len(hashes.first), dtype=np.uint32)
    with_text = places_of(~hashes.empty)
    equal_keys.join_equal(*grouped(hashes.first, with_text), hashes.second, least)
    return least
