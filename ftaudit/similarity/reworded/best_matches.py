"""The rows most like each of some rows, exactly: a join of weighted rows.

The likeness of two rows is the cosine `c` of their words. Where one of them has two numbers or more
it is `(c + 0.75 J) / 1.75`, with `J` the Jaccard similarity of their sets of numbers, weighted by
how rare each is: two texts that say the same agree in their numbers. Two rows of one number each,
which differs, are unlike.

A row is looked up by its rarest words and numbers only. `J` is at most the product of two vectors
of length 1, in which a number has the root of its share of all rarity in the row; so the likeness
is bounded by a product of vectors. The words and numbers that are not looked up add at most the
product of the lengths of both vectors in them (inequality of Cauchy and Schwarz). A pair that this
bound leaves below the threshold is dropped, and the likeness of all others is computed: no match is
missed. Small data is joined without an index or a kernel; sums are of whole numbers, so that the
results are equal.
"""

from collections.abc import Iterable
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
from msgspec import Struct

from ftaudit.model.progress import Progress, Silent
from ftaudit.similarity.plain.written_symbols import stand_in
from ftaudit.similarity.reworded.weighted_rows import UNIT, CorpusWords, WeightedRows
from ftaudit.similarity.runtime.kernel_loader import load_kernels
from ftaudit.similarity.search.search_task import SearchTask

NUMBER_SHARE: Final = 0.75
"""What numbers that agree add to the cosine of the words, before both are divided by 1.75."""
INDEXED: Final = 1 << 14
"""Rows of an index, whose sums fit a processor's cache; more rows are in several."""
_LEVELS: Final = INDEXED.bit_length() + 2
_BLOCK: Final = 1 << 22
"""Cells of a table of rows by words, in the join without a kernel."""

SAME_WORDS: Final = 0.999
"""Likeness from which two texts have the same words and numbers."""
_OPERATORS: Final = f"[{''.join(map(stand_in, '+-*/<>=!&|^~%'))}]|[\\p{{Sm}}--\\p{{ASCII}}]"


class LeastLikeness(Struct, frozen=True):
    """Likeness from which two rows count."""

    words: float
    """Where neither row has two numbers."""
    numbers: float
    """Where one of them has."""


class BestMatches(Struct, frozen=True, eq=False):
    """For each sought row the rows most like it, the best first."""

    likeness: npt.NDArray[np.float64]
    """Shape (sought rows, matches); -1 where there is none."""
    rows: npt.NDArray[np.int64]

    @classmethod
    def nothing(cls, sought: int, most: int) -> "BestMatches":
        """Return no match for any row."""
        return cls(np.full((sought, most), -1.0), np.full((sought, most), -1, np.int64))

    def merged(self, parts: Iterable["BestMatches"]) -> "BestMatches":
        """Return the best of all matches; of equals those of the first part."""
        likeness, rows = self.likeness.copy(), self.rows.copy()
        for part in parts:
            sought = np.flatnonzero((part.rows >= 0).any(axis=1))
            both = np.concatenate([likeness[sought], part.likeness[sought]], axis=1)
            either = np.concatenate([rows[sought], part.rows[sought]], axis=1)
            order = np.argsort(-both, axis=1, kind="stable")[:, : likeness.shape[1]]
            likeness[sought] = np.take_along_axis(both, order, 1)
            rows[sought] = np.take_along_axis(either, order, 1)
        return BestMatches(likeness, rows)


