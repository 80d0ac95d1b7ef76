"""What came of one expectation on one split. Holds counts and row ids, never a cell."""

from dataclasses import dataclass

from ftaudit.expectations.suite import Expectation


@dataclass(frozen=True)
class Outcome:
    """The result of an expectation, as Great Expectations would count it.

    `unexpected` counts rows that fail; nulls and NaN are `missing` and never unexpected, except
    where the expectation is about nulls.
    """

    success: bool
    elements: int | None = None
    missing: int | None = None
    unexpected: int | None = None
    observed: float | None = None
    """The aggregate that was judged. Stays inside: a least value is a cell of the data."""
    rows: tuple[int, ...] = ()
    """The lowest ids of failing rows."""
    related: tuple[int, ...] = ()
    """For each of `rows` the row it repeats, where the expectation is about repetition."""


@dataclass(frozen=True)
class Evaluated:
    """An expectation, the split it was held against, by which engine, and what came of it."""

    index: int
    """Position in the plan, over all suites."""
    expectation: Expectation
    split: str
    engine: str
    outcome: Outcome


def judge_rows(
    elements: int, missing: int, unexpected: int, mostly: object, rows: tuple[int, ...] = ()
) -> Outcome:
    """Judge a row-level expectation: the share of values that hold must reach `mostly`.

    Of no values at all the expectation holds, as in Great Expectations.
    """
    values = elements - missing
    least = float(mostly) if isinstance(mostly, int | float) else 1.0
    success = values == 0 or (values - unexpected) / values >= least
    return Outcome(success, elements, missing, unexpected, rows=rows)


def within(value: float | None, expectation: Expectation) -> bool:
    """Return whether an aggregate lies within `min_value` and `max_value`; unknown never does."""
    if value is None or value != value:  # noqa: PLR0124 - NaN is the number that is not itself
        return False
    low, high = expectation.kwargs.get("min_value"), expectation.kwargs.get("max_value")
    above = not isinstance(low, int | float) or (
        value > low if expectation.kwargs.get("strict_min") else value >= low
    )
    below = not isinstance(high, int | float) or (
        value < high if expectation.kwargs.get("strict_max") else value <= high
    )
    return above and below
