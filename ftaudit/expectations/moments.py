"""Mean, sum and standard deviation, exact: floats are added as integers.

A float64 is m · 2^(e-53) with a whole m of at most 53 bits (`numpy.frexp`). For every exponent
the m, and the parts of m², are added as integers in limbs of 27 bits, so the total is exact for
up to 2^36 rows, whatever the order and the batches; it is rounded once, at the end.
"""

import math
from fractions import Fraction
from typing import Final

import numpy as np
import polars as pl

from ftaudit.expectations.outcome import ExpectationOutcome, within
from ftaudit.expectations.partials import PartialKind, TallyCode, partial, tallies, tally
from ftaudit.expectations.rowwise import is_number, missing
from ftaudit.expectations.suite import Expectation

MEAN: Final = "expect_column_mean_to_be_between"
SUM: Final = "expect_column_sum_to_be_between"
STDEV: Final = "expect_column_stdev_to_be_between"
TYPES: Final = (MEAN, SUM, STDEV)

BITS: Final = 27
_MASK: Final = (1 << BITS) - 1
BIAS: Final = 1100
"""Added to binary exponents (-1073 to 1024) so that they are unsigned."""

POSITIVE: Final = 8
NEGATIVE: Final = 9
"""Tallies of +inf and -inf."""

SCALE: Final = (1, 1 << BITS, 1, 1 << BITS, 1 << BITS, 1 << 2 * BITS, 1 << 2 * BITS, 1 << 3 * BITS)
"""Weight of limb `b`: 0 and 1 add up to m, 2 to 7 to m²."""


def suits(expectation: Expectation, dtypes: dict[str, pl.DataType]) -> bool:
    """Return whether the column holds numbers and the bounds are numbers."""
    bounds = (expectation.kwargs.get("min_value"), expectation.kwargs.get("max_value"))
    numbers = is_number(dtypes[expectation.column or ""])
    return numbers and not any(isinstance(b, str) for b in bounds)


def measure(expectation: Expectation, batch: pl.DataFrame, cap: int) -> pl.DataFrame:  # noqa: ARG001 - one signature for all families
    """Add up the finite values of the batch, limb by limb."""
    column = expectation.column or ""
    present = batch.select(column).filter(~missing(column, batch.schema[column]))[column]
    whole = present.dtype.is_integer() and expectation.type != STDEV
    values = _halves(present) if whole else present.cast(pl.Float64)
    finite = values.filter(values.is_finite())
    infinite = values.filter(values.is_infinite())
    counts = tallies(
        {
            TallyCode.ROWS: batch.height,
            TallyCode.MISSING: batch.height - len(present),
            POSITIVE: int((infinite > 0).sum()),
            NEGATIVE: int((infinite < 0).sum()),
        }
    )
    return pl.concat([counts, _limbs(finite, squares=expectation.type == STDEV)])


def _halves(values: pl.Series) -> pl.Series:
    """Return floats that add up to the same as whole numbers of up to 64 bits, exactly."""
    wide = values.cast(pl.UInt64 if values.dtype.is_unsigned_integer() else pl.Int64)
    upper = wide // (1 << 31)
    lower = wide - upper * (1 << 31)
    return pl.concat([upper.cast(pl.Float64) * float(1 << 31), lower.cast(pl.Float64)])


def _limbs(values: pl.Series, *, squares: bool) -> pl.DataFrame:
    fraction, exponent = np.frexp(values.to_numpy())
    m = (fraction * float(1 << 53)).astype(np.int64)
    high, low = m >> BITS, m & _MASK
    limbs = [low, high]
    if squares:
        for product in (low * low, high * low * 2, high * high):
            limbs += [product & _MASK, product >> BITS]
    order = np.argsort(exponent, kind="stable")
    exponents, starts = np.unique(exponent[order], return_index=True)
    if not len(exponents):
        return partial(PartialKind.SUM, 0)
    sums = np.concatenate([np.add.reduceat(limb[order], starts) for limb in limbs])
    a = pl.Series(np.tile(exponents.astype(np.int64) + BIAS, len(limbs)))
    b = pl.Series(np.repeat(np.arange(len(limbs)), len(exponents)))
    return partial(PartialKind.SUM, len(sums), a=a, b=b, count=pl.Series(sums))


def conclude(expectation: Expectation, totals: pl.DataFrame) -> ExpectationOutcome:
    """Round the exact aggregate once and compare it with the bounds."""
    rows, absent = tally(totals, TallyCode.ROWS), tally(totals, TallyCode.MISSING)
    above, below = tally(totals, POSITIVE), tally(totals, NEGATIVE)
    observed = _infinite(expectation.type, above, below)
    if not above and not below:
        observed = _aggregate(expectation.type, totals, rows - absent)
    return ExpectationOutcome(within(observed, expectation), rows, absent, observed=observed)


def _infinite(type_: str, above: int, below: int) -> float | None:
    if type_ == STDEV or (above and below):
        return None
    return math.inf if above else -math.inf


def _aggregate(type_: str, totals: pl.DataFrame, n: int) -> float | None:
    total, squares = _exact(totals)
    if type_ == SUM:
        return _rounded(total)
    if n < (2 if type_ == STDEV else 1):
        return None
    if type_ == MEAN:
        return _rounded(total / n)
    return math.sqrt(_rounded((squares - total * total / n) / (n - 1)))


def _exact(totals: pl.DataFrame) -> tuple[Fraction, Fraction]:
    """Return the sum of the values and the sum of their squares."""
    total = squares = Fraction(0)
    sums = totals.filter(pl.col("kind") == int(PartialKind.SUM))
    for exponent, limb, count in sums.select("a", "b", "count").iter_rows():
        unit = Fraction(2) ** (exponent - BIAS - 53)
        part = Fraction(count * SCALE[limb])
        if limb < 2:
            total += part * unit
        else:
            squares += part * unit * unit
    return total, squares


def _rounded(value: Fraction) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf
