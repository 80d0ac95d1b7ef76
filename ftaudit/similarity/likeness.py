"""How alike texts are by their pieces of three characters, each as often as it stands.

The *likeness* of two texts is the Jaccard similarity of the multisets of the pieces of their
normalised beginnings, a space at either end: words that moved or were misspelt lower it little.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from ftaudit.similarity.buffers import views
from ftaudit.similarity.normalisation import prepared
from ftaudit.similarity.store import Hashes
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
        from ftaudit.similarity.kernels.likening import count_common

        starts = np.cumsum(self.counts, dtype=np.int64) - self.counts
        common = np.zeros(len(left), np.int64)
        room = 2 << int(self.counts.max(initial=1)).bit_length()

        def one(low: int, high: int) -> None:
            scratch = (
                np.zeros(room, np.uint64),
                np.zeros(room, np.int64),
                np.zeros(room, np.int32),
            )
            sets = (self.values, starts, self.counts)
            count_common(left, right, low, high, *sets, *scratch, common)

        workers.over(len(left), one)
        both = self.counts[left].astype(np.int64) + self.counts[right] - common
        return np.asarray(common / np.maximum(both, 1))


def pieces_of(texts: pl.Series) -> Pieces:
    """Return the pieces of texts, as `normalisation.prepared` returns them."""
    from ftaudit.similarity.kernels.likening import list_pieces
    from ftaudit.similarity.kernels.words import BLOCK, PAD

    column = views(prepared(texts.str.slice(0, MOST_CHARS)))
    longest = int(column.sizes.max(initial=0))
    found, counts = np.empty(int(column.sizes.sum()), np.uint64), np.zeros(len(texts), np.int32)
    scratch = (np.zeros(longest + PAD, np.uint8), np.zeros(BLOCK, np.uint8))
    characters = np.empty(longest + 2, np.uint64)
    list_pieces(*column[:2], 0, len(texts), *scratch, characters, found, counts)
    return Pieces(found[: int(counts.sum())], counts)
