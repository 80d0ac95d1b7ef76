"""Ids of the user's own that stand in several rows of a split."""

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from ftaudit.model.finding import evidence
from ftaudit.model.row_id import file_of, row_of
from ftaudit.model.text_digest import text_digests
from ftaudit.similarity.text.arrow_buffers import buffers

_WIDTH: Final = 16
"""Bytes of a key."""


def hashed_ids(batch: pl.DataFrame, invalid: pl.Series) -> pl.DataFrame:
    """Return the rows that have an id, with a key of 128 bits.

    Args:
        batch: canonical rows; `key` is the id of the user's own, or null.
        invalid: row ids of rows with a problem of their own.

    Returns:
        `split`, `topic` (key), `high` and `low` of the key, `first` (row id), and `clean`: whether
        the row has no problem of its own.
    """
    keyed = batch.filter(pl.col("key").is_not_null())
    high, low = id_keys(keyed["key"])
    return keyed.select(
        "split",
        topic=pl.lit("key"),
        high=high,
        low=low,
        first="id",
        clean=~pl.col("id").is_in(invalid.implode()),
    )


def id_keys(ids: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Return the halves of a key of each id, equal for equal ids only; no nulls.

    An id of up to 15 bytes is its own key, mixed, which takes a tenth of the time of a digest; of
    a longer one it is the digest (BLAKE2b).
    """
    data, starts = buffers(ids)
    sizes = np.diff(starts)
    cells = np.zeros((len(sizes), _WIDTH), np.uint8)
    for at in range(min(int(sizes.max(initial=0)), _WIDTH - 1)):
        longer = np.flatnonzero(sizes > at)
        cells[longer, at] = data[starts[longer] + at]
    cells[:, -1] = np.minimum(sizes, _WIDTH)
    halves = cells.view("<u8")
    low, high = halves[:, 0].copy(), halves[:, 1].copy()
    # three rounds of a Feistel cipher: each half depends on all bytes, and nothing is lost
    low ^= _mixed(high)
    high ^= _mixed(low)
    low ^= _mixed(high)
    long = np.flatnonzero(sizes >= _WIDTH)
    if len(long):
        high[long], low[long] = text_digests(ids.gather(long))
    return pl.Series(high), pl.Series(low)


def _mixed(words: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Return 64 bits that depend on every bit of each word.

    The last steps of SplitMix64 (Steele, Lea and Flood 2014).
    """
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        words = (words ^ (words >> np.uint64(shift))) * np.uint64(factor)
    return words ^ (words >> np.uint64(31))


def repeated_ids(totals: pl.DataFrame) -> pl.DataFrame:
    """Return every row whose id an earlier row of its split has.

    Args:
        totals: rows in the columns of `hashed_ids`, and of other topics, which are passed over.

    Returns:
        `split`, `clean`, `original` and `id`: row ids of the earliest row with the id, and of the
        later one.
    """
    by = ["split", "high", "low"]
    keys = totals.lazy().filter(pl.col("topic") == "key").select(*by, "first", "clean").collect()
    # few ids repeat: one half of the hash leaves few rows to sort and to group
    candidates = keys.filter(pl.col("low").is_duplicated()).sort("first")
    return (
        candidates.with_columns(original=pl.col("first").min().over(by))
        .filter(pl.col("first") != pl.col("original"))
        .select("split", "clean", "original", id="first")
    )


def repeat_findings(repeated: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of `repeated_ids` as findings."""
    return evidence(
        repeated,
        rule="schema.duplicate_id",
        file=file_of("id"),
        row=row_of("id"),
        related_file=file_of("original"),
        related_row=row_of("original"),
        detail="has the id of an earlier row",
    )
