"""Partial counts of the polars expressions: integers that add up to the same in any order.

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


class PartialKind(IntEnum):
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


class TallyCode(IntEnum):
    """What a `PartialKind.TALLY` counts."""

    ROWS = 0
    MISSING = 1
    UNEXPECTED = 2
    SINGLE = 3
    """Values that occur once, of which no `PartialKind.KEY` is kept."""


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


def partial(kind: PartialKind, length: int, **columns: pl.Series | int) -> pl.DataFrame:
    """Return `length` partials of one kind; absent columns are 0."""
    filled: dict[str, pl.Series | int] = {"kind": int(kind), **columns}
    return pl.DataFrame(
        [
            value.cast(dtype).alias(name)
            if isinstance(value, pl.Series)
            else pl.Series(name, [value], dtype).new_from_index(0, length)
            for name, dtype in PARTIAL.items()
            for value in (filled.get(name, 0),)
        ]
    )


def tallies(counts: dict[int, int]) -> pl.DataFrame:
    """Return one `TALLY` per entry of `counts`; zeros are left out."""
    kept = {k: n for k, n in counts.items() if n}
    codes = pl.Series(list(kept), dtype=pl.UInt64)
    count = pl.Series(list(kept.values()), dtype=pl.Int64)
    return partial(PartialKind.TALLY, len(kept), a=codes, count=count)


def keys(values: pl.DataFrame, ids: pl.Series) -> pl.DataFrame:
    """Return one `KEY` per distinct row of `values`, hashed over all its columns."""
    columns = pl.struct(pl.all()) if values.width > 1 else pl.all()
    halves = values.select(columns.hash(SEEDS[0]).alias("a"), columns.hash(SEEDS[1]).alias("b"))
    return merge_keys(
        partial(
            PartialKind.KEY, len(ids), a=halves["a"], b=halves["b"], count=1, first=ids, last=ids
        )
    )


def merge_keys(partials: pl.DataFrame) -> pl.DataFrame:
    """Merge `KEY` partials of equal keys, in a tenth of the memory a group-by takes.

    Sorting one 64-bit column finds the runs; where all keys differ the frame is returned as it
    is. Rows may be of several expectations and splits, by the columns of those names.
    """
    mixed = partials["a"].to_numpy() ^ _tags(partials)
    order = np.argsort(mixed)
    mixed = mixed[order]
    repeats = mixed[1:] == mixed[:-1]
    if not repeats.any():
        return partials
    others = [c for c in ("expectation", "split", "a", "b") if c in partials.columns]
    for name in others:
        column = partials[name].to_numpy()[order]
        if (column[1:] != column[:-1])[repeats].any():  # 64 bits collide: compare all of the key
            return grouped(partials)
    starts = np.flatnonzero(np.concatenate([[True], ~repeats]))
    merged = {
        "count": np.add.reduceat(partials["count"].to_numpy()[order], starts),
        "first": np.minimum.reduceat(partials["first"].to_numpy()[order], starts),
        "last": np.maximum.reduceat(partials["last"].to_numpy()[order], starts),
    }
    kept = partials[order[starts].astype(np.uint32)]
    return kept.with_columns(pl.Series(name, values) for name, values in merged.items())


def settled_keys(partials: pl.DataFrame) -> pl.DataFrame:
    """Merge all `KEY` partials of some keys; of those that occur once keep how many there are."""
    merged = merge_keys(partials)
    once = pl.col("count") == 1
    counted = merged.filter(once).with_columns(
        kind=pl.lit(int(PartialKind.TALLY), pl.UInt8),
        a=pl.lit(int(TallyCode.SINGLE), pl.UInt64),
        b=pl.lit(0, pl.UInt64),
        first=pl.lit(0, pl.UInt64),
        last=pl.lit(0, pl.UInt64),
    )
    return pl.concat([merged.remove(once), grouped(counted)])


def distinct_values(totals: pl.DataFrame) -> int:
    """Return how many distinct values were counted by their hashes."""
    return int((totals["kind"] == int(PartialKind.KEY)).sum()) + tally(totals, TallyCode.SINGLE)


def grouped(partials: pl.DataFrame) -> pl.DataFrame:
    """Merge partials of equal keys, of any kind."""
    by = [c for c in ("kind", "expectation", "split", "a", "b") if c in partials.columns]
    cells = [pl.col("cells").first()] if "cells" in partials.columns else []
    merged = partials.group_by(by).agg(
        pl.col("count").sum(), pl.col("first").min(), pl.col("last").max(), *cells
    )
    return merged.select(partials.columns)


def _tags(partials: pl.DataFrame) -> npt.NDArray[np.uint64]:
    """Return a number per expectation and split that keeps their keys apart while sorting."""
    if "expectation" not in partials.columns:
        return np.zeros(1, np.uint64)
    expectation: npt.NDArray[np.uint64] = partials["expectation"].cast(pl.UInt64).to_numpy()
    split: npt.NDArray[np.uint64] = partials["split"].cast(pl.UInt64).to_numpy()
    return (expectation * np.uint64(4) + split + np.uint64(1)) * np.uint64(SEEDS[0])


def failing(ids: pl.Series, cap: int) -> pl.DataFrame:
    """Return one `FAILING` for each of the `cap` lowest row ids."""
    lowest = ids.sort().head(cap)
    return partial(PartialKind.FAILING, len(lowest), a=lowest)


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


def tally(totals: pl.DataFrame, code: int) -> int:
    """Return the sum of one tally in combined partials; 0 when nothing was counted."""
    counted = (totals["kind"] == int(PartialKind.TALLY)) & (totals["a"] == code)
    return int(totals["count"].filter(counted).sum())
