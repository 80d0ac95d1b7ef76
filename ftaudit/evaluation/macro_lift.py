"""Macro-F1 of two models on the same rows: it weighs small classes as large ones."""

from typing import Final

import numpy as np
import polars as pl
from msgspec import Struct

from ftaudit.model.statistics.bootstrap import Values, Weights, bootstrap
from ftaudit.model.statistics.interval import Interval
from ftaudit.model.statistics.macro_f1 import MacroF1

MOST_CELLS: Final = 4_000
"""Distinct (reference, output, output) up to which an interval is drawn."""
MOST_CLASSES: Final = 2_000


class MacroLift(Struct, frozen=True):
    """Macro-F1 of both, and the interval of their difference where it is affordable."""

    baseline: float
    tuned: float
    interval: Interval | None

    @property
    def difference(self) -> float:
        """The tuned model's minus the baseline's."""
        return self.tuned - self.baseline


class _Difference(Struct, frozen=True, eq=False):
    """The statistic that is resampled: one macro-F1 minus the other."""

    before: MacroF1
    after: MacroF1

    def __call__(self, weights: Weights) -> Values:
        return self.after(weights) - self.before(weights)


def macro_lift(references: pl.Series, baseline: pl.Series, tuned: pl.Series) -> MacroLift | None:
    """Return macro-F1 over the classes of the references; None when there are very many.

    Args:
        references: the class of every row.
        baseline: outputs without outer spaces, of the same rows.
        tuned: likewise.
    """
    classes = references.drop_nulls().unique().sort()
    if not 0 < classes.len() <= MOST_CLASSES:
        return None
    codes = {
        name: values.replace_strict(
            classes, pl.int_range(classes.len(), eager=True), default=-1, return_dtype=pl.Int64
        )
        for name, values in (("reference", references), ("before", baseline), ("after", tuned))
    }
    cells = (
        pl.DataFrame(codes)
        .filter(pl.col("reference") >= 0)
        .group_by("reference", "before", "after")
        .len()
        .sort("reference", "before", "after")
    )
    truth = cells["reference"].to_numpy()
    before = MacroF1(truth, cells["before"].to_numpy(), classes.len())
    after = MacroF1(truth, cells["after"].to_numpy(), classes.len())
    counts = cells["len"].to_numpy().astype(np.int64)
    weights = counts.astype(np.float64)[np.newaxis]
    interval = (
        bootstrap(_Difference(before, after), counts).bias_corrected()
        if cells.height <= MOST_CELLS
        else None
    )
    return MacroLift(float(before(weights)[0]), float(after(weights)[0]), interval)
