"""From rows to parts: the whole decision of a split, and what must be said about it."""

import numpy as np
import numpy.typing as npt
from msgspec import Struct, field

from ftaudit.model.dataset import HOLDOUT, TRAIN
from ftaudit.model.errors import UsageError
from ftaudit.model.finding import counted
from ftaudit.remedies.splitting.placement import NOWHERE, place_units
from ftaudit.remedies.splitting.split_plan import SplitPart, SplitPlan
from ftaudit.remedies.splitting.split_units import Integers, SplitUnits
from ftaudit.remedies.splitting.strata import Strata
from ftaudit.remedies.splitting.time_cut import cut_after, cut_share, unit_times

OFF: int = 5
"""Rows by which a part may miss its share without a word."""


class SplitTask(Struct, frozen=True, eq=False):
    """Rows that are to be split."""

    units: Integers
    """Unit of each row, numbered without gaps."""
    keys: npt.NDArray[np.uint64]
    """Seeded hash of the content of each row."""
    strata: Strata
    times: Integers
    """Time of each row, in microseconds since 1970."""
    dated: npt.NDArray[np.bool_]
    """Whether a row has a time."""
    placed: Integers
    """Part in which an earlier split put each row; -1: none."""
    anchors: Integers
    """Part of each unit in which earlier rows stand, -1: none; -2: in several."""


class RowPlacement(Struct, frozen=True, eq=False):
    """Where every row goes."""

    parts: tuple[SplitPart, ...]
    units: SplitUnits
    of_rows: Integers
    """Part of each row."""
    table: Integers
    """Rows of each class (second axis) in each part, and in the last column of all."""
    remarks: tuple[str, ...] = ()
    """What could not be had, with numbers."""
    undecided: int = 0
    """Rows that leak whichever part they go to."""
    single_classes: Integers = field(default_factory=lambda: np.empty(0, np.int64))
    """Classes of fewer units than a split needs."""


def split_rows(task: SplitTask, plan: SplitPlan) -> RowPlacement:
    """Return the part of every row.

    Raises:
        UsageError: a part would be empty; says how many rows and units there are.
    """
    strata = task.strata
    units = SplitUnits.of_rows(
        task.units, task.keys, strata.rows, strata.classes, len(strata.names)
    )
    parts = plan.parts
    last = len(parts) - 1
    fixed = np.where(task.anchors == SEVERAL, last, task.anchors)
    remarks: list[str] = []
    rare = np.flatnonzero(units.class_units < (plan.folds or 2))
    if plan.by_time:
        of_units = _by_time(task, units, plan, fixed, remarks)
    else:
        if parts[last].name == TRAIN:
            lone = np.isin(units.classes, rare)
            free = fixed[units.owners] == NOWHERE
            fixed[units.owners[lone & free]] = last
        of_units = place_units(units, [p.share for p in parts], fixed, training=not plan.folds)
    of_rows = np.where(task.placed == NOWHERE, of_units[task.units], task.placed)
    table = _table(of_rows, task, len(parts))
    _require_rows(parts, table, units)
    remarks += _remarks(parts, units, table, plan)
    bridging = (task.anchors[task.units] == SEVERAL) & (task.placed == NOWHERE)
    return RowPlacement(parts, units, of_rows, table, tuple(remarks), int(bridging.sum()), rare)


SEVERAL: int = -2
"""The anchor of a unit whose earlier rows stand in several parts."""


def _table(of_rows: Integers, task: SplitTask, part_count: int) -> Integers:
    table = np.zeros((part_count, len(task.strata.names) + 1), np.int64)
    np.add.at(table, (of_rows[task.strata.rows], task.strata.classes), 1)
    table[:, -1] = np.bincount(of_rows, minlength=part_count)
    return table


def _by_time(
    task: SplitTask, units: SplitUnits, plan: SplitPlan, fixed: Integers, remarks: list[str]
) -> Integers:
    """Hold out the latest units; those before them validate."""
    times = unit_times(task.units, task.times, task.dated)
    parts = plan.parts
    of_units = np.full(len(units), len(parts) - 1)
    free = np.ones(len(units), np.bool_)
    for at, part in enumerate(parts[:-1]):
        moment = plan.moment() if part.name == HOLDOUT else None
        if moment is None:
            moment = cut_share(times, units.sizes, free, part.share * units.rows)
        cut = cut_after(times, moment)
        of_units[cut.later & free] = at
        straddling = cut.straddling & free
        if straddling.any():
            remarks.append(_straddling(part, straddling, units))
        free &= ~(cut.later | straddling)
    if undated := int((~task.dated).sum()):
        remarks.append(f"{counted(undated, 'row')} without a time: in {parts[-1].name}")
    return np.where(fixed == NOWHERE, of_units, fixed)


def _straddling(part: SplitPart, straddling: npt.NDArray[np.bool_], units: SplitUnits) -> str:
    count, rows = int(straddling.sum()), int(units.sizes[straddling].sum())
    return (
        f"{counted(count, 'unit')} ({counted(rows, 'row')}) on both sides of the moment at which "
        f"the {part.name} begins: in {TRAIN}"
    )


def _require_rows(parts: tuple[SplitPart, ...], table: Integers, units: SplitUnits) -> None:
    for part, rows in zip(parts, table[:, -1].tolist(), strict=True):
        if not rows:
            count = f"{counted(units.rows, 'row')} in {counted(len(units), 'unit')}"
            problem = f"{part.share:.1%} of {count} leave nothing for the {part.name}"
            largest = f"the largest unit has {counted(int(units.sizes.max()), 'row')}"
            raise UsageError(f"{problem}; {largest}. Ask for another share, or add data")


def _remarks(
    parts: tuple[SplitPart, ...], units: SplitUnits, table: Integers, plan: SplitPlan
) -> list[str]:
    """Say which shares could not be met."""
    remarks = []
    largest = int(units.sizes.max())
    for part, rows in zip(parts, table[:, -1].tolist(), strict=True):
        target = part.share * units.rows
        if part.name != TRAIN and largest > max(1.0, target):
            remarks.append(
                f"the largest unit has {largest:,} rows, the share of the {part.name} is "
                f"{target:,.0f}: it is not divided"
            )
        if abs(rows - target) > max(OFF, target / 100) and plan.holdout_after is None:
            remarks.append(
                f"the {part.name} has {rows:,} of {units.rows:,} rows ({rows / units.rows:.1%}), "
                f"not {part.share:.1%}: units are not divided"
            )
    return remarks
