"""Rows as weighted words and numbers: TF-IDF in whole numbers.

Weights are rounded to integers, so that sums of their products are exact and equal in any order:
the likeness of two rows depends neither on threads nor on which code adds it up.
"""

import math
from typing import Final

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from ftaudit.similarity.reworded.word_features import Tokens

UNIT: Final = 1 << 16
"""Length of the vector of a row's words."""
LEAST_NUMBERS: Final = 2
"""Distinct numbers from which a text is one of numbers; single ones stand in any text."""
FEWEST: Final = 30
"""Rows from which a corpus tells how rare words are."""
_IDF_UNIT: Final = 1 << 8
_TIMES: Final = np.array(
    [0, *(round(32 * (1 + math.log(times))) for times in range(1, 256))], np.int64
)
"""Weight of a word by how often its row has it (sublinear: Manning, Raghavan and Schuetze 2008,
"Introduction to Information Retrieval", section 6.4.1)."""


class CorpusWords(Struct, frozen=True, eq=False):
    """Keys of a corpus, ascending, and how rare each is."""

    keys: npt.NDArray[np.uint64]
    numbers: npt.NDArray[np.bool_]
    rarity: npt.NDArray[np.int64]
    """Of each key, 256 times the logarithm of rows by rows that have it; at least 1.

    Of fewer than `FEWEST` rows as if there were so many: where two rows are all, what they share
    stands in every row, and would tell nothing.
    """
    unseen: int
    """The rarity of a key that is not listed."""

    @property
    def times(self) -> npt.NDArray[np.int64]:
        """Weights of a word that stands 0 to 255 times in its row, before rarity."""
        return _TIMES


class WeightedRows(Struct, frozen=True, eq=False):
    """Row `i` has the words and numbers `ids[starts[i] : starts[i + 1]]`, ascending."""

    starts: npt.NDArray[np.int64]
    ids: npt.NDArray[np.int32]
    """Places in the vocabulary."""
    weights: npt.NDArray[np.int64]
    """Of words in [0, `UNIT`], of numbers their rarity."""
    totals: npt.NDArray[np.int64]
    """Sum of the rarities of the distinct numbers of each row."""
    numbered: npt.NDArray[np.bool_]
    """Whether each row has two distinct numbers or more."""

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self.totals)

    @property
    def owners(self) -> npt.NDArray[np.int64]:
        """Return the row of every entry."""
        return np.repeat(np.arange(len(self)), np.diff(self.starts))

    def only(self, rows: npt.NDArray[np.int64]) -> "WeightedRows":
        """Return some rows, in the order given."""
        sizes = np.diff(self.starts)[rows]
        starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        places = np.repeat(self.starts[rows] - starts[:-1], sizes) + np.arange(starts[-1])
        return WeightedRows(
            starts, self.ids[places], self.weights[places], self.totals[rows], self.numbered[rows]
        )


def vocabulary(parts: list[Tokens]) -> CorpusWords:
    """Return the keys of some rows, which stand for the corpus, and how rare each is in them."""
    count = sum(part.height for part in parts)
    first = np.cumsum([0, *(part.height for part in parts)])
    rows = np.concatenate([part.rows + first[i] for i, part in enumerate(parts)])
    keys = np.concatenate([part.keys for part in parts])
    values, places = np.unique(keys, return_inverse=True)
    size = max(1, len(values))
    cells = np.sort(rows * np.int64(size) + places)  # `np.unique` would hash, which takes longer
    cells = cells[np.diff(cells, prepend=-1) != 0]
    frequency = np.bincount(cells % size, minlength=len(values))
    numbers = np.zeros(len(values), np.bool_)
    numbers[places[np.concatenate([part.numbers for part in parts])]] = True
    return corpus_words(count, values, numbers, frequency)


def corpus_words(
    count: int,
    values: npt.NDArray[np.uint64],
    numbers: npt.NDArray[np.bool_],
    frequency: npt.NDArray[np.int64],
) -> CorpusWords:
    """Return ascending keys, each with the rows of `count` that have it, as a vocabulary."""
    counts, kinds = np.unique(frequency, return_inverse=True)
    rarity = np.array([_rarity(count, int(rows_with)) for rows_with in counts], np.int64)
    return CorpusWords(values, numbers, rarity[kinds], _rarity(count, 1))


def weigh(tokens: Tokens, words: CorpusWords) -> WeightedRows:
    """Return the rows of `tokens` as weighted words and numbers."""
    ids = np.searchsorted(words.keys, tokens.keys)
    listed = ids < len(words.keys)
    listed[listed] = words.keys[ids[listed]] == tokens.keys[listed]
    size = max(1, len(words.keys))
    cells, times = np.unique(tokens.rows[listed] * np.int64(size) + ids[listed], return_counts=True)
    rows, places = cells // size, cells % size
    numbers = words.numbers[places]
    raw = np.where(numbers, 1, _TIMES[np.minimum(times, 255)]) * words.rarity[places]
    squares = _sums(rows, np.where(numbers, 0, raw * raw), tokens.height)
    totals = _sums(rows, np.where(numbers, raw, 0), tokens.height)
    unseen = np.bincount(tokens.rows[~listed & ~tokens.numbers], minlength=tokens.height)
    squares += unseen * (int(_TIMES[1]) * words.unseen) ** 2
    unseen = np.bincount(tokens.rows[~listed & tokens.numbers], minlength=tokens.height)
    totals += words.unseen * unseen
    numbered = np.bincount(rows[numbers], minlength=tokens.height) + unseen >= LEAST_NUMBERS
    lengths = np.maximum(np.sqrt(squares.astype(np.float64)), 1.0)
    scaled = (raw * float(UNIT) / lengths[rows] + 0.5).astype(np.int64)
    starts = np.searchsorted(rows, np.arange(tokens.height + 1)).astype(np.int64)
    return WeightedRows(
        starts, places.astype(np.int32), np.where(numbers, raw, scaled), totals, numbered
    )


def _rarity(rows: int, frequency: int) -> int:
    return max(1, round(_IDF_UNIT * math.log((1 + max(rows, FEWEST)) / frequency)))


def _sums(
    rows: npt.NDArray[np.int64], values: npt.NDArray[np.int64], count: int
) -> npt.NDArray[np.int64]:
    """Return the sum of the values of every row, exactly; `rows` ascend."""
    ends = np.searchsorted(rows, np.arange(count + 1))
    sums = np.concatenate([[0], np.cumsum(values)])
    return np.asarray(sums[ends[1:]] - sums[ends[:-1]], np.int64)
