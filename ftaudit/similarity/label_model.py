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
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from ftaudit.similarity.shingling import shingle
from ftaudit.similarity.store import Hashes
from ftaudit.similarity.task import Task

PLACES: Final = 1 << 15
"""Features; fewer where there are many labels."""
CELLS: Final = 1 << 24
"""Most counts of the table: 64 MiB."""
MOST_LABELS: Final = 4_096
"""Labels beyond which there is no model: most would stand for a row or two."""
SMOOTHING: Final = 0.1
SHARED_EVIDENCE: Final = 4
"""How many shingles say the same, about: an edit of one word changes five of them or so."""
MOST_FEATURES: Final = 2_048
"""Shingles of a text that are looked at, from its beginning."""


@dataclass(frozen=True, eq=False)
class LabelModel:
    """Counts of features by label."""

    counts: npt.NDArray[np.uint32]
    """Shape (labels, places)."""
    totals: npt.NDArray[np.int64]
    """Features of each label."""

    def confidence(self, features: Hashes, label: int) -> npt.NDArray[np.float64]:
        """Return the probability of every label for a row of `label`, itself left out."""
        places = self.counts.shape[1]
        at = (features & np.uint64(places - 1)).astype(np.int64)
        own, which, often = np.unique(at, return_inverse=True, return_counts=True)
        counts = self.counts[:, own].astype(np.float64)
        counts[label] -= often
        totals = self.totals.astype(np.float64)
        totals[label] -= len(at)
        likely = np.log(counts + SMOOTHING)[:, which].sum(axis=1)
        likely -= len(at) * np.log(totals + SMOOTHING * places)
        scaled = likely / max(1.0, len(at) / SHARED_EVIDENCE)
        odds = np.exp(scaled - scaled.max())
        return np.asarray(odds / odds.sum())


def learn(task: Task, labels: npt.NDArray[np.int32], count: int) -> LabelModel:
    """Count the features of every labelled row.

    Args:
        task: the build.
        labels: label of every row, by number; -1 for rows that teach nothing.
        count: how many labels there are.
    """
    places = min(PLACES, 1 << (CELLS // max(1, count)).bit_length() - 1)
    counts = np.zeros((count, places), np.uint32)
    flat = counts.reshape(-1)
    for rows, features, sizes in _features(task, np.flatnonzero(labels >= 0)):
        of = np.repeat(labels[rows].astype(np.int64), sizes)
        np.add.at(flat, of * places + (features & np.uint64(places - 1)).astype(np.int64), 1)
    return LabelModel(counts, counts.sum(axis=1, dtype=np.int64))


def read_features(task: Task, rows: npt.NDArray[np.int64]) -> dict[int, Hashes]:
    """Return the features of the given rows (ascending), by row number."""
    found: dict[int, Hashes] = {}
    for some, features, sizes in _features(task, rows):
        ends = np.cumsum(sizes)
        for row, end, size in zip(some.tolist(), ends.tolist(), sizes.tolist(), strict=True):
            found[row] = features[end - size : end]
    return found


def _features(
    task: Task, rows: npt.NDArray[np.int64]
) -> Iterator[tuple[npt.NDArray[np.int64], Hashes, npt.NDArray[np.int32]]]:
    """Yield row numbers, their features one row after another, and how many each has."""
    for start, texts in task.source.texts():
        low, high = np.searchsorted(rows, [start, start + len(texts)])
        if low < high:
            wanted = rows[low:high] - start
            for first, features, sizes in _shingled(task, texts, wanted):
                yield rows[low + first : low + first + len(sizes)], features, sizes


def _shingled(
    task: Task, texts: pl.Series, wanted: npt.NDArray[np.int64]
) -> list[tuple[int, Hashes, npt.NDArray[np.int32]]]:
    from ftaudit.similarity.kernels.shingles import keep_distinct  # noqa: PLC0415 - numba is heavy

    def one(
        first: int, hashes: Hashes, sizes: npt.NDArray[np.int32]
    ) -> tuple[int, Hashes, npt.NDArray[np.int32]]:
        features = hashes[: keep_distinct(hashes, sizes)]
        most = np.minimum(sizes, MOST_FEATURES)
        if (most < sizes).any():
            begins = np.cumsum(sizes) - sizes
            place = np.arange(len(features)) - np.repeat(begins, sizes)
            features = features[place < MOST_FEATURES]
        return first, features.copy(), most

    return shingle(task.workers, "char5", texts, one, wanted=wanted)
