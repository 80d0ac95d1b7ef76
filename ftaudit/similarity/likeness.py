"""How alike texts are by their pieces of three characters, each as often as it stands.

The *likeness* of two texts is the Jaccard similarity of the multisets of the pieces of their
normalised beginnings, a space at either end: words that moved or were misspelt lower it little.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from ftaudit.similarity.buffers import buffers
from ftaudit.similarity.normalisation import prepared
from ftaudit.similarity.store import Hashes, Store
from ftaudit.similarity.workers import Workers

MOST_CHARS: Final = 2_000
"""Characters of a text whose pieces are compared."""


@dataclass(frozen=True, eq=False)
class Pieces:
    """Hashes of the pieces of some texts; `values` of one text after another."""

    values: Hashes
    counts: npt.NDArray[np.int32]

    def likeness(
        self, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64], workers: Workers
    ) -> npt.NDArray[np.float64]:
        """Return how alike texts `left[i]` and `right[i]` are, in [0, 1]; 0 if both are empty."""
        from ftaudit.similarity.kernels.likening import count_common  # noqa: PLC0415 - heavy

        starts = np.cumsum(self.counts, dtype=np.int64) - self.counts
        common = np.zeros(len(left), np.int64)
        sets = (self.values, starts, self.counts, common)
        workers.over(len(left), lambda low, high: count_common(left, right, low, high, *sets))
        both = self.counts[left].astype(np.int64) + self.counts[right] - common
        return np.asarray(common / np.maximum(both, 1))


def store_pieces(texts: pl.Series, store: Store, workers: Workers) -> npt.NDArray[np.int32]:
    """Append the pieces of texts, as `normalisation.prepared` returns them; return how many each.

    They are stored as hashes: a spill file holds no text.
    """
    from ftaudit.similarity.kernels.likening import list_pieces  # noqa: PLC0415 - numba is heavy

    data, offsets = buffers(prepared(texts.str.slice(0, MOST_CHARS)))
    counts = np.zeros(len(texts), np.int32)

    def one(low: int, high: int) -> Hashes:
        found = np.empty(int(offsets[high] - offsets[low]), np.uint64)
        list_pieces(data, offsets, low, high, found, counts[low:high])
        return found[: int(counts[low:high].sum())].copy()

    for found in workers.over(len(texts), one):
        store.add(found)
    return counts
