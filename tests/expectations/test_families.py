"""The fast path is held to Great Expectations itself, on randomised frames."""

import math
from collections.abc import Sequence
from random import Random

import polars as pl
import pytest

from ftaudit.expectations.arguments import KWARGS, check_kwargs
from ftaudit.expectations.evaluation import combine, conclude, measure
from ftaudit.expectations.families import FAST_TYPES, is_fast
from ftaudit.expectations.gx import evaluate
from ftaudit.expectations.outcome import ExpectationOutcome
from ftaudit.expectations.partials import PartialKind, settled_keys
from ftaudit.expectations.suite import Expectation
from ftaudit.expectations.suite_plan import POLARS, Planned, SuitePlan
from tests.conftest import examples
from tests.expectations.drawing import DRAW, frame

FRAMES = examples(8)
"""Random frames per run."""
PER_TYPE = 1
"""Expectations of every type per frame: eight of each type in all."""


def located(table: pl.DataFrame) -> pl.DataFrame:
    return table.select(
        pl.lit("train").alias("__split"),
        pl.lit(0, pl.UInt32).alias("__file"),
        pl.int_range(pl.len(), dtype=pl.UInt64).alias("__row"),
        pl.all(),
    )


def fast(table: pl.DataFrame, wanted: Sequence[Expectation]) -> list[ExpectationOutcome]:
    plan = SuitePlan(
        tuple(Planned(e, POLARS) for e in wanted),
        tuple(table.columns),
        (("train", table.height),),
    )
    totals = combine(measure(plan, located(table), cap=20), cap=20)
    return [e.outcome for e in conclude(plan, totals, cap=20)]


def drawn(rng: Random, table: pl.DataFrame) -> list[Expectation]:
    found = [
        Expectation("suite.json", "suite", i, type_, draw(rng))
        for i, (type_, draw) in enumerate(DRAW.items())
        for _ in range(PER_TYPE)
    ]
    for expectation in found:
        check_kwargs(expectation)
    return [e for e in found if is_fast(e, table.schema)]


def close(ours: float | None, theirs: float) -> bool:
    if math.isnan(theirs):
        return ours is None
    return ours is not None and math.isclose(ours, theirs, rel_tol=1e-9)


def difference(ours: ExpectationOutcome, theirs: ExpectationOutcome) -> str | None:
    if ours.success != theirs.success:
        return f"success {ours.success} != {theirs.success}"
    for name in ("elements", "missing", "unexpected"):
        mine, other = getattr(ours, name), getattr(theirs, name)
        if other is not None and mine != other:
            return f"{name} {mine} != {other}"
    if theirs.observed is not None and not close(ours.observed, theirs.observed):
        return f"observed {ours.observed} != {theirs.observed}"
    if not ours.related and ours.rows != theirs.rows:
        return f"rows {ours.rows} != {theirs.rows}"
    return None


def test_there_are_at_least_15_fast_types_and_each_is_compared() -> None:
    assert len(FAST_TYPES) >= 15
    assert set(FAST_TYPES) == set(DRAW) == set(KWARGS)


@pytest.mark.parametrize("seed", range(FRAMES))
def test_the_fast_path_counts_as_great_expectations_does(seed: int) -> None:
    rng = Random(seed)  # noqa: S311 - drawing test data
    table = frame(rng)
    wanted = drawn(rng, table)
    theirs = evaluate(table, wanted, cap=20)
    unequal = {
        (e.type, str(dict(e.kwargs))): found
        for e, mine, other in zip(wanted, fast(table, wanted), theirs, strict=True)
        if (found := difference(mine, other))
    }
    assert not unequal


@pytest.mark.parametrize("seed", range(6))
def test_batches_carry_no_meaning(seed: int) -> None:
    rng = Random(1000 + seed)  # noqa: S311 - drawing test data
    table = located(frame(rng))
    wanted = drawn(rng, table.drop("__split", "__file", "__row"))
    plan = SuitePlan(
        tuple(Planned(e, POLARS) for e in wanted),
        tuple(table.columns[3:]),
        (("train", table.height),),
    )
    cut = rng.randint(0, table.height)
    whole = combine(measure(plan, table, 5), 5)
    parts = [combine(measure(plan, part, 5), 5) for part in (table[cut:], table[:cut])]
    again = combine(pl.concat(parts), 5)
    order = ["kind", "expectation", "split", "a", "b"]
    assert again.sort(order).equals(whole.sort(order))
    assert conclude(plan, again, 5) == conclude(plan, whole, 5)
    is_key = pl.col("kind") == int(PartialKind.KEY)
    every = pl.concat(parts)
    slots = [every.filter(is_key & (pl.col("a") % 3 == slot)) for slot in range(3)]
    settled = combine(pl.concat([every.remove(is_key), *map(settled_keys, slots)]), 5)
    assert settled.filter(is_key, pl.col("count") == 1).is_empty()
    assert conclude(plan, settled, 5) == conclude(plan, whole, 5)
