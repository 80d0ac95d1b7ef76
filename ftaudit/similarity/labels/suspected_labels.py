"""Which labels are probably wrong: a row that resembles another, whose label its text does not fit.

1. Candidates are pairs of training rows with different labels and a Jaccard similarity of their
   five-character shingles of at least 0.5, found by an exact join, whatever the threshold of the
   scan. That is affordable up to some 100,000 short rows; beyond, the pairs of the relation serve.
2. The *likeness* of a pair is its trigram similarity (`trigram_similarity`), which suffers less
   from words that moved or were misspelt.
3. The *doubt* of a row is 1 minus the confidence of the model in its label (`label_confidence`),
   weighed with how reliable its annotator is and what others said of the same text, where that is
   known (`annotator_reliability`).
4. Of each pair the row with more doubt is suspected, with the score likeness times doubt, in
   [0, 1]; the score of a row is that of its highest pair.

The product is the best of what was measured (docs/benchmarks-conflicts.md).
"""

from collections.abc import Iterator
from functools import partial
from typing import ClassVar, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl
from msgspec import Struct
from msgspec.structs import replace

from ftaudit.similarity.label_review import SUSPECTS, LabelFindings, LabelReview
from ftaudit.similarity.labels.annotator_reliability import annotator_votes
from ftaudit.similarity.labels.label_confidence import MOST_LABELS, LabelModel, learn, taught_rows
from ftaudit.similarity.labels.opposing_pairs import join_opposing, pairs_of_relation
from ftaudit.similarity.labels.row_labels import RowLabels, read_row_labels
from ftaudit.similarity.labels.trigram_similarity import Trigrams, trigrams_of
from ftaudit.similarity.runtime.kernel_loader import load_kernels
from ftaudit.similarity.runtime.sorted_values import distinct_values
from ftaudit.similarity.runtime.threads import Threads
from ftaudit.similarity.search.search_task import SearchTask
from ftaudit.similarity.text.text_profile import PER_WORD, TextProfile
from ftaudit.similarity.text.text_source import TextReading, TextSource, TextsToPrepare

LEAST: Final = 0.5
"""Jaccard similarity from which two rows are compared further."""
LEAST_SCORE: Final = 0.5
"""Score from which a suspicion is kept."""
MOST_SHINGLES: Final = 1 << 23
"""Characters of all texts up to which candidates are joined below the threshold of the scan."""
MOST_PAIRS: Final = 100_000
"""Pairs looked at, the most similar first."""
DIGITS: Final = 6
"""Digits kept of likeness and doubt: the last digits of a logarithm differ between machines."""

_ENDS: Final = ("left", "right")


class _JudgedRows(NamedTuple):
    """The rows in any candidate pair."""

    rows: npt.NDArray[np.int64]
    """Row numbers, ascending."""
    doubts: npt.NDArray[np.float64]
    trigrams: Trigrams

    def doubt_by_row(self) -> dict[int, float]:
        """Return the doubt of each row by its number."""
        return dict(zip(self.rows.tolist(), self.doubts.tolist(), strict=True))


def review_labels(source: TextSource) -> LabelReview:
    """Read the labels of the training rows; return the review of them (`label_review`)."""
    return partial(find_suspects, read_row_labels(source))


def find_suspects(
    labels: RowLabels, task: SearchTask, members: pl.DataFrame, pairs: pl.DataFrame
) -> LabelFindings:
    """Judge the labels of rows that contradict rows like them."""
    if not 2 <= labels.distinct <= MOST_LABELS:
        return LabelFindings({}, SUSPECTS.to_frame(), {"labels": labels.distinct})
    low = _lowered(task)
    configuration: dict[str, object] = {
        "labels": labels.distinct,
        "model": "naive-bayes-1",
        "pairs_from": low.options.threshold if low else task.options.threshold,
    }
    load_kernels(
        task.progress,
        *(
            "shingle_rows",
            "equal_keys",
            "partitioned_counts",
            "prefix_filter",
            "bucket_walk",
            "bitmaps",
        ),
        *("opposing_labels", "naive_bayes", "trigrams"),
    )
    candidates = pairs_of_relation(members, pairs, labels.numbers)
    if low is not None:
        candidates = pl.concat([candidates, join_opposing(low, labels.numbers)])
    candidates = candidates.group_by("left", "right").agg(pl.col("similarity").max())
    candidates = candidates.sort(-pl.col("similarity"), "left", "right").head(MOST_PAIRS)
    rows = distinct_values(candidates.select(_ENDS).to_numpy())
    if not len(rows):
        return LabelFindings({}, SUSPECTS.to_frame(), configuration)
    task.source.remember(rows)
    model = learn(task, labels.numbers, labels.distinct)
    judged = _judge(task, model, rows, labels.numbers)
    votes = annotator_votes(labels, members)
    if votes is not None:
        judged = judged._replace(doubts=_rounded(votes.weigh(judged.rows, judged.doubts)))
        configuration |= {"annotators": "one-coin-1"}
    suspects = _suspects(candidates, judged, task.workers)
    return LabelFindings(judged.doubt_by_row(), suspects, configuration)


