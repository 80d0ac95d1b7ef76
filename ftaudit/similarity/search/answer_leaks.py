"""Holdout rows that training gives away in its answers.

Two kinds. A holdout input is *quoted* when a training output, or a rejected answer, has at least
90 % of its three-word shingles (`containment`, searched in those columns). Two rows have the *same
answer* when the normalised output of one is the output, or a rejected answer, of the other and has
at least twenty words, though their inputs are not similar: a holdout answer that the model was
shown as an answer to another question, the last one of a conversation or an earlier one; with its
reasoning or without (`reasoning_marks`), and without what says nothing (`answer_dress`). Refusals
are left out, and so are answers that more than five training rows give, which are stock answers.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain
from typing import ClassVar, Final, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl
from msgspec import Struct

from ftaudit.model.dataset import HOLDOUT, TRAIN
from ftaudit.similarity.runtime.hash_store import Hashes
from ftaudit.similarity.runtime.threads import ALONE, Threads
from ftaudit.similarity.search.containment import find_contained, join_contained, texts_in
from ftaudit.similarity.search.search_task import SearchTask
from ftaudit.similarity.text.answer_dress import refuses
from ftaudit.similarity.text.arrow_buffers import views
from ftaudit.similarity.text.reasoning_marks import (
    ReasoningMarks,
    has_reasoning,
    without_marks,
    without_reasoning,
)
from ftaudit.similarity.text.shingling import shingle
from ftaudit.similarity.text.text_hashes import TextHashes
from ftaudit.similarity.text.text_source import (
    Ranges,
    RowNumbers,
    TextReading,
    TextSlice,
    TextSource,
)

LEAST_SHINGLES: Final = 18
"""Three-word shingles, two fewer than words, below which an answer is too short to tell."""
MOST_GIVEN: Final = 5
"""Training rows beyond which an answer is a stock answer."""

LOOKED_AT: Final = 1_000
"""First training rows, one of which has an answer within its input where any row has."""

POOLED_MOST: Final = 50
"""The same among rows that are yet to be split: of fewer, some split leaves five for training."""

EQUAL_ANSWERS: Final = pl.Schema({"row": pl.Int64, "host": pl.Int64, "share": pl.Float64})
"""A holdout row, the first training row with the same answer, and 1."""


Answers: TypeAlias = Sequence[TextSource]
"""The outputs of the rows, then what they reject where the data has that."""


def answers_of(task: SearchTask) -> Answers:
    """Return the columns of answers, as texts to search in."""
    columns = ("output", "rejected") if task.rejected else ("output",)
    return [task.beside(column, ReasoningMarks()) for column in columns]


def find_quoted(task: SearchTask, answers: Answers, near: npt.NDArray[np.int64]) -> pl.DataFrame:
    """Return `containment.CONTAINED` of holdout inputs in training answers, `near` left out."""
    parts = [find_contained(task, near, hosts) for hosts in answers]
    best = pl.concat(parts).sort("row", "share", "host", descending=[False, True, False])
    return best.unique("row", keep="first", maintain_order=True)


def join_quoted(task: SearchTask, answers: Answers) -> pl.DataFrame:
    """Return `containment.CONTAINED` pairs of each row with those whose answers quote it."""
    return pl.concat([join_contained(task, hosts) for hosts in answers])


def find_equal_answers(
    task: SearchTask, answers: Answers, near: npt.NDArray[np.int64]
) -> pl.DataFrame:
    """Return `EQUAL_ANSWERS`, ascending, without the holdout rows in `near` (ascending)."""
    holdout, train = (task.source.numbering.of_split(split) for split in (HOLDOUT, TRAIN))
    if not holdout or not train:
        return EQUAL_ANSWERS.to_frame()
    sought = _answers(task, answers[:1], holdout).filter(~pl.col("row").is_in(near.tolist()))
    if sought.is_empty():
        return EQUAL_ANSWERS.to_frame()
    among = sought["first"].unique().to_numpy()
    taught = _answers(task, answers, train, among)
    begin = [(train[0][0], min(train[0][0] + LOOKED_AT, train[0][1]))]
    if any(task.source.over(_HasTurns(begin), begin)):
        earlier = task.source.over(_EarlierAnswers(train, among), train, task.workers)
        taught = pl.concat([taught, *chain.from_iterable(earlier)])
    hosts = (
        taught.unique(maintain_order=True)
        .group_by("first", "second")
        .agg(host=pl.col("row").min(), count=pl.len())
        .filter(pl.col("count") <= MOST_GIVEN)
    )
    pairs = sought.join(hosts, on=["first", "second"]).group_by("row").agg(pl.min("host"))
    return pairs.with_columns(share=pl.lit(1.0)).select(EQUAL_ANSWERS.names()).sort("row")


def join_equal_answers(task: SearchTask, answers: Answers) -> pl.DataFrame:
    """Return `EQUAL_ANSWERS` pairs of each row with the first with its answer, of all splits."""
    everywhere = [(0, task.source.numbering.rows)]
    groups = _answers(task, answers, everywhere).group_by("first", "second").agg("row")
    several = groups.filter(pl.col("row").list.len().is_between(2, POOLED_MOST))
    pairs = several.select(row="row", host=pl.col("row").list.min(), share=pl.lit(1.0))
    exploded = pairs.explode("row").filter(pl.col("row") != pl.col("host"))
    return exploded.select(EQUAL_ANSWERS.names()).unique().sort("row", "host")


def _keep_sizes(
    counts: npt.NDArray[np.int32], first: int, _: Hashes, sizes: npt.NDArray[np.int32]
) -> None:
    counts[first : first + len(sizes)] = sizes


def _answers(
    task: SearchTask, answers: Answers, ranges: Ranges, among: Hashes | None = None
) -> pl.DataFrame:
    """Return `row` and the two hashes of every long answer; only those in `among` if given."""
    work = _AnswerReader(ranges, among)
    read = chain.from_iterable(texts.over(work, ranges, task.workers) for texts in answers)
    hashed = pl.concat([_HASHED.to_frame(), *read])
    return hashed.unique(maintain_order=True) if len(answers) > 1 else hashed


_HASHED: Final = pl.Schema({"row": pl.Int64, "first": pl.UInt64, "second": pl.UInt64})


class _AnswerReader(Struct, frozen=True, eq=False):
    """Hashes the long answers of the rows in ranges; see `_answers`."""

    ranges: Ranges
    among: Hashes | None
    kernels: ClassVar[tuple[str, ...]] = ("shingle_rows",)

    def __call__(self, reading: TextReading, /) -> pl.DataFrame:
        parts = [self.both(reading.workers, *part) for part in texts_in(reading, self.ranges)]
        return pl.concat([_HASHED.to_frame(), *parts])

    def both(self, workers: Threads, rows: RowNumbers, texts: pl.Series) -> pl.DataFrame:
        """Return the hashes of prepared answers, and those of them without their reasoning."""
        marked = has_reasoning(texts)
        if not marked.any():
            return self._hashed(workers, rows, texts)
        own = marked.to_numpy()
        whole = self._hashed(workers, rows, without_marks(texts))
        rest = self._hashed(workers, rows[own], without_reasoning(texts.filter(marked)))
        return pl.concat([whole, rest]).unique(maintain_order=True)

    def _hashed(self, workers: Threads, rows: RowNumbers, texts: pl.Series) -> pl.DataFrame:
        """Return the hashes of prepared texts, with their row numbers."""
        hashes, counts = TextHashes.empty_rows(len(rows)), np.zeros(len(rows), np.int32)
        keep = partial(_keep_sizes, counts)
        shingle(workers, "word3", views(texts), keep, into=hashes)
        kept = (counts >= LEAST_SHINGLES) & ~refuses(texts).fill_null(value=False).to_numpy()
        if self.among is not None:
            kept &= np.isin(hashes.first, self.among)
        columns = (rows[kept], hashes.first[kept], hashes.second[kept])
        return pl.DataFrame(dict(zip(_HASHED, columns, strict=True)), schema=_HASHED)


_TURN: Final = (
    r"(?s)(?:^|\n\n)(?i:assistant|gpt|model|bot): .*?"
    r"\n\n(?i:user|human|prompter|system|developer|tool|function|observation|ipython): "
)
"""An answer within a rendered conversation, and the label of the turn that follows."""
_LABELS: Final = r"^\s*\w+: |\n\n\w+: $"


class _HasTurns(Struct, frozen=True, eq=False):
    """Tells whether any of the rows in a range holds a conversation with an answer within it."""

    ranges: Ranges

    def __call__(self, reading: TextReading, /) -> bool:
        """Read no further than the range."""
        ((low, high),) = self.ranges
        for first, raw in reading.source.raw(self.ranges):
            own = raw[max(0, low - first) : max(0, high - first)]
            if own.str.contains(_TURN).any():
                return True
            if first + len(raw) >= high:
                break
        return False


class _EarlierAnswers(Struct, frozen=True, eq=False):
    """Hashes the long answers within the conversations of ranges, those before the last one."""

    ranges: Ranges
    among: Hashes
    kernels: ClassVar[tuple[str, ...]] = ("shingle_rows",)

    def __call__(self, reading: TextReading, /) -> Iterator[pl.DataFrame]:
        """Yield `row` and the two hashes of each that is in `among`, slice by slice."""
        yield from reading.workers.through(reading.source.raw(self.ranges), self._hashed)

    def _hashed(self, part: tuple[int, pl.Series]) -> pl.DataFrame:
        first, texts = part
        turns = pl.DataFrame({"row": np.arange(first, first + len(texts)), "text": texts})
        turns = turns.filter(pl.col("text").str.contains(_TURN))
        if turns.is_empty():
            return _HASHED.to_frame()
        every = turns.with_columns(pl.col("text").str.extract_all(_TURN)).explode("text")
        rows = every["row"].to_numpy()
        bare = every["text"].str.replace_all(_LABELS, "")
        slices = TextSlice(0, bare, ReasoningMarks())
        return _AnswerReader(self.ranges, self.among).both(ALONE, rows, slices.texts)
