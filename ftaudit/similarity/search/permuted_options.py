"""Multiple-choice questions of the holdout that training asks with the options in another order.

The *parts* of a question are its lines; in one line, what lies between labels such as `A)`, `(b)`
or `3.`. Two questions are permutations when they have the same parts, the stem first, in another
order, labels left out. The sum of the hashes of all words finds the candidates, whatever the order;
their texts are then compared part by part.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain
from typing import ClassVar, Final

import numpy as np
import numpy.typing as npt
import polars as pl
from msgspec import Struct

from ftaudit.model.dataset import HOLDOUT, TRAIN
from ftaudit.similarity.runtime.kernel_loader import kernels, load_kernels
from ftaudit.similarity.search.search_task import SearchTask
from ftaudit.similarity.text.arrow_buffers import copied, views
from ftaudit.similarity.text.normalisation import normalised, prepared
from ftaudit.similarity.text.question_blocks import LEAST_OPTIONS, LONGEST_OPTION, MOST_OPTIONS
from ftaudit.similarity.text.text_source import Ranges, TextReading, TextSlice

PERMUTED: Final = pl.Schema({"row": pl.Int64, "host": pl.Int64, "share": pl.Float64})
"""A holdout row, the first training row with its options in another order, and 1."""

_LABEL: Final = r"[(\[]?(?:[A-Za-z]|[0-9]{1,2})[)\].:]"
_PARTS: Final = re.compile(rf"\s*[\r\n]+\s*(?:{_LABEL}\s+|[-*]\s+)?|\s+(?:{_LABEL})\s+")
_CHOICES: Final = rf"(?s)(?:[\n\r]|\s{_LABEL}\s).*\S.*(?:[\n\r]|\s{_LABEL}\s)"
"""At least two line breaks or labels, with text between."""


def find_permuted(task: SearchTask, near: npt.NDArray[np.int64]) -> pl.DataFrame:
    """Return `PERMUTED`, ascending, without the holdout rows in `near` (ascending)."""
    numbering = task.source.numbering
    if not numbering.of_split(HOLDOUT) or not numbering.of_split(TRAIN):
        return PERMUTED.to_frame()
    sought = _sought_questions(task).filter(~pl.col("row").is_in(near.tolist()))
    if sought.is_empty():
        return PERMUTED.to_frame()
    hosts = None if task.early is None else task.early.questions
    if hosts is None:
        hosts = _read(task, TRAIN, sought["words"].unique().to_numpy())
    pairs = sought.join(hosts, on="words", suffix="_host")
    same = [_is_permutation(*texts) for texts in pairs.select("text", "text_host").iter_rows()]
    return (
        pairs.filter(pl.Series(same, dtype=pl.Boolean))
        .group_by("row")
        .agg(host=pl.col("row_host").min())
        .with_columns(share=pl.lit(1.0))
        .sort("row")
    )


def _sought_questions(task: SearchTask) -> pl.DataFrame:
    """Return the questions of the holdout, as `_read` does."""
    questions = _read(task, HOLDOUT)
    plausible = [_has_options(text) for text in questions["text"]]
    return questions.filter(pl.Series(plausible, dtype=pl.Boolean))


class _QuestionGathering:
    """Gathers the training rows that may ask a question, slice by slice."""

    def __init__(self, train: Ranges, among: npt.NDArray[np.uint64]) -> None:
        self._train, self._reader = train, _QuestionReader(train, among)
        self._parts: dict[int, pl.DataFrame] = {}
        self.missed = False
        """Whether texts of a slice had been prepared before."""

    def __call__(self, texts: TextSlice) -> None:
        """Gather those of a slice, which is of one split, on any worker."""
        if not any(low <= texts.first < high for low, high in self._train):
            return
        if texts.raw is None:
            self.missed = True
            return
        _, questions = self._reader.questions((texts.first, texts.raw))
        if questions.height:
            kept = copied(questions["text"])
            self._parts[texts.first] = questions.with_columns(kept)

    def gathered(self) -> pl.DataFrame | None:
        """Return the rows, ascending; None where some were missed."""
        parts = (self._parts[first] for first in sorted(self._parts))
        return None if self.missed else pl.concat([_QUESTIONS.to_frame(), *parts])


@contextmanager
def gathering_questions(task: SearchTask) -> Iterator[Callable[[TextSlice], None] | None]:
    """Lend what gathers questions of training in a pass over texts not prepared; then keep them.

    None where nobody asks for them, or the holdout is not at hand before that pass.
    """
    early, train = task.early, task.source.numbering.of_split(TRAIN)
    if early is None or not train or not task.source.holds_holdout:
        yield None
        return
    sought = _sought_questions(task)
    if sought.is_empty():
        yield None
        return
    gathering = _QuestionGathering(train, sought["words"].unique().to_numpy())
    yield gathering
    early.questions = gathering.gathered()


def join_permuted(task: SearchTask) -> pl.DataFrame:
    """Return `PERMUTED` pairs of each row with the first that asks the same, of all splits."""
    questions = _read(task, None)
    plausible = [_has_options(text) for text in questions["text"]]
    questions = questions.filter(pl.Series(plausible, dtype=pl.Boolean))
    repeated = questions.filter(pl.col("words").is_duplicated()).sort("row")
    first: dict[tuple[str, ...], int] = {}
    pairs = [
        (row, host)
        for row, text in repeated.select("row", "text").iter_rows()
        if (host := first.setdefault(_sorted_parts(text), row)) != row
    ]
    frame = pl.DataFrame(pairs, schema={"row": pl.Int64, "host": pl.Int64}, orient="row")
    return frame.with_columns(share=pl.lit(1.0))


def _sorted_parts(text: str) -> tuple[str, ...]:
    """Return the parts of a question, the options in alphabetical order."""
    stem, *options = question_parts(text) or [""]
    return stem, *sorted(options)


def question_parts(text: str) -> list[str]:
    """Return the normalised parts of a question, the stem first, without the labels of options."""
    forms = normalised(pl.Series(_PARTS.split(text), dtype=pl.String))
    return [form for form in forms if form]


def _has_options(text: str) -> bool:
    """Return whether a text may be a multiple-choice question."""
    options = _PARTS.split(text.strip())[1:]
    return LEAST_OPTIONS <= len(options) <= MOST_OPTIONS and all(
        len(option) <= LONGEST_OPTION for option in options
    )


def _is_permutation(left: str, right: str) -> bool:
    """Return whether two questions have the same stem and, in another order, the same options."""
    stem, *options = question_parts(left) or [""]
    other_stem, *others = question_parts(right) or [""]
    return (
        len(options) >= LEAST_OPTIONS
        and stem == other_stem
        and options != others
        and sorted(options) == sorted(others)
    )


def _read(
    task: SearchTask, split: str | None, among: npt.NDArray[np.uint64] | None = None
) -> pl.DataFrame:
    """Return `row`, `text` and `words`, the sum of word hashes, of the questions of a split.

    Of the whole split, or of the rows whose sum is in `among`; None: of all splits.
    """
    load_kernels(task.progress, *_QuestionReader.kernels)
    ranges = [(0, task.rows)] if split is None else task.source.numbering.of_split(split)
    rows = sum(high - low for low, high in ranges)
    work = _QuestionReader(ranges, among)
    with task.progress.stage("looking for permuted options", rows) as advance:
        read = task.source.over(work, ranges, task.workers, advance)
        return pl.concat(chain([_QUESTIONS.to_frame()], *read))


_QUESTIONS: Final = pl.Schema({"row": pl.Int64, "text": pl.String, "words": pl.UInt64})


class _QuestionReader(Struct, frozen=True, eq=False):
    """Reads the questions of ranges; see `_read`."""

    ranges: Ranges
    among: npt.NDArray[np.uint64] | None
    kernels: ClassVar[tuple[str, ...]] = ("option_marks", "word_sums")

    def __call__(self, reading: TextReading, /) -> Iterator[pl.DataFrame]:
        """Yield the questions, slice by slice."""
        parts = reading.source.raw(self.ranges)
        for count, questions in reading.workers.through(parts, self.questions):
            yield questions
            reading.advance(count)

    def questions(self, part: tuple[int, pl.Series]) -> tuple[int, pl.DataFrame]:
        """Return how many texts a part has, from its first row on, and the questions among them."""
        first, texts = part
        chosen = np.flatnonzero(_may_ask(texts))
        if not len(chosen):
            return len(texts), _QUESTIONS.to_frame()
        kept = texts.gather(chosen)
        words = word_sums(kept)
        questions = pl.DataFrame(
            {"row": first + chosen, "text": kept, "words": words}, schema=_QUESTIONS
        )
        if self.among is not None:
            questions = questions.filter(pl.Series(np.isin(words, self.among), dtype=pl.Boolean))
        return len(texts), questions


def _may_ask(texts: pl.Series) -> npt.NDArray[np.bool_]:
    """Return which texts have at least two line breaks or labels, with text between."""
    column = views(texts.fill_null("") if texts.null_count() else texts)
    found = np.zeros(len(texts), np.bool_)
    kernels("option_marks").find_lists(*column[:2], found)
    places = np.flatnonzero(found)  # the pattern is slow, and few texts have marks at all
    if len(places):
        found[places] = texts.gather(places).str.contains(_CHOICES).to_numpy()
    return found


def word_sums(texts: pl.Series) -> npt.NDArray[np.uint64]:
    """Return the sum of the hashes of the words of every text, modulo 2^64."""
    column, sums = views(prepared(texts)), np.zeros(len(texts), np.uint64)
    kernels("word_sums").add_words(*column[:2], 0, len(texts), sums)
    return sums
