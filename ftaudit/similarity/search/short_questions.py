"""Short questions of holdout conversations that training asks behind another system prompt.

A question of fewer than ten words is not looked for inside texts (`containment`), but two
conversations of one turn that ask the same differ in their system prompts alone. Questions that
point at what stands before them ("summarise the article") ask nothing by themselves, and those
that more than five training rows ask are stock questions: neither counts.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
from msgspec import Struct

from ftaudit.model.dataset import HOLDOUT, TRAIN
from ftaudit.similarity.search.answer_leaks import MOST_GIVEN, POOLED_MOST
from ftaudit.similarity.search.containment import CONTAINED
from ftaudit.similarity.search.search_task import SearchTask
from ftaudit.similarity.text.asked_parts import POINTS, lone_questions
from ftaudit.similarity.text.normalisation import normalised
from ftaudit.similarity.text.text_source import Ranges, TextReading

LEAST_WORDS: Final = 3
"""Words of a question below which it is a greeting."""
LONGEST: Final = 200
"""Characters from which a question is looked for inside texts."""
_QUESTIONS: Final = pl.Schema({"row": pl.Int64, "question": pl.String})


def find_short_questions(task: SearchTask, near: npt.NDArray[np.int64]) -> pl.DataFrame:
    """Return `CONTAINED`, ascending, without the holdout rows in `near`."""
    holdout, train = (task.source.numbering.of_split(split) for split in (HOLDOUT, TRAIN))
    if not holdout or not train or task.options.compare != "input":
        return CONTAINED.to_frame()
    sought = _read(task, holdout)
    if not sought.is_empty():
        sought = sought.filter(~pl.col("row").is_in(near.tolist()))
    if sought.is_empty():
        return CONTAINED.to_frame()
    taught = _read(task, train, sought["question"].unique())
    hosts = taught.group_by("question").agg(host=pl.col("row").min(), count=pl.len())
    pairs = sought.join(hosts.filter(pl.col("count") <= MOST_GIVEN), on="question")
    return pairs.select("row", "host", share=pl.lit(1.0)).sort("row")


def join_short_questions(task: SearchTask) -> pl.DataFrame:
    """Return `CONTAINED` pairs of each row with the first that asks the same, of all splits."""
    if task.options.compare != "input":
        return CONTAINED.to_frame()
    first = pl.col("row").min().over("question")
    asked = _read(task, [(0, task.rows)]).with_columns(host=first, count=pl.len().over("question"))
    pairs = asked.filter((pl.col("count") <= POOLED_MOST) & (pl.col("row") != pl.col("host")))
    return pairs.select("row", "host", share=pl.lit(1.0)).sort("row")


class _ShortQuestionReader(Struct, frozen=True, eq=False):
    """Reads the short questions of conversations of one turn, in ranges."""

    ranges: Ranges
    among: frozenset[str] | None
    """Normal forms of the questions that are read; None: all."""

    def __call__(self, reading: TextReading, /) -> Iterator[pl.DataFrame]:
        """Yield `_QUESTIONS`, slice by slice."""
        parts = reading.source.raw(self.ranges)
        yield from reading.workers.through(parts, self._questions)

    def _questions(self, part: tuple[int, pl.Series]) -> pl.DataFrame:
        first, texts = part
        asked = lone_questions(texts, LONGEST)
        if asked.is_empty():
            return _QUESTIONS.to_frame()
        question = pl.col("question")
        own = (question.str.count_matches(" ") + 1 >= LEAST_WORDS) & ~question.str.contains(POINTS)
        if self.among is not None:
            own &= question.is_in(sorted(self.among))
        rows = first + asked["place"].to_numpy().astype(np.int64)
        columns = {"row": rows, "question": normalised(asked["asked"])}
        return pl.DataFrame(columns, schema=_QUESTIONS).filter(own)


def _read(task: SearchTask, ranges: Ranges, among: pl.Series | None = None) -> pl.DataFrame:
    """Return `_QUESTIONS` of the rows in ranges."""
    work = _ShortQuestionReader(ranges, None if among is None else frozenset(among))
    read = task.source.over(work, ranges, task.workers)
    return pl.concat([_QUESTIONS.to_frame(), *(frame for part in read for frame in part)])
