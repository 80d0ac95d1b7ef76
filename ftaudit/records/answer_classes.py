"""Outputs that are a few short answers: the classes of a classifier tuned on prompts or chats."""

from typing import Final

import polars as pl

from ftaudit.model.dataset import TRAIN
from ftaudit.records.name_tallies import NameCounts

LONGEST_ANSWER: Final = 60
"""Characters of a short answer, which is one line."""
MOST_ANSWERS: Final = 100
"""Different short answers that training may have for them to be classes."""
ROWS_PER_ANSWER: Final = 10
"""Least training rows of an answer on average: fewer do not repeat enough to be classes."""
MOST_OTHER_OUTPUTS: Final = 0.01
"""Largest share of training outputs that may be long beside classes."""
OTHER: Final = "\n"
"""What outputs that are no short answer are counted under; no short answer has a line break."""
TOO_MANY: Final = "\n\n"
"""What all outputs are counted under where their answers are too many to be told apart."""
MOST_COUNTED: Final = 10 * MOST_ANSWERS
"""Different answers after which none is told apart, so that counts of free text stay small."""


def short_answer(column: str) -> pl.Expr:
    """Return the short answer of every text, stripped; `OTHER` of others, null of empty ones."""
    text = pl.col(column).str.strip_chars()
    short = (text.str.len_chars() <= LONGEST_ANSWER) & ~text.str.contains("\n", literal=True)
    return pl.when(text != "").then(pl.when(short).then(text).otherwise(pl.lit(OTHER)))


def within_bounds(counts: pl.DataFrame, most: int = MOST_COUNTED) -> pl.DataFrame:
    """Count all outputs under `TOO_MANY` where their answers are too many to be told apart.

    The more parts are counted together, the more answers they have: the result is the same in
    whatever order parts are added.

    Args:
        counts: `split`, `name`, `rows` and `first` (row id), each split and name at most once.
        most: different answers that are told apart.
    """
    names = counts["name"]
    if names.n_unique() <= most and TOO_MANY not in names:
        return counts
    every = counts.group_by("split").agg(pl.sum("rows"), pl.min("first"))
    return every.with_columns(name=pl.lit(TOO_MANY)).select(counts.columns)


def answer_classes(counts: NameCounts) -> NameCounts | None:
    """Return the rows of every short answer, or None if training's answers are no classes.

    They are classes if there are two or more, at most `MOST_ANSWERS`, which have
    `ROWS_PER_ANSWER` training rows on average, beside a share of `MOST_OTHER_OUTPUTS` at most.
    """
    answers = {
        split: {name: rows for name, rows in names.items() if name not in (OTHER, TOO_MANY)}
        for split, names in counts.items()
    }
    train, others = answers.get(TRAIN, {}), counts.get(TRAIN, {}).get(OTHER, 0)
    rows = sum(train.values())
    repeated = 2 <= len(train) <= MOST_ANSWERS and rows >= ROWS_PER_ANSWER * len(train)
    return answers if repeated and others <= MOST_OTHER_OUTPUTS * (rows + others) else None
