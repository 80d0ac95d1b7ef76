"""What rows are counted by: their class, and the length of their texts."""

from typing import Final

import polars as pl

from ftaudit.model.text_digest import text_keys

LONG_NAME: Final = 120
"""Characters of a class name; longer ones are cut."""


def class_name() -> pl.Expr:
    """Return the class of a row, its `label`; long names are cut and kept apart by a hash."""
    label = pl.col("label")
    long = label.str.len_chars() > LONG_NAME
    key = pl.when(long).then(label).map_batches(text_keys, pl.UInt64)
    tail = pl.lit("… ") + key.cast(pl.String)
    return pl.when(long).then(label.str.slice(0, LONG_NAME) + tail).otherwise(label)


def length_bits(column: str) -> pl.Expr:
    """Return how many bits the number of characters has, as two digits; null without text."""
    bits = 32 - pl.col(column).str.len_chars().bitwise_leading_zeros()
    return bits.cast(pl.String).str.zfill(2)
