"""Labels and outputs of the members: read once, of members only."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from ftaudit.progress import Progress
from ftaudit.similarity.membership import Membership
from ftaudit.similarity.source import Source


@dataclass(frozen=True, eq=False)
class Answers:
    """What the members are labelled, and which of their outputs are the same."""

    labels: pl.Series
    """Label of each member."""
    numbers: pl.Series
    """`answer` of each member, numbered inside its cluster."""

    def lists(self, low: int, high: int, owner: npt.NDArray[np.int64], count: int) -> pl.Series:
        """Return the pairs of answers of members `low` to `high`, a list per cluster."""
        return pl.Series(
            [[]] * count,
            dtype=pl.List(
                pl.Struct({"left": pl.UInt32, "right": pl.UInt32, "similarity": pl.Float64})
            ),
        )


def read_answers(source: Source, found: Membership, progress: Progress) -> Answers:
    """Read labels and outputs of the members."""
    order = np.argsort(found.rows)
    wanted = found.rows[order].astype(np.int64)
    labels: list[pl.Series] = [pl.Series([], dtype=pl.String)]
    with progress.stage("reading labels", source.numbering.rows) as advance:
        for frame in source.rows.batches(["id", "label"]):
            numbers = source.numbering.numbers(frame["id"].to_numpy())
            low, high = np.searchsorted(wanted, [numbers[0], numbers[-1] + 1])
            labels.append(frame["label"].gather(np.searchsorted(numbers, wanted[low:high])))
            advance(frame.height)
    back = np.empty(len(order), np.int64)
    back[order] = np.arange(len(order))
    return Answers(
        pl.concat(labels).gather(back), pl.repeat(None, len(order), dtype=pl.UInt32, eager=True)
    )
