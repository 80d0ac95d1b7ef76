"""The partials of the fast path: integers that add up the same in any order.

Every partial is a row of `PARTIAL`. Rows with equal keys are merged by adding `count`, keeping
the least `first` and the greatest `last`, so no float is ever added and batch boundaries cannot
matter. None of it holds text of the data.
"""

from enum import IntEnum
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

ROW_ID: Final = "__id"
"""Column that `map` puts before the user's columns: `file << 40 | row`."""


class Kind(IntEnum):
    """What a partial row measures."""

    TALLY = 0
    """`count` of something; `a` says of what (`Tally`, or a family's own number)."""
    FAILING = 1
    """A failing row: `a` is its id. Only the lowest few are kept."""
    KEY = 2
    """A value by its 128-bit hash (`a`, `b`): how often, and the first and last row it is in."""
    SUM = 3
    """Limb `b` of the exact sum of all values whose binary exponent is `a` (see `moments`)."""
    EXTREME = 4
    """Least and greatest value as `first` and `last`, in an order-preserving encoding."""
    VALUE = 5
    """A number, encoded as `a` in order, and how often it occurs."""
    CELLS = 6
    """Cells of the columns Great Expectations needs, from row id `a` on."""


class Tally(IntEnum):
    """What a `Kind.TALLY` counts."""

    ROWS = 0
    MISSING = 1
    UNEXPECTED = 2


PARTIAL: Final = pl.Schema(
    {
        "kind": pl.UInt8,
        "a": pl.UInt64,
        "b": pl.UInt64,
        "count": pl.Int64,
        "first": pl.UInt64,
        "last": pl.UInt64,
    }
)

SEEDS: Final = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F)
"""Two odd constants (golden ratio; a prime of xxHash) that seed the halves of a 128-bit key."""

_SIGN: Final = np.uint64(1 << 63)


def partial(frame: pl.DataFrame, kind: Kind, **columns: pl.Expr | str | int) -> pl.DataFrame:
    """Shape `frame` as `PARTIAL` of one kind; columns not named are 0."""
    given = {"kind": pl.lit(int(kind))} | {
        k: pl.col(v) if isinstance(v, str) else v if isinstance(v, pl.Expr) else pl.lit(v)
        for k, v in columns.items()
    }
    return frame.select(
        given.get(name, pl.lit(0)).cast(dtype).alias(name) for name, dtype in PARTIAL.items()
    )


def tallies(counts: dict[int, int]) -> pl.DataFrame:
    """Return one `TALLY` per entry of `counts`; zeros are left out."""
    kept = {k: n for k, n in counts.items() if n}
    frame = pl.DataFrame(
        {"a": list(kept), "n": list(kept.values())}, schema={"a": pl.UInt64, "n": pl.Int64}
    )
    return partial(frame, Kind.TALLY, a="a", count="n")


def keys(values: pl.DataFrame, ids: pl.Series) -> pl.DataFrame:
    """Return one `KEY` per row of `values`, hashed over all its columns."""
    columns = pl.struct(pl.all()) if values.width > 1 else pl.all()
    halves = values.select(
        columns.hash(SEEDS[0]).alias("a"), columns.hash(SEEDS[1]).alias("b")
    ).with_columns(ids.alias("id"))
    return partial(halves, Kind.KEY, a="a", b="b", count=1, first="id", last="id")


def failing(ids: pl.Series, cap: int) -> pl.DataFrame:
    """Return one `FAILING` for each of the `cap` lowest row ids."""
    return partial(ids.sort().head(cap).to_frame("id"), Kind.FAILING, a="id")


def ordered(values: pl.Series) -> pl.Series:
    """Encode numbers as UInt64 so that the order of the codes is the order of the numbers.

    Floats flip their sign bit, or all bits when negative (IEEE 754 total order); -0.0 is 0.0.
    """
    if values.dtype.is_unsigned_integer():
        return values.cast(pl.UInt64)
    if values.dtype.is_integer():
        signed: npt.NDArray[np.int64] = values.cast(pl.Int64).to_numpy()
        return pl.Series(values.name, signed.view(np.uint64) ^ _SIGN)
    bits: npt.NDArray[np.uint64] = (values.cast(pl.Float64).to_numpy() + 0.0).view(np.uint64)
    flipped = np.where(bits & _SIGN, ~bits, bits ^ _SIGN)
    return pl.Series(values.name, flipped, pl.UInt64)


def number(code: int, dtype: pl.DataType) -> int | float:
    """Return the number that `ordered` encoded from a column of `dtype`."""
    if dtype.is_unsigned_integer():
        return code
    if dtype.is_integer():
        return code - (1 << 63)
    bits = code ^ (1 << 63) if code >> 63 else code ^ ((1 << 64) - 1)
    return float(np.array([bits], np.uint64).view(np.float64)[0])


def tally(totals: pl.DataFrame, what: int) -> int:
    """Return the sum of one tally in combined partials; 0 when nothing was counted."""
    found = totals.filter(pl.col("kind") == int(Kind.TALLY), pl.col("a") == what)["count"]
    return int(found.sum())
