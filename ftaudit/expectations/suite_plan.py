"""The plan of all evaluations: made before a row is read, and complete or refused.

Great Expectations fails open: what it does not know it drops, and a suite of which nothing is
left succeeds. Here every expectation that is declared is planned, every planned one is
evaluated, at least one is, and anything else is an error.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl
from msgspec import Struct

from ftaudit.expectations.arguments import KWARGS, check_kwargs
from ftaudit.expectations.families import is_fast
from ftaudit.expectations.suite import Expectation, Suite
from ftaudit.model.errors import InputError, suggestion

POLARS: Final = "polars"
GX: Final = "great_expectations"
OWN: Final = ("__split", "__file", "__row")
"""Columns of the table relation that are not the user's."""


class Planned(Struct, frozen=True):
    """An expectation and the engine that evaluates it."""

    expectation: Expectation
    engine: str


class SuitePlan(Struct, frozen=True):
    """The expectations, and the columns and rows on which they are evaluated."""

    items: tuple[Planned, ...] = ()
    columns: tuple[str, ...] = ()
    """The user's columns, in order."""
    rows: tuple[tuple[str, int], ...] = ()
    """Rows of every split that was given."""
    suites: tuple[tuple[str, str], ...] = ()
    """Name and sha256 of every suite."""
    notes: tuple[str, ...] = ()

    @property
    def cells(self) -> tuple[str, ...]:
        """The columns that Great Expectations reads; empty when no expectation needs it."""
        needed: set[str] = set()
        for item in self.items:
            if item.engine == GX:
                needed |= _needed(item.expectation, self.columns)
        return tuple(c for c in self.columns if c in needed)


def plan(
    suites: Sequence[Suite], table: Mapping[str, pl.DataType], rows: Mapping[str, int]
) -> SuitePlan:
    """Plan every expectation of every suite that applies to a split of the data.

    Args:
        suites: the suites, in order.
        table: the user's columns and their types.
        rows: rows of every split that was given.

    Raises:
        InputError: an unknown type, an argument or a column that does not exist, or nothing
            left to evaluate.
    """
    columns = {name: dtype for name, dtype in table.items() if name not in OWN}
    declared = [e for suite in suites for e in suite.expectations]
    kept = [e for e in declared if any(split in rows for split in e.splits)]
    if not kept:
        file = declared[0].file if declared else "expectations"
        problem = "no expectation applies to a split that was given"
        raise InputError(file, problem, remedy="Correct meta.ftaudit.applies_to, or give the data")
    return SuitePlan(
        tuple(_planned(e, columns) for e in kept),
        tuple(columns),
        tuple(rows.items()),
        tuple((s.name, s.sha256) for s in suites),
        _left_out(len(declared) - len(kept)),
    )


def _planned(expectation: Expectation, columns: Mapping[str, pl.DataType]) -> Planned:
    if expectation.type in KWARGS:
        check_kwargs(expectation)
    else:
        _check_foreign(expectation)
    for column in expectation.columns:
        if column not in columns:
            problem = f"the column {column} is not in the data{suggestion(column, columns)}"
            remedy = "Correct the name, or use expect_column_to_exist to test for the column"
            raise expectation.error(problem, remedy)
    return Planned(expectation, POLARS if is_fast(expectation, columns) else GX)


def _check_foreign(expectation: Expectation) -> None:
    from ftaudit.expectations.gx import check

    check(expectation)


def _needed(expectation: Expectation, columns: Sequence[str]) -> set[str]:
    """Return the columns an expectation reads: those it names, or all when it may name others."""
    conditional = expectation.kwargs.get("row_condition") is not None
    named = set(expectation.columns)
    return named if named and not conditional else set(columns)


def _left_out(count: int) -> tuple[str, ...]:
    if not count:
        return ()
    return (f"left out, for splits that were not given: {count:,} expectations",)
