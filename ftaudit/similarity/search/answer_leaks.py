"""Holdout rows that training gives away in its answers.

Two kinds. A holdout input is *quoted* when a training output has at least 90 % of its three-word
shingles (`containment`, searched in the outputs). Two rows have the *same answer* when their
normalised outputs are equal and have at least twenty words, though their inputs are not similar: a
holdout answer that the model was taught as the answer to another question. Answers that more than
five training rows give are stock answers, such as refusals, and are left out.
"""

from dataclasses import dataclass
from functools import partial
from typing import ClassVar, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from ftaudit.model.dataset import HOLDOUT, TRAIN
from ftaudit.similarity.runtime.hash_store import Hashes
from ftaudit.similarity.search.containment import find_contained, texts_in
from ftaudit.similarity.search.search_task import SearchTask
from ftaudit.similarity.text.arrow_buffers import views
from ftaudit.similarity.text.shingling import shingle
from ftaudit.similarity.text.text_hashes import TextHashes
from ftaudit.similarity.text.text_source import Ranges, TextReading, TextSource

LEAST_SHINGLES: Final = 18
"""Three-word shingles, two fewer than words, below which an answer is too short to tell."""
MOST_GIVEN: Final = 5
"""Training rows beyond which an answer is a stock answer."""

POOLED_MOST: Final = 50
"""The same among rows that are yet to be split: of fewer, some split leaves five for training."""

EQUAL_ANSWERS: Final = pl.Schema({"row": pl.Int64, "host": pl.Int64, "share": pl.Float64})
"""A holdout row, the first training row with the same answer, and 1."""


def outputs_of(task: SearchTask) -> TextSource:
    """Return the outputs of the rows, as texts to search in."""
    source = task.source
    return TextSource(source.rows, source.numbering, "output", elsewhere=source.elsewhere)


def find_quoted(task: SearchTask, outputs: TextSource, near: npt.NDArray[np.int64]) -> pl.DataFrame:
    """Return `containment.CONTAINED` of holdout inputs in training outputs, `near` left out."""
    return find_contained(task, near, outputs)


def find_equal_answers(
    task: SearchTask, outputs: TextSource, near: npt.NDArray[np.int64]
) -> pl.DataFrame:
    """Return `EQUAL_ANSWERS`, ascending, without the holdout rows in `near` (ascending)."""
    holdout, train = (task.source.numbering.of_split(split) for split in (HOLDOUT, TRAIN))
    if not holdout or not train:
        return EQUAL_ANSWERS.to_frame()
    sought = _answers(task, outputs, holdout).filter(~pl.col("row").is_in(near.tolist()))
    if sought.is_empty():
        return EQUAL_ANSWERS.to_frame()
    taught = _answers(task, outputs, train, sought["first"].unique().to_numpy())
    hosts = (
        taught.group_by("first", "second")
        .agg(host=pl.col("row").min(), count=pl.len())
        .filter(pl.col("count") <= MOST_GIVEN)
    )
    pairs = sought.join(hosts, on=["first", "second"]).with_columns(share=pl.lit(1.0))
    return pairs.select(EQUAL_ANSWERS.names()).sort("row")


def join_equal_answers(task: SearchTask, outputs: TextSource) -> pl.DataFrame:
    """Return `EQUAL_ANSWERS` pairs of each row with the first with its answer, of all splits."""
    everywhere = [(0, task.source.numbering.rows)]
    groups = _answers(task, outputs, everywhere).group_by("first", "second").agg("row")
    several = groups.filter(pl.col("row").list.len().is_between(2, POOLED_MOST))
    pairs = several.select(row="row", host=pl.col("row").list.min(), share=pl.lit(1.0))
    exploded = pairs.explode("row").filter(pl.col("row") != pl.col("host"))
    return exploded.select(EQUAL_ANSWERS.names()).sort("row")


def _keep_sizes(
    counts: npt.NDArray[np.int32], first: int, _: Hashes, sizes: npt.NDArray[np.int32]
) -> None:
    counts[first : first + len(sizes)] = sizes


def _answers(
    task: SearchTask, outputs: TextSource, ranges: Ranges, among: Hashes | None = None
) -> pl.DataFrame:
    """Return `row` and the two hashes of every long answer; only those in `among` if given."""
    read = outputs.over(_AnswerReader(ranges, among), ranges, task.workers)
    return pl.concat([_HASHED.to_frame(), *read])


_HASHED: Final = pl.Schema({"row": pl.Int64, "first": pl.UInt64, "second": pl.UInt64})


@dataclass(frozen=True, eq=False)
class _AnswerReader:
    """Hashes the long answers of the rows in ranges; see `_answers`."""

    ranges: Ranges
    among: Hashes | None
    kernels: ClassVar[tuple[str, ...]] = ("shingle_rows",)

    def __call__(self, reading: TextReading, /) -> pl.DataFrame:
        parts = [_HASHED.to_frame()]
        for rows, texts in texts_in(reading, self.ranges):
            hashes, counts = TextHashes.empty_rows(len(rows)), np.zeros(len(rows), np.int32)
            keep = partial(_keep_sizes, counts)
            shingle(reading.workers, "word3", views(texts), keep, into=hashes)
            kept = counts >= LEAST_SHINGLES
            if self.among is not None:
                kept &= np.isin(hashes.first, self.among)
            columns = (rows[kept], hashes.first[kept], hashes.second[kept])
            parts.append(pl.DataFrame(dict(zip(_HASHED, columns, strict=True)), schema=_HASHED))
        return pl.concat(parts)
