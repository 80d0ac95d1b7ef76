"""The outcome of one expectation on one split: counts and row ids, never a cell."""

from msgspec import Struct

from ftaudit.expectations.suite import Expectation


class ExpectationOutcome(Struct, frozen=True):
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


class Evaluated(Struct, frozen=True):
    """An expectation, the split and the engine that evaluated it, and its outcome."""

    index: int
    """Position in the plan, over all suites."""
    expectation: Expectation
    split: str
    engine: str
    outcome: ExpectationOutcome


def judge_rows(
    elements: int, missing: int, unexpected: int, mostly: object, rows: tuple[int, ...] = ()
) -> ExpectationOutcome:
    """Judge a row-level expectation: the share of values that hold must reach `mostly`.

    Without any values the expectation holds, as in Great Expectations.
    """
    values = elements - missing
    least = float(mostly) if isinstance(mostly, int | float) else 1.0
    success = values == 0 or (values - unexpected) / values >= least
    return ExpectationOutcome(success, elements, missing, unexpected, rows=rows)


def within(value: float | None, expectation: Expectation) -> bool:
    """Return whether an aggregate lies within `min_value` and `max_value`; unknown is False."""
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
