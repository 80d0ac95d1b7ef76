"""Which family evaluates which expectation on the fast path, as polars expressions."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

import polars as pl

from ftaudit.expectations import distinct, keyed, moments, order, rowwise, tables
from ftaudit.expectations.catalog import CONDITIONAL, KWARGS
from ftaudit.expectations.outcome import Outcome
from ftaudit.expectations.suite import Expectation


class Family(NamedTuple):
    """How a family of expectations is told, measured on a batch, and concluded from totals."""

    suits: Callable[[Expectation, dict[str, pl.DataType]], bool]
    measure: Callable[[Expectation, pl.DataFrame, int], pl.DataFrame]
    conclude: Callable[[Expectation, pl.DataFrame], Outcome]


FAMILIES: Final[Mapping[str, Family]] = {
    type_: Family(module.suits, module.measure, module.conclude)
    for module in (rowwise, keyed, distinct, moments, order, tables)
    for type_ in module.TYPES
}
"""Expectation type → its family, for the types that read rows."""

FAST_TYPES: Final = tuple(sorted({*FAMILIES, *tables.COLUMNS}))
"""Every type of the fast path."""


def is_fast(expectation: Expectation, dtypes: Mapping[str, pl.DataType]) -> bool:
    """Return whether the fast path counts as Great Expectations would on such columns."""
    if expectation.type not in KWARGS:
        return False
    if any(expectation.kwargs.get(name) is not None for name in CONDITIONAL):
        return False
    if expectation.type in tables.COLUMNS:
        return True
    return FAMILIES[expectation.type].suits(expectation, dict(dtypes))
