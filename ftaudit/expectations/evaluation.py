"""Evaluate a plan as a fold: partials of a batch, their sum, and the outcomes.

Partials are rows of `partials.PARTIAL` tagged with the expectation and the split they belong to.
For expectations that Great Expectations evaluates, the cells of the columns it needs travel as
Arrow bytes in the extra column `cells`, which exists only then; partials of such a plan hold
text of the data and must stay in memory.
"""

from io import BytesIO
from typing import Final

import numpy as np
import polars as pl

from ftaudit.expectations.families import FAMILIES
from ftaudit.expectations.outcome import Evaluated, ExpectationOutcome
from ftaudit.expectations.partials import (
    PARTIAL,
    ROW_ID,
    PartialKind,
    TallyCode,
    grouped,
    merge_keys,
    partial,
    tallies,
    tally,
)
from ftaudit.expectations.suite_plan import GX, OWN, POLARS, SuitePlan
from ftaudit.expectations.table_shape import COLUMNS, judge_columns
from ftaudit.model.dataset import SPLITS
from ftaudit.model.errors import IncompleteError
from ftaudit.model.row_id import row_id_of

_FEW: Final = 100_000
"""Partials that are divided by expectation at once."""
NOBODY: Final = 65_535
"""Tag of what belongs to no single expectation: rows per split, and cells."""

TAG: Final = pl.Schema({"expectation": pl.UInt16, "split": pl.UInt8})


def schema(plan: SuitePlan) -> pl.Schema:
    """Return the columns of this plan's partials."""
    cells = {"cells": pl.Binary()} if plan.cells else {}
    return pl.Schema({**TAG, **PARTIAL, **cells})


def measure(plan: SuitePlan, batch: pl.DataFrame, cap: int) -> pl.DataFrame:
    """Return the partials of one batch of the table relation."""
    parts = [schema(plan).to_frame()]
    splits = batch["__split"].unique().sort().to_list()
    for split in splits:
        rows = batch if len(splits) == 1 else batch.filter(pl.col("__split") == split)
        pieces = _measure(plan, split, _with_ids(rows), cap)
        parts.append(_tagged(pieces, split).select(schema(plan).names()))
    return pl.concat(parts)


