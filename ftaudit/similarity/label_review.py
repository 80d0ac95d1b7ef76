"""What `build` asks of a review of labels, without knowing who does it (the `labels` package)."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple, Protocol, TypeAlias

import polars as pl

from ftaudit.similarity.search.search_task import SearchTask
from ftaudit.similarity.text.text_source import TextSource

SUSPECTS: Final = pl.Schema(
    {"row": pl.Int64, "rival": pl.Int64, "likeness": pl.Float64, "doubt": pl.Float64}
)
"""One suspected row each, ascending: its number, the row that it contradicts, how alike the two
are, and the doubt in its label; the score is the product of the last two."""


class LabelFindings(NamedTuple):
    """What a review found."""

    doubts: Mapping[int, float]
    """Row number → doubt in its label, in [0, 1], of every training row that was judged."""
    suspects: pl.DataFrame
    """`SUSPECTS`."""
    configuration: Mapping[str, object]
    """Everything that decided the review."""


class LabelReview(Protocol):
    """A review of labels that have been read."""

    def __call__(
        self, task: SearchTask, members: pl.DataFrame, pairs: pl.DataFrame
    ) -> LabelFindings:
        """Review the labels, given the near-identical rows.

        Args:
            task: the texts, and how they are searched.
            members: `node` and `row` (number) of every row in a cluster.
            pairs: `node`, `other` and `similarity` of every verified pair of nodes.
        """


LabelReader: TypeAlias = Callable[[TextSource], LabelReview]
"""Reads the labels, beside all other work, and returns the review of them."""
