"""Classes and slices by themselves: which got better or worse, and which have too few rows."""

from collections.abc import Iterator, Sequence
from typing import Final

import polars as pl
from msgspec import Struct

from ftaudit.model.statistics.interval import Interval
from ftaudit.model.statistics.mcnemar import better_p_value, worse_p_value
from ftaudit.model.statistics.multiplicity import holm
from ftaudit.model.statistics.noninferiority import CONFIDENCE, no_worse
from ftaudit.model.statistics.paired_counts import PairedCounts
from ftaudit.model.statistics.paired_intervals import tango
from ftaudit.model.statistics.standing import Standing

MARGIN: Final = 0.10
"""By how much a class may get worse, unless the plan says."""
ALPHA: Final = 0.05
"""Of the tests over all groups together."""


class GroupLift(Struct, frozen=True):
    """The lift of a class, or of one value of a slice."""

    kind: str
    """`class`, or the slice's column."""
    name: str
    counts: PairedCounts
    interval: Interval
    """Two-sided 90 %: each end is a one-sided 95 % limit."""
    standing: Standing
    """That it is no worse by more than the margin."""
    worse: float
    """One-sided exact p-value that it got worse, adjusted over all groups."""
    better: float

    @property
    def is_worse(self) -> bool:
        """Whether it got worse, beyond chance over all groups."""
        return self.worse <= ALPHA

    @property
    def is_open(self) -> bool:
        """Whether the rows tell neither that it is no worse nor, over all groups, that it is."""
        return self.standing is not Standing.SHOWN and not self.is_worse

    @property
    def is_better(self) -> bool:
        """Whether it got better, beyond chance over all groups."""
        return self.better <= ALPHA


def group_lifts(rows: pl.DataFrame, margin: float = MARGIN) -> list[GroupLift]:
    """Return every group of some rows, with Holm's adjustment over all of them.

    Args:
        rows: `baseline` and `tuned` (0 or 1), and a column `class` or `slice:NAME` per kind.
        margin: by how much a group may get worse.
    """
    groups = list(_groups(rows))
    worse = holm([worse_p_value(counts) for _, _, counts in groups])
    better = holm([better_p_value(counts) for _, _, counts in groups])
    return [
        GroupLift(kind, name, counts, tango(counts, CONFIDENCE), no_worse(counts, margin), down, up)
        for (kind, name, counts), down, up in zip(groups, worse, better, strict=True)
    ]


def _groups(rows: pl.DataFrame) -> Iterator[tuple[str, str, PairedCounts]]:
    for column in rows.columns:
        if column in {"baseline", "tuned"}:
            continue
        counted = (
            rows.drop_nulls(column)
            .group_by(column)
            .agg(
                both=((pl.col("baseline") == 1) & (pl.col("tuned") == 1)).sum(),
                fixed=((pl.col("baseline") == 0) & (pl.col("tuned") == 1)).sum(),
                broken=((pl.col("baseline") == 1) & (pl.col("tuned") == 0)).sum(),
                neither=((pl.col("baseline") == 0) & (pl.col("tuned") == 0)).sum(),
            )
            .sort(column)
        )
        for name, *cells in counted.iter_rows():
            yield column.removeprefix("slice:"), name, PairedCounts(*cells)


def standing_of(groups: Sequence[GroupLift]) -> Standing:
    """Return whether all groups are shown to be no worse.

    Refuted by a group that got worse beyond chance over all groups. A group whose own interval
    alone lies below 0 may be one of those that chance puts there: nobody can tell.
    """
    if any(group.is_worse for group in groups):
        return Standing.REFUTED
    shown = all(group.standing is Standing.SHOWN for group in groups)
    return Standing.SHOWN if shown else Standing.NOT_SHOWN
