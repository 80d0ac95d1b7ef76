"""Multiple-choice questions of the holdout that a training record asks, with other labels or order.

The whole record is searched: prompts with examples, answers, rejected answers. A training text is
read only where it has the longest run of plain words of a holdout question; its questions are then
compared with that one: the same options, in any order, after the same stem.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
from msgspec import Struct

from ftaudit.model.dataset import HOLDOUT, TRAIN
from ftaudit.similarity.search.search_task import SearchTask
from ftaudit.similarity.text.asked_parts import asked_parts
from ftaudit.similarity.text.normalisation import normalised
from ftaudit.similarity.text.question_blocks import (
    QuestionBlock,
    asked_blocks,
    asked_stem,
    question_blocks,
)
from ftaudit.similarity.text.text_source import Ranges, TextReading, TextSource

EMBEDDED: Final = pl.Schema({"row": pl.Int64, "host": pl.Int64, "share": pl.Float64})
"""A holdout row, the first training row that asks its question, and 1."""
LEAST_WORDS: Final = 5
"""Words of stem and options together below which a question is too short to tell."""
LONGEST_RUN: Final = 60
"""Characters of a run of words that is looked for."""

MOST_POOLED: Final = 100_000
"""Rows that are yet to be split beyond which questions inside records are not looked for."""

_RUN: Final = re.compile(r"[^\W_]+(?: [^\W_]+)*")
_OPTIONS: Final = (
    r"[)\].:>、\]}•◦▪▫●○□☐☑·‣\u2013\u2014\u2460-\u24e9\u2776-\u277f]|(?:^|\n)\s*[-*+]\s"
    r"|[?\x{FF1F}\x{061F}]\s*\n"
)
"""A sign that a text may have options."""


class SoughtQuestion(Struct, frozen=True):
    """A question of the holdout."""

    row: int
    stem: str
    text: str
    """The whole text, in its normal form."""


Sought = Mapping[tuple[str, ...], list[SoughtQuestion]]
"""Options in alphabetical order → the questions that have them."""


def find_embedded(task: SearchTask, near: npt.NDArray[np.int64]) -> pl.DataFrame:
    """Return `EMBEDDED`, ascending, without the holdout rows in `near` (ascending)."""
    holdout, train = (task.source.numbering.of_split(split) for split in (HOLDOUT, TRAIN))
    if not holdout or not train:
        return EMBEDDED.to_frame()
    sought: dict[tuple[str, ...], list[SoughtQuestion]] = defaultdict(list)
    runs: set[str] = set()
    with task.progress.stage("reading questions"):
        read = task.source.over(_SoughtReader(holdout, near), holdout, task.workers)
        for options, question, run in chain.from_iterable(read):
            sought[options].append(question)
            runs.add(run)
    if not runs:
        return EMBEDDED.to_frame()
    texts = task.source if task.options.compare == "text" else task.beside("text")
    rows = sum(high - low for low, high in train)
    work = _HostReader(train, sorted(runs), dict(sought))
    with task.progress.stage("looking for permuted options", rows) as advance:
        pairs = list(chain.from_iterable(texts.over(work, train, task.workers, advance)))
    frame = pl.DataFrame(pairs, schema={"row": pl.Int64, "host": pl.Int64}, orient="row")
    first = frame.group_by("row").agg(pl.col("host").min())
    return first.with_columns(share=pl.lit(1.0)).sort("row").select(EMBEDDED.names())


def join_embedded(task: SearchTask) -> pl.DataFrame:
    """Return `EMBEDDED` pairs that join every question with the records that ask it, of all splits.

    More than `MOST_POOLED` rows are not searched.
    """
    everywhere = [(0, task.rows)]
    pairs: list[tuple[int, int]] = []
    if task.rows <= MOST_POOLED:
        sought = _SoughtReader(everywhere, np.empty(0, np.int64))
        read = chain.from_iterable(task.source.over(sought, everywhere, task.workers))
        first: dict[tuple[str, ...], dict[str, int]] = defaultdict(dict)
        for options, question, _ in read:
            least = first[options].setdefault(question.stem, question.row)
            if least != question.row:
                pairs.append((question.row, least))
        if first:
            texts = task.source if task.options.compare == "text" else task.beside("text")
            work = _BlockReader(everywhere, dict(first))
            pairs += chain.from_iterable(texts.over(work, everywhere, task.workers))
    frame = pl.DataFrame(pairs, schema={"row": pl.Int64, "host": pl.Int64}, orient="row")
    joined = frame.unique().sort("row", "host").with_columns(share=pl.lit(1.0))
    return joined.select(EMBEDDED.names())


class _BlockReader(Struct, frozen=True, eq=False):
    """Finds the rows in ranges that ask questions, wherever in their text."""

    ranges: Ranges
    sought: Mapping[tuple[str, ...], Mapping[str, int]]
    """Options in alphabetical order → stem → row."""

    def __call__(self, reading: TextReading, /) -> Iterator[tuple[int, int]]:
        """Yield rows, and the row whose question each asks."""
        for rows, texts in _plausible(reading.source, self.ranges):
            for row, blocks in zip(rows.tolist(), question_blocks(texts.to_list()), strict=True):
                for block in blocks:
                    stems = self.sought.get(tuple(sorted(block.options)), {})
                    ends = _ends(block.stem) if stems else ()
                    yield from ((row, stems[end]) for end in ends if stems.get(end, row) != row)


def _ends(stem: str) -> Iterator[str]:
    """Yield every end of a stem that begins with a word."""
    place = 0
    while place >= 0:
        yield stem[place:].lstrip()
        place = stem.find(" ", place + 1)


class _SoughtReader(Struct, frozen=True, eq=False):
    """Reads the questions of the holdout, and the run of words by which each is looked for."""

    ranges: Ranges
    near: npt.NDArray[np.int64]

    def __call__(
        self, reading: TextReading, /
    ) -> Iterator[tuple[tuple[str, ...], SoughtQuestion, str]]:
        """Yield options, question and run of words of every text that asks a question."""
        for rows, texts in _plausible(reading.source, self.ranges):
            kept = ~np.isin(rows, self.near)
            sought = texts.filter(pl.Series(kept, dtype=pl.Boolean))
            sought = sought.scatter(*asked_parts(sought))
            every = zip(
                *(rows[kept].tolist(), sought.to_list(), normalised(sought).to_list()),
                asked_blocks(sought.to_list()),
                strict=True,
            )
            for row, text, form, blocks in every:
                for before, options, asked in blocks:
                    stem, run = asked_stem(before), _longest_run(asked if blocks[1:] else text)
                    if stem and run and len(f"{stem} {' '.join(options)}".split()) >= LEAST_WORDS:
                        yield tuple(sorted(options)), SoughtQuestion(row, stem, form), run


def _longest_run(text: str) -> str:
    """Return the longest run of words with single spaces between, cut to its end."""
    longest = max(_RUN.findall(text), key=len, default="")
    return longest[-LONGEST_RUN:]


def _plausible(
    source: TextSource, ranges: Ranges
) -> Iterator[tuple[npt.NDArray[np.int64], pl.Series]]:
    """Yield the texts of ranges that may have options, with their row numbers."""
    for first, texts in source.raw(ranges):
        chosen = np.flatnonzero(texts.str.contains(_OPTIONS).fill_null(value=False).to_numpy())
        if len(chosen):
            yield first + chosen, texts.gather(chosen)


class _HostReader(Struct, frozen=True, eq=False):
    """Finds the rows in ranges that ask the questions that are sought."""

    ranges: Ranges
    runs: list[str]
    sought: Sought

    def __call__(self, reading: TextReading, /) -> Iterator[tuple[int, int]]:
        """Yield holdout row and training row."""
        parts = reading.source.raw(self.ranges)
        for count, pairs in reading.workers.through(parts, self._pairs):
            yield from pairs
            reading.advance(count)

    def _pairs(self, part: tuple[int, pl.Series]) -> tuple[int, list[tuple[int, int]]]:
        first, texts = part
        has_run = texts.str.contains_any(self.runs, ascii_case_insensitive=True)
        chosen = np.flatnonzero(has_run.fill_null(value=False).to_numpy())
        kept = texts.gather(chosen)
        pairs = []
        for row, text, blocks in zip(
            *(
                (first + chosen).tolist(),
                normalised(kept).to_list(),
                question_blocks(kept.to_list()),
            ),
            strict=True,
        ):
            for block in blocks:
                options = tuple(sorted(block.options))
                pairs += [
                    (question.row, row)
                    for question in self.sought.get(options, ())
                    if _asks(block, question) and not _repeats(text, question)
                ]
        return len(texts), pairs


def _asks(block: QuestionBlock, question: SoughtQuestion) -> bool:
    """Return whether the text before the options ends with the stem of the question."""
    return f" {block.stem}".endswith(f" {question.stem}")


def _repeats(text: str, question: SoughtQuestion) -> bool:
    """Return whether the question stands in a text as it is: that is contained, not permuted."""
    return f" {question.text} " in f" {text} "
