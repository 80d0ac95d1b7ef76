"""How the tokens of records are distributed: percentiles and a chart.

Lengths are a table of `split`, `tokens` and `rows`: how many records of a split have so many.
"""

from collections.abc import Iterator
from itertools import accumulate

import polars as pl

from ftaudit.model.check import Chart
from ftaudit.model.dataset import SPLITS


def length_percentile(lengths: pl.DataFrame, share: int) -> int:
    """Return the least number of tokens that `share` of 100 records do not exceed; 0 of none."""
    ordered = lengths.select("tokens", "rows").sort("tokens")
    total = int(ordered["rows"].sum())
    below = accumulate(ordered["rows"].to_list())
    for tokens, records in zip(ordered["tokens"].to_list(), below, strict=True):
        if records * 100 >= total * share:
            return int(tokens)
    return 0


def length_charts(lengths: pl.DataFrame, *, exact: bool) -> Iterator[Chart]:
    """Yield the records of each split by powers of two of their tokens; nothing of no records.

    Args:
        lengths: how many records have so many tokens.
        exact: whether tokens were counted; else they are bytes, which bound tokens.
    """
    if lengths.is_empty():
        return
    longest = int(lengths["tokens"].max() or 1)  # type: ignore[arg-type] # an integer
    bounds = [1 << i for i in range(4, max(5, (longest - 1).bit_length() + 1))]
    splits = [split for split in SPLITS if split in lengths["split"].unique().to_list()]
    series = {
        split: tuple(
            float(
                lengths.filter(
                    pl.col("split") == split,
                    pl.col("tokens") <= bound,
                    pl.col("tokens") > (bound // 2 if i else -1),
                )["rows"].sum()
            )
            for i, bound in enumerate(bounds)
        )
        for split in splits
    }
    unit = "tokens" if exact else "bytes, which bound tokens"
    yield Chart(f"Records by {unit}", tuple(f"≤ {bound:,}" for bound in bounds), series)