def _with_ids(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(row_id_of("__file", "__row").alias(ROW_ID), pl.exclude(OWN))


def _measure(
    plan: SuitePlan, split: str, rows: pl.DataFrame, cap: int
) -> list[tuple[int, pl.DataFrame]]:
    """Return partials, each with the index of the expectation they belong to."""
    pieces = [(NOBODY, tallies({TallyCode.ROWS: rows.height}))]
    for index, item in enumerate(plan.items):
        expectation = item.expectation
        reads_rows = item.engine == POLARS and expectation.type not in COLUMNS
        if reads_rows and split in expectation.splits:
            part = FAMILIES[expectation.type].measure(expectation, rows, cap)
            pieces.append((index, part))
    if plan.cells and any(i.engine == GX and split in i.expectation.splits for i in plan.items):
        pieces.append((NOBODY, partial(PartialKind.CELLS, 1, a=rows[ROW_ID][:1])))
    if not plan.cells:
        return pieces
    cells = pl.lit(None, pl.Binary)
    packed = pl.lit(_packed(rows.select(ROW_ID, *plan.cells)))
    is_cells = pl.col("kind") == int(PartialKind.CELLS)
    filled = pl.when(is_cells).then(packed).otherwise(cells).alias("cells")
    return [(index, part.with_columns(filled)) for index, part in pieces]


def _tagged(pieces: list[tuple[int, pl.DataFrame]], split: str) -> pl.DataFrame:
    heights = [part.height for _, part in pieces]
    indices = np.repeat(np.array([i for i, _ in pieces], np.uint16), heights)
    return pl.concat([part for _, part in pieces]).with_columns(
        pl.Series("expectation", indices), pl.lit(SPLITS.index(split), pl.UInt8).alias("split")
    )


def combine(partials: pl.DataFrame, cap: int) -> pl.DataFrame:
    """Merge partials of equal keys, and keep the `cap` lowest failing rows per expectation."""
    kind = pl.col("kind")
    keyed = merge_keys(partials.filter(kind == int(PartialKind.KEY)))
    others = grouped(partials.filter(kind != int(PartialKind.KEY)))
    is_failing = kind == int(PartialKind.FAILING)
    lowest = others.filter(is_failing).sort("a").group_by("expectation", "split").head(cap)
    return pl.concat([others.filter(~is_failing), lowest.select(partials.columns), keyed])


def conclude(
    plan: SuitePlan, totals: pl.DataFrame, cap: int, *, left_out: bool = False
) -> tuple[Evaluated, ...]:
    """Return the outcome of every expectation on every split it applies to.

    Where rows that cannot be read are `left_out`, the outcome is that of the others.

    Raises:
        IncompleteError: rows are missing from the totals, an expectation could not be
            evaluated, or fewer were evaluated than declared.
    """
    own = OwnTotals(totals)
    _require_all_rows(plan, own, left_out=left_out)
    splits = [split for split, _ in plan.rows]
    done = [
        Evaluated(i, item.expectation, split, POLARS, _fast(plan, i, split, own))
        for i, item in enumerate(plan.items)
        for split in splits
        if item.engine == POLARS and split in item.expectation.splits
    ]
    done += [e for split in splits for e in _foreign(plan, split, own, cap)]
    expected = sum(split in item.expectation.splits for item in plan.items for split in splits)
    if len(done) != expected or not done:
        msg = f"{len(done)} of {expected} expectations were evaluated: nothing may be dropped"
        raise IncompleteError(msg)
    return tuple(sorted(done, key=lambda e: (e.index, splits.index(e.split))))


class OwnTotals:
    """Combined partials by the expectation and the split that they are of."""

    def __init__(self, totals: pl.DataFrame) -> None:
        """Divide them at once where they are few; many are not to stand in memory twice."""
        self._totals = totals
        self._divided = _divided(totals) if totals.height <= _FEW else None

    def of(self, index: int, split: str) -> pl.DataFrame:
        """Return those of one expectation on a split."""
        place = SPLITS.index(split)
        if self._divided is not None:
            return self._divided.get((index, place), self._totals.clear())
        return self._totals.filter(pl.col("expectation") == index, pl.col("split") == place)


def _divided(totals: pl.DataFrame) -> dict[tuple[int, int], pl.DataFrame]:
    """Return the partials of every expectation and split, in their order."""
    ordered = totals.sort("expectation", "split", maintain_order=True)
    sizes = ordered.group_by("expectation", "split", maintain_order=True).len()
    divided, start = {}, 0
    for index, split, size in sizes.iter_rows():
        divided[index, split] = ordered.slice(start, size)
        start += size
    return divided


def _require_all_rows(plan: SuitePlan, totals: OwnTotals, *, left_out: bool) -> None:
    for split, rows in plan.rows:
        seen = tally(totals.of(NOBODY, split), TallyCode.ROWS)
        if seen != rows and not (left_out and seen < rows):
            msg = f"the expectations saw {seen:,} of the {rows:,} rows of {split}"
            raise IncompleteError(msg)


def _fast(plan: SuitePlan, index: int, split: str, totals: OwnTotals) -> ExpectationOutcome:
    expectation = plan.items[index].expectation
    if expectation.type in COLUMNS:
        return judge_columns(expectation, list(plan.columns))
    return FAMILIES[expectation.type].conclude(expectation, totals.of(index, split))


def _foreign(plan: SuitePlan, split: str, totals: OwnTotals, cap: int) -> list[Evaluated]:
    foreign = {
        i: item.expectation
        for i, item in enumerate(plan.items)
        if item.engine == GX and split in item.expectation.splits
    }
    if not foreign:
        return []
    from ftaudit.expectations.gx import evaluate

    table = _unpacked(totals, split)
    ids = table[ROW_ID] if ROW_ID in table.columns else pl.Series(dtype=pl.UInt64)
    outcomes = evaluate(table.select(pl.exclude(ROW_ID)), list(foreign.values()), cap=cap)
    return [
        Evaluated(i, e, split, GX, _located(o, ids))
        for (i, e), o in zip(foreign.items(), outcomes, strict=True)
    ]


def _located(outcome: ExpectationOutcome, ids: pl.Series) -> ExpectationOutcome:
    """Turn positions in the table into row ids."""
    rows = tuple(ids[p] for p in outcome.rows)
    return ExpectationOutcome(
        outcome.success, outcome.elements, outcome.missing, outcome.unexpected, None, rows
    )


def _packed(cells: pl.DataFrame) -> bytes:
    buffer = BytesIO()
    cells.write_ipc(buffer, compression="zstd")
    return buffer.getvalue()


def _unpacked(totals: OwnTotals, split: str) -> pl.DataFrame:
    rows = totals.of(NOBODY, split).filter(pl.col("kind") == int(PartialKind.CELLS)).sort("a")
    tables = [pl.read_ipc(BytesIO(cells)) for cells in rows["cells"]]
    return pl.concat(tables) if tables else pl.DataFrame()


def held(evaluated: tuple[Evaluated, ...]) -> dict[int, bool]:
    """Return whether every expectation, by its index in the plan, holds on all its splits."""
    holds: dict[int, bool] = {}
    for e in evaluated:
        holds[e.index] = holds.get(e.index, True) and e.outcome.success
    return holds