def _lowered(task: SearchTask) -> SearchTask | None:
    """Return the same task with the threshold at most `LEAST`; None where that costs too much."""
    profile = task.profile
    shingles = int(profile.shingles * (1 if profile.kind == "char5" else PER_WORD))
    if shingles > MOST_SHINGLES:
        return None
    options = replace(task.options, threshold=min(LEAST, task.options.threshold))
    char5 = TextProfile("char5", exact=True, shingles=shingles)
    return replace(task, options=options, profile=char5)


def _judge(
    task: SearchTask,
    model: LabelModel,
    rows: npt.NDArray[np.int64],
    labels: npt.NDArray[np.int32],
) -> _JudgedRows:
    """Read the texts of `rows` (ascending): doubt their labels, keep their trigrams."""
    doubts, counts = np.zeros(len(rows), np.float64), np.zeros(len(rows), np.int32)
    taught = np.isin(rows, taught_rows(labels, model.counts.shape[1]), assume_unique=True)
    store = task.store("trigrams")  # of hashes: no text may spill
    work = _RowJudge(model, rows, labels[rows], taught)
    with task.progress.stage("doubting labels", len(rows)) as advance:
        for judged in task.source.over(work, None, task.workers, advance):
            for places, own_doubts, trigrams in judged:
                doubts[places], counts[places] = own_doubts, trigrams.counts
                store.add(trigrams.values)
    return _JudgedRows(rows, _rounded(doubts), Trigrams(store.all(), counts))


class _RowJudge(Struct, frozen=True, eq=False):
    """Doubts the labels of some rows (ascending), and reads their trigrams."""

    model: LabelModel
    rows: npt.NDArray[np.int64]
    labels: npt.NDArray[np.int32]
    taught: npt.NDArray[np.bool_]
    kernels: ClassVar[tuple[str, ...]] = ("shingle_rows", "naive_bayes", "trigrams")

    def __call__(
        self, reading: TextReading, /
    ) -> Iterator[tuple[slice, npt.NDArray[np.float64], Trigrams]]:
        """Yield the places of the rows of each slice, doubts and trigrams."""
        chosen = reading.source.some(self.rows)
        for rows, judged in reading.workers.through(chosen, self._judged):
            yield judged
            reading.advance(rows)

    def _judged(
        self, chosen: TextsToPrepare
    ) -> tuple[int, tuple[slice, npt.NDArray[np.float64], Trigrams]]:
        first, texts = int(np.searchsorted(self.rows, chosen.rows[0])), chosen.texts()
        own = slice(first, first + len(chosen.rows))
        doubts = self.model.judge(texts, self.labels[own], self.taught[own])
        return len(texts), (own, doubts, trigrams_of(texts))


def _rounded(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Keep `DIGITS` digits, rounding as Python does: exactly, not by way of a product."""
    return np.array([round(value, DIGITS) for value in values.tolist()], np.float64)


def _suspects(pairs: pl.DataFrame, judged: _JudgedRows, workers: Threads) -> pl.DataFrame:
    """Blame one row of each pair; keep the highest pair of each row blamed."""
    left, right = (np.searchsorted(judged.rows, pairs[name].to_numpy()) for name in _ENDS)
    left_is_worse = judged.doubts[left] > judged.doubts[right]
    row, rival = np.where(left_is_worse, left, right), np.where(left_is_worse, right, left)
    likeness = _rounded(judged.trigrams.similarity(left, right, workers))
    blamed = {
        "row": judged.rows[row],
        "rival": judged.rows[rival],
        "likeness": likeness,
        "doubt": judged.doubts[row],
    }
    score = pl.col("likeness") * pl.col("doubt")
    return (
        pl.DataFrame(blamed, schema=SUSPECTS)
        .filter(score >= LEAST_SCORE)
        .sort("row", -score, "rival")
        .unique("row", keep="first", maintain_order=True)
    )
