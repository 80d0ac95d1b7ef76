"""Multiple-choice questions that look reworded because their options share numbers.

A problem with other numbers is not the same problem, whatever results are offered for it.
"""

import re
from collections.abc import Iterator
from itertools import chain
from typing import ClassVar, Final

import numpy as np
import polars as pl
from msgspec import Struct

from ftaudit.model.dataset import HOLDOUT
from ftaudit.similarity.search.search_task import SearchTask
from ftaudit.similarity.text.question_blocks import asked_blocks
from ftaudit.similarity.text.row_numbering import within_ranges
from ftaudit.similarity.text.text_source import Ranges, RowNumbers, TextReading, rows_within

LEAST: Final = 0.5
"""Share of common numbers in what two questions ask below which they are not the same."""

_DIGITS: Final = re.compile(r"\d+(?:\.\d+)?")
_Numbers = dict[int, frozenset[str]]


def without_other_numbers(task: SearchTask, pairs: pl.DataFrame) -> pl.DataFrame:
    """Return pairs without those of a holdout question and one whose stem has other numbers.

    Args:
        task: the search, which has the texts.
        pairs: `row`, `match` and `likeness`.
    """
    rows, ranges = pairs["row"].unique().sort().to_numpy(), task.source.numbering.of_split(HOLDOUT)
    rows = rows[within_ranges(rows.astype(np.uint32), ranges)]
    if not len(rows):
        return pairs
    sought = _joined(task.source.over(_HeldStems(rows, ranges), ranges))
    matched = pairs.filter(pl.col("row").is_in(list(sought)))["match"].unique().sort().to_numpy()
    if not len(matched):
        return pairs
    taught = _joined(task.source.over(_StemsOfRows(matched)))
    same = [
        _agree(sought.get(row), taught.get(match))
        for row, match in pairs.select("row", "match").iter_rows()
    ]
    return pairs.filter(pl.Series(same, dtype=pl.Boolean))


def _agree(own: frozenset[str] | None, other: frozenset[str] | None) -> bool:
    return own is None or other is None or len(own & other) >= LEAST * len(own | other)


def _joined(parts: Iterator[Iterator[_Numbers]]) -> _Numbers:
    return {row: n for numbers in chain.from_iterable(parts) for row, n in numbers.items()}


def _stems(rows: RowNumbers, texts: pl.Series) -> _Numbers:
    """Return the numbers in the stem of each multiple-choice question that has any there."""
    return {
        row: numbers
        for row, blocks in zip(rows.tolist(), asked_blocks(texts.to_list()), strict=True)
        if blocks and (numbers := frozenset(_DIGITS.findall(blocks[0].stem)))
    }


class _HeldStems(Struct, frozen=True, eq=False):
    """Reads the numbers of some rows (ascending) in ranges, whose texts are at hand."""

    rows: RowNumbers
    ranges: Ranges

    def __call__(self, reading: TextReading, /) -> Iterator[_Numbers]:
        """Yield those of every slice that has any."""
        for first, raw in reading.source.raw(self.ranges):
            own = rows_within(self.rows, first, first + len(raw))
            if len(own):
                yield _stems(own, raw.gather(own - first).fill_null(""))


class _StemsOfRows(Struct, frozen=True, eq=False):
    """Reads the numbers of some rows (ascending)."""

    rows: RowNumbers
    columns: ClassVar[tuple[str, ...]] = ("id", "input")

    def within(self, low: int, high: int) -> "_StemsOfRows | None":
        """Return the work on the rows from number `low` to before `high`; None: there is none."""
        rows = rows_within(self.rows, low, high)
        return _StemsOfRows(rows) if len(rows) else None

    def __call__(self, reading: TextReading, /) -> Iterator[_Numbers]:
        """Yield those of every batch that has any."""
        for batch in reading.source.rows.batches(self.columns):
            numbers = reading.source.numbering.numbers(batch["id"].to_numpy()).astype(np.int64)
            chosen = np.isin(numbers, self.rows)
            if chosen.any():
                texts = batch["input"].filter(pl.Series(chosen)).fill_null("")
                yield _stems(numbers[chosen], texts)
