"""Ids of the user's own that stand in several rows of a split."""

import polars as pl

from ftaudit.model.finding import evidence
from ftaudit.model.row_id import file_of, row_of
from ftaudit.model.text_digest import text_digests


def hashed_ids(batch: pl.DataFrame, invalid: pl.Series) -> pl.DataFrame:
    """Return the rows that have an id, with 128 bits of its hash.

    Args:
        batch: canonical rows; `key` is the id of the user's own, or null.
        invalid: row ids of rows with a problem of their own.

    Returns:
        `split`, `topic` (key), `high` and `low` of the hash, `first` (row id), and `clean`: whether
        the row has no problem of its own.
    """
    keyed = batch.filter(pl.col("key").is_not_null())
    high, low = text_digests(keyed["key"])
    return keyed.select(
        "split",
        topic=pl.lit("key"),
        high=high,
        low=low,
        first="id",
        clean=~pl.col("id").is_in(invalid.implode()),
    )


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
