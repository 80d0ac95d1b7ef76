"""Rows of one unit are in one part, every row in one, and by time the holdout is the latest."""

import numpy as np
import polars as pl
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ftaudit.model.errors import UsageError
from ftaudit.remedies.splitting.split_plan import SplitPlan
from ftaudit.remedies.splitting.split_rows import RowPlacement, SplitTask, split_rows
from ftaudit.remedies.splitting.strata import strata_of

PLANS = (
    SplitPlan(),
    SplitPlan(holdout=0.3, validation=0.2),
    SplitPlan(folds=3),
    SplitPlan(holdout=0.25, folds=2),
)
ROWS = st.lists(st.tuples(st.integers(0, 25), st.integers(0, 3)), min_size=20, max_size=80)


def task_of(rows: list[tuple[int, int]]) -> SplitTask:
    """Return rows (unit, class); the time of a row is its place."""
    units = np.unique([unit for unit, _ in rows], return_inverse=True)[1].astype(np.int64)
    keys = np.array([hash((u, c, 7)) % 2**63 for u, c in rows], np.uint64)
    nowhere = np.full(len(rows), -1)
    return SplitTask(
        units=units,
        keys=keys,
        strata=strata_of(pl.Series([f"class {c}" for _, c in rows]), several=False),
        times=np.arange(len(rows)),
        dated=np.ones(len(rows), np.bool_),
        placed=nowhere,
        anchors=np.full(int(units.max()) + 1, -1),
    )


def placed(task: SplitTask, plan: SplitPlan) -> RowPlacement:
    """Return the placement; data of which a part would be empty is not what is asked for."""
    try:
        return split_rows(task, plan)
    except UsageError:
        assume(condition=False)
        raise


@settings(max_examples=30, deadline=None)
@given(ROWS, st.sampled_from(PLANS))
def test_a_unit_is_never_divided_and_every_row_has_a_part(
    rows: list[tuple[int, int]], plan: SplitPlan
) -> None:
    task = task_of(rows)
    placement = placed(task, plan)
    pairs = {*zip(task.units.tolist(), placement.of_rows.tolist(), strict=True)}
    assert len(pairs) == len(set(task.units.tolist()))
    assert {part for _, part in pairs} == set(range(len(plan.parts)))
    assert placement.table[:, -1].tolist() == np.bincount(placement.of_rows).tolist()


@settings(max_examples=30, deadline=None)
@given(ROWS, st.sampled_from([0.2, 0.4]))
def test_by_time_what_is_held_out_is_strictly_later_than_any_unit_that_ends_before_it(
    rows: list[tuple[int, int]], share: float
) -> None:
    task = task_of(rows)
    placement = placed(task, SplitPlan(holdout=share, by_time=True))
    begin = int(task.times[placement.of_rows == 0].min())
    straddling = 0
    for unit in np.unique(task.units[placement.of_rows == 1]).tolist():
        times = task.times[task.units == unit]
        assert times.min() < begin
        straddling += int(times.max() > begin)
    said = [r for r in placement.remarks if "on both sides of the moment" in r]
    assert bool(said) == (straddling > 0)