class PlainJoin:
    """The join without a kernel, for little data."""

    def __init__(
        self, sought: WeightedRows, rows: npt.NDArray[np.int64], words: CorpusWords, most: int
    ) -> None:
        """Prepare to find the `most` best matches of each row of `sought`."""
        self._sought, self._rows, self._words, self._most = sought, rows, words, most

    def match(
        self, among: WeightedRows, rows: npt.NDArray[np.int64], least: LeastLikeness
    ) -> BestMatches:
        """Return the best matches among consecutive rows, whose numbers ascend."""
        shared = np.intersect1d(self._sought.ids, among.ids)
        step = max(1, _BLOCK // max(1, len(shared)))
        best = BestMatches.nothing(len(self._sought), self._most)
        for low in range(0, len(among), step):
            part = np.arange(low, min(low + step, len(among)))
            likeness = self._likeness(among.only(part), shared, least)
            likeness[self._rows[:, None] == rows[part][None, :]] = -1.0
            order = np.argsort(-likeness, axis=1, kind="stable")[:, : self._most]
            values = np.take_along_axis(likeness, order, 1)
            partners = np.where(values < 0, -1, rows[part][order])
            best = best.merged([BestMatches(values, partners)])
        return best

    def _likeness(
        self, among: WeightedRows, shared: npt.NDArray[np.int32], least: LeastLikeness
    ) -> npt.NDArray[np.float64]:
        """Return the likeness of every sought row and every other; -1 below the least."""
        words = ~self._words.numbers[shared]
        left, right = _table(self._sought, shared), _table(among, shared)
        cosine = left[:, words] @ right[:, words].T / (float(UNIT) * float(UNIT))
        common = left[:, ~words] @ (right[:, ~words] > 0).T.astype(np.float64)
        both = (self._sought.totals[:, None] + among.totals[None, :]).astype(np.float64)
        agreement = common / np.where(both > 0, both - common, 1.0)
        numbered = (cosine + NUMBER_SHARE * agreement) / (1.0 + NUMBER_SHARE)
        by_numbers = self._sought.numbered[:, None] | among.numbered[None, :]
        has = (self._sought.totals[:, None] > 0) & (among.totals[None, :] > 0)
        apart = ~by_numbers & has & (common == 0)
        likeness = np.where(by_numbers, numbered, np.where(apart, -1.0, cosine))
        floor = np.where(by_numbers, least.numbers, least.words)
        return np.where((likeness < floor) | (likeness <= 0), -1.0, likeness)


class IndexedJoin:
    """The join with an inverted index and a kernel."""

    def __init__(
        self, sought: WeightedRows, rows: npt.NDArray[np.int64], words: CorpusWords, most: int
    ) -> None:
        """Index the rows of `sought` by their words and numbers, in blocks."""
        cuts = [(low, min(low + INDEXED, len(sought))) for low in range(0, len(sought), INDEXED)]
        self._blocks = [
            _IndexedRows.of(sought.only(np.arange(*cut)), rows[slice(*cut)], words) for cut in cuts
        ]
        self._size, self._words, self._most = len(sought), words, most

    def match(
        self, among: WeightedRows, rows: npt.NDArray[np.int64], least: LeastLikeness
    ) -> BestMatches:
        """Return the best matches among consecutive rows, whose numbers ascend."""
        from ftaudit.similarity.kernels.weighted_join import join_rows

        best = BestMatches.nothing(self._size, self._most)
        best.likeness[:] = 0.0
        for at, block in enumerate(self._blocks):
            part = slice(at * INDEXED, at * INDEXED + len(block.rows))
            sought = block.sought
            join_rows(
                *(among.starts, among.ids, among.weights, among.totals, among.numbered, rows),
                *(self._words.numbers, block.entries, block.posted, block.values),
                *(block.rests, block.order, sought.starts, sought.ids, sought.weights),
                *(sought.totals, sought.numbered, block.rows),
                *(float(UNIT), NUMBER_SHARE, least.words, least.numbers),
                *(best.likeness[part], best.rows[part]),
            )
        best.likeness[best.rows < 0] = -1.0
        return best


class _IndexedRows(Struct, frozen=True, eq=False):
    """Rows and their words, as `kernels.weighted_join.join_rows` takes them."""

    sought: WeightedRows
    rows: npt.NDArray[np.int64]
    """Their numbers."""
    entries: npt.NDArray[np.uint64]
    """Of each word: where in `posted` its rows begin and how many there are, its level, and whether
    it is a number. The level is the binary digits of how many rows have it; 0 where none has."""
    posted: npt.NDArray[np.uint16]
    values: npt.NDArray[np.float32]
    """What each word is in the vector of its row."""
    rests: npt.NDArray[np.float32]
    """Shape (levels, rows): length of each vector in the words of a level and of higher ones."""
    order: npt.NDArray[np.int64]
    """Rows with about as long a vector in common words together."""

    @classmethod
    def of(
        cls, sought: WeightedRows, rows: npt.NDArray[np.int64], words: CorpusWords
    ) -> "_IndexedRows":
        """Index rows, up to `INDEXED`."""
        counts = np.bincount(sought.ids, minlength=len(words.keys))
        levels = np.frexp(counts.astype(np.float64))[1]
        owners, numbers = sought.owners, words.numbers[sought.ids]
        shares = NUMBER_SHARE * sought.weights / np.maximum(sought.totals[owners], 1)
        values = np.where(numbers, np.sqrt(shares), sought.weights / float(UNIT))
        cells = owners * np.int64(_LEVELS) + levels[sought.ids]
        masses = np.bincount(cells, values**2, minlength=len(sought) * _LEVELS)
        sums = masses.reshape(-1, _LEVELS)[:, ::-1].cumsum(axis=1)[:, ::-1]
        rests = np.ascontiguousarray(np.sqrt(sums).T, np.float32)
        place = np.argsort(sought.ids, kind="stable")
        firsts = np.cumsum(counts) - counts
        return cls(
            sought,
            rows,
            (firsts << 21 | counts << 6 | levels << 1 | words.numbers).astype(np.uint64),
            owners[place].astype(np.uint16),
            values[place].astype(np.float32),
            rests,
            np.argsort(rests[_LEVELS // 2], kind="stable").astype(np.int64),
        )


def load_join(progress: Progress = Silent()) -> None:  # noqa: B008 - has no state
    """Load the kernels that read words, and that of `IndexedJoin`."""
    load_kernels(progress, "word_tokens", "weighted_join")


def _table(rows: WeightedRows, shared: npt.NDArray[np.int32]) -> npt.NDArray[np.float64]:
    """Return the weights of rows as a table of rows by shared words, whose products are exact."""
    table = np.zeros((len(rows), len(shared)))
    places = np.searchsorted(shared, rows.ids)
    inside = places < len(shared)
    inside[inside] = shared[places[inside]] == rows.ids[inside]
    table[rows.owners[inside], places[inside]] = rows.weights[inside]
    return table


def without_other_signs(task: SearchTask, pairs: pl.DataFrame) -> pl.DataFrame:
    """Return pairs without those of the same words that both have operators, but not the same.

    "What is 17 + 25?" does not say in other words what "What is 17 - 25?" says.

    Args:
        task: the search, which has the texts.
        pairs: `row`, `match` and `likeness`.
    """
    alike = pl.col("likeness") >= SAME_WORDS
    rows = pairs.filter(alike).select("row", "match").to_numpy()
    if not len(rows):
        return pairs
    parts = [pl.DataFrame(schema={"of": pl.Int64, "signs": pl.List(pl.String)})]
    for numbers, texts in task.source.prepared(np.unique(rows).astype(np.int64)):
        signs = texts.str.extract_all(_OPERATORS).list.sort()
        parts.append(pl.DataFrame({"of": numbers, "signs": signs}, schema=parts[0].schema))
    signs_of = pl.concat(parts)
    signed = pairs.join(signs_of, left_on="row", right_on="of", how="left").join(
        signs_of, left_on="match", right_on="of", how="left", suffix="_match"
    )
    both = (pl.col("signs").list.len() > 0) & (pl.col("signs_match").list.len() > 0)
    other = alike & both & (pl.col("signs") != pl.col("signs_match"))
    return signed.filter(~other.fill_null(value=False)).select(pairs.columns)
