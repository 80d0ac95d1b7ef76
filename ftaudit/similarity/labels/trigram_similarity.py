"""How alike two texts are by their trigrams: three consecutive characters, each counted.

The trigram similarity of two texts is the Jaccard similarity of the *multisets* of the trigrams of
their normalised beginnings, with a space at either end. Words that moved or were misspelt lower it
less than they lower the similarity of sets of longer shingles.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
from msgspec import Struct

from ftaudit.similarity.runtime.hash_store import Hashes
from ftaudit.similarity.runtime.kernel_loader import kernels
from ftaudit.similarity.runtime.threads import Threads
from ftaudit.similarity.text.arrow_buffers import views
from ftaudit.similarity.text.normalisation import prepared

MOST_CHARS: Final = 2_000
"""Characters of a text whose trigrams are compared, from its beginning."""


class Trigrams(Struct, frozen=True, eq=False):
    """Hashes of the trigrams of texts, one text after another."""

    values: Hashes
    counts: npt.NDArray[np.int32]
    """How many trigrams each text has."""

    def similarity(
        self, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64], workers: Threads
    ) -> npt.NDArray[np.float64]:
        """Return the similarity of texts `left[i]` and `right[i]`, in [0, 1]; 0 if both are empty.

        The Jaccard similarity of multisets: common trigrams divided by those of either.
        """
        trigrams = kernels("trigrams")

        starts = np.cumsum(self.counts, dtype=np.int64) - self.counts
        common = np.zeros(len(left), np.int64)
        room = 2 << int(self.counts.max(initial=1)).bit_length()

        def count_range(low: int, high: int) -> None:
            scratch = (
                np.zeros(room, np.uint64),
                np.zeros(room, np.int64),
                np.zeros(room, np.int32),
            )
            sets = (self.values, starts, self.counts)
            trigrams.count_common(left, right, low, high, *sets, *scratch, common)

        workers.over(len(left), count_range)
        union = self.counts[left].astype(np.int64) + self.counts[right] - common
        return np.asarray(common / np.maximum(union, 1))


def trigrams_of(texts: pl.Series) -> Trigrams:
    """Return the trigrams of texts that `normalisation.prepared` returned."""
    from ftaudit.similarity.plain.plain_byte_blocks import BLOCK, PAD

    trigrams = kernels("trigrams")

    column = views(prepared(texts.str.slice(0, MOST_CHARS)))
    longest = int(column.sizes.max(initial=0))
    values = np.empty(int(column.sizes.sum()), np.uint64)
    counts = np.zeros(len(texts), np.int32)
    scratch = (np.zeros(longest + PAD, np.uint8), np.zeros(BLOCK, np.uint8))
    characters = np.empty(longest + 2, np.uint64)
    trigrams.list_trigrams(*column[:2], 0, len(texts), *scratch, characters, values, counts)
    return Trigrams(values[: int(counts.sum())], counts)
