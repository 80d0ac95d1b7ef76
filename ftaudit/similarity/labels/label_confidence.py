"""How well a row's label fits its text, judged by all other rows: a naive Bayes classifier.

Features are the distinct five-character shingles of the normalised text, hashed to at most 2^15
places; the model is one table of integer counts, label by place, so it is a fold: associative,
the same for any batches and workers, and bounded in memory. A row is judged *out of fold*: its own
counts are taken away first (leave one out). The probabilities are those of multinomial naive
Bayes without priors (Manning, Raghavan, Schütze, Introduction to Information Retrieval, section
13.2), smoothed by 0.1; the log-likelihood is divided by a quarter of the number of features, for
shingles overlap and count the same evidence some four times.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property, partial
from queue import SimpleQueue
from typing import ClassVar, Final, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl
from msgspec import Struct
from msgspec.structs import replace

from ftaudit.similarity.runtime.hash_store import Hashes
from ftaudit.similarity.runtime.kernel_loader import kernels
from ftaudit.similarity.runtime.threads import ALONE
from ftaudit.similarity.search.search_task import SearchTask
from ftaudit.similarity.text.arrow_buffers import views
from ftaudit.similarity.text.shingling import shingle
from ftaudit.similarity.text.text_source import TextReading, TextSlice, rows_within

PLACES: Final = 1 << 15
"""Features; fewer where there are many labels."""
CELLS: Final = 1 << 24
"""Most counts of all tables together: 64 MiB."""
MOST_LABELS: Final = 4_096
"""Labels beyond which no model is made: most would have one or two rows."""
SMOOTHING: Final = 0.1
SHARED_EVIDENCE: Final = 4.0
"""About how many shingles carry the same evidence: an edit of one word changes some five."""
MOST_FEATURES: Final = 2_048
"""Distinct shingles of a text that are looked at, from its beginning."""
MOST_TAUGHT: Final = 1 << 18
"""Rows that the model counts, of all labels alike; of more, evenly spaced ones of every label."""
LEAST_TAUGHT: Final = 64
"""Rows of a label that are counted in any case, as far as there are."""
AT_ONCE: Final = 1 << 20
"""Rows whose labels are looked at together."""
LOGARITHMS: Final = 1 << 16
"""Counts whose logarithms are tabulated; those of the few higher counts are computed."""

Labels: TypeAlias = npt.NDArray[np.int32]
Counts: TypeAlias = npt.NDArray[np.uint32]
"""How many rows of a label have a feature; shape (places, labels)."""


class LabelModel(Struct, frozen=True, eq=False, dict=True):
    """Counts of features by label."""

    counts: Counts

    @cached_property
    def totals(self) -> npt.NDArray[np.int64]:
        """Return the features of each label."""
        return np.asarray(self.counts.sum(axis=0, dtype=np.int64))

    @cached_property
    def logarithms(self) -> npt.NDArray[np.float64]:
        """Return the logarithm of each smoothed count."""
        most = min(LOGARITHMS, int(self.counts.max(initial=0)) + 1)
        return np.asarray(np.log(np.arange(most) + SMOOTHING))

    def doubts(
        self,
        hashes: Hashes,
        sizes: npt.NDArray[np.int32],
        labels: Labels,
        taught: npt.NDArray[np.bool_],
    ) -> npt.NDArray[np.float64]:
        """Return 1 minus the confidence in the label of each row, in [0, 1], the row left out.

        Args:
            hashes: shingles of rows, one row after another.
            sizes: how many shingles each row has; repeated ones count once.
            labels: of each row.
            taught: whether the model has counted the row, which is then left out of the counts.
        """
        naive_bayes = kernels("naive_bayes")

        doubts, (places, labels_in_all) = np.zeros(len(sizes), np.float64), self.counts.shape
        own = np.zeros(places, np.int32)
        scores, norms = np.empty(labels_in_all), np.empty(labels_in_all)
        naive_bayes.doubt_rows(
            hashes, sizes, labels, taught, _table(sizes), np.empty(MOST_FEATURES, np.int32),
            self.counts, self.totals, self.logarithms, SMOOTHING, SHARED_EVIDENCE, own, scores,
            norms, doubts,
        )  # fmt: skip
        return doubts

    def judge(
        self, texts: pl.Series, labels: Labels, taught: npt.NDArray[np.bool_]
    ) -> npt.NDArray[np.float64]:
        """Return the doubt in the label of each text, in [0, 1]; arguments as of `doubts`."""

        def judge_rows(
            first: int, hashes: Hashes, sizes: npt.NDArray[np.int32]
        ) -> npt.NDArray[np.float64]:
            rows = slice(first, first + len(sizes))
            return self.doubts(hashes, sizes, labels[rows], taught[rows])

        return np.concatenate([np.zeros(0), *shingle(ALONE, "char5", views(texts), judge_rows)])


class _CountTables:
    """Tables to count in: one for each worker, or as many as `CELLS` allow, used in turns."""

    def __init__(self, places: int, labels: int, workers: int) -> None:
        tables = max(1, min(workers, CELLS // (places * labels)))
        self._all = [np.zeros((places, labels), np.uint32) for _ in range(tables)]
        self._free: SimpleQueue[Counts] = SimpleQueue()
        for table in self._all:
            self._free.put(table)

    @contextmanager
    def borrow(self) -> Iterator[Counts]:
        """Lend a table that no other thread counts in; wait until one is free."""
        table = self._free.get()
        try:
            yield table
        finally:
            self._free.put(table)

    def total(self) -> Counts:
        """Return the sum of all tables; call it once."""
        total, *others = self._all
        for table in others:
            total += table
        return total


def taught_rows(labels: Labels, count: int) -> npt.NDArray[np.int64]:
    """Return the rows that a model of `count` labels counts, ascending."""
    sizes = np.zeros(count, np.int64)
    for rows in _labelled(labels):
        sizes += np.bincount(labels[rows], minlength=count)
    steps = np.ones(count, np.int64)
    if sizes.sum() > MOST_TAUGHT:
        steps = np.maximum(1, -(-sizes // max(LEAST_TAUGHT, MOST_TAUGHT // count)))
    taught = [np.zeros(0, np.int64)]
    before = np.zeros(count, np.int64)
    for rows in _labelled(labels):
        ranks = _ranks(labels[rows], count) + before[labels[rows]]
        taught.append(rows[ranks % steps[labels[rows]] == 0])
        before += np.bincount(labels[rows], minlength=count)
    return np.concatenate(taught)


def _labelled(labels: Labels) -> Iterator[npt.NDArray[np.int64]]:
    """Yield the rows that have a label, ascending, some at a time: there may be very many."""
    for start in range(0, len(labels), AT_ONCE):
        yield np.flatnonzero(labels[start : start + AT_ONCE] >= 0) + start


def _ranks(labels: Labels, count: int) -> npt.NDArray[np.int64]:
    """Return how many of the labels before each are the same."""
    order = np.argsort(labels, kind="stable")
    sizes = np.bincount(labels, minlength=count)
    ranks = np.empty(len(labels), np.int64)
    ranks[order] = np.arange(len(labels)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return ranks


def learn(task: SearchTask, labels: Labels, count: int) -> LabelModel:
    """Count the features of the labelled rows (`taught_rows`).

    Args:
        task: the texts, and how they are searched.
        labels: label number of every row; -1 for rows that are not counted.
        count: how many labels there are.
    """
    places = min(PLACES, 1 << (CELLS // max(1, count)).bit_length() - 1)
    table = np.zeros((places, count), np.uint32)
    taught = taught_rows(labels, count)
    work = _FeatureCounting(taught, labels[taught], (places, count))
    with task.progress.stage("learning labels", task.rows) as advance:
        for cells, counts in task.source.over(work, None, task.workers, advance):
            table.ravel()[cells] += counts
    return LabelModel(table)


class _FeatureCounting(Struct, frozen=True, eq=False):
    """Counts the features of some rows (ascending) by their labels."""

    rows: npt.NDArray[np.int64]
    labels: Labels
    shape: tuple[int, int]
    """Places, labels."""
    kernels: ClassVar[tuple[str, ...]] = ("shingle_rows", "naive_bayes")

    def within(self, low: int, high: int) -> "_FeatureCounting | None":
        """Return the work on the rows from number `low` to before `high`; None: there is none."""
        own = rows_within(self.rows, low, high)
        first = int(np.searchsorted(self.rows, low))
        labels = self.labels[first : first + len(own)]
        return replace(self, rows=own, labels=labels) if len(own) else None

    def __call__(self, reading: TextReading, /) -> tuple[npt.NDArray[np.int64], Counts]:
        """Return the cells of the table that are not 0, and what they count."""
        tables = _CountTables(*self.shape, reading.workers.count)

        def count_slice(texts: TextSlice) -> int:
            own = texts.among(self.rows)
            chosen = texts.chosen(self.rows[own] - texts.first)
            shingle(ALONE, "char5", views(chosen), partial(_count, tables, self.labels[own]))
            return len(texts)

        for rows in reading.workers.through(reading.source.texts(), count_slice):
            reading.advance(rows)
        total = tables.total().ravel()
        cells = np.flatnonzero(total)
        return cells, total[cells]


def _count(
    tables: _CountTables, labels: Labels, first: int, hashes: Hashes, sizes: npt.NDArray[np.int32]
) -> None:
    """Count the features of the rows from `first` on."""
    naive_bayes = kernels("naive_bayes")

    own_labels, scratch = labels[first : first + len(sizes)], _table(sizes)
    with tables.borrow() as table:
        naive_bayes.count_features(hashes, sizes, own_labels, MOST_FEATURES, scratch, table)


def _table(sizes: npt.NDArray[np.int32]) -> Hashes:
    """Return a table for the features of any of the rows, not filled."""
    widest = min(MOST_FEATURES, int(sizes.max(initial=1)))
    return np.empty(4 << widest.bit_length(), np.uint64)
