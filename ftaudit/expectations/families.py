"""The family of polars expressions that evaluates each type of expectation."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

import polars as pl

from ftaudit.expectations import distinct_values as distinct
from ftaudit.expectations import moments, rowwise
from ftaudit.expectations import order_statistics as order
from ftaudit.expectations import table_shape as tables
from ftaudit.expectations import uniqueness as keyed
from ftaudit.expectations.arguments import CONDITIONAL, KWARGS
from ftaudit.expectations.outcome import ExpectationOutcome
from ftaudit.expectations.suite import Expectation


class Family(NamedTuple):
    """A module of several types: `suits`, `measure` on a batch, `conclude` from totals."""

    suits: Callable[[Expectation, dict[str, pl.DataType]], bool]
    measure: Callable[[Expectation, pl.DataFrame, int], pl.DataFrame]
    conclude: Callable[[Expectation, pl.DataFrame], ExpectationOutcome]


FAMILIES: Final[Mapping[str, Family]] = {
    type_: Family(module.suits, module.measure, module.conclude)
    for module in (rowwise, keyed, distinct, moments, order, tables)
    for type_ in module.TYPES
}
"""Expectation type → its family, for the types that read rows."""

FAST_TYPES: Final = tuple(sorted({*FAMILIES, *tables.COLUMNS}))
"""Every type of the fast path."""


def is_fast(expectation: Expectation, dtypes: Mapping[str, pl.DataType]) -> bool:
    """Return whether polars and Great Expectations give equal counts on columns of these types."""
    if expectation.type not in KWARGS:
        return False
    if any(expectation.kwargs.get(name) is not None for name in CONDITIONAL):
        return False
    if expectation.type in tables.COLUMNS:
        return True
    return FAMILIES[expectation.type].suits(expectation, dict(dtypes))
