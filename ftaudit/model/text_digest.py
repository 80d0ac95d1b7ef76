"""Digests of texts that are the same on every machine, whatever the versions of libraries."""

from hashlib import blake2b
from typing import Final

import msgspec
import numpy as np
import polars as pl

_BYTES: Final = 16


def text_digests(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Return the first and the second half of a 128-bit digest of each text (BLAKE2b); no nulls."""
    digests = b"".join(
        blake2b(text.encode(), digest_size=_BYTES).digest() for text in texts.to_list()
    )
    halves = np.frombuffer(digests, "<u8").reshape(-1, 2)
    return pl.Series(halves[:, 0].copy()), pl.Series(halves[:, 1].copy())


def text_keys(texts: pl.Series) -> pl.Series:
    """Return 64 bits of the digest of each text, null of null; equal texts are digested once."""
    distinct = texts.drop_nulls().unique()
    if distinct.is_empty():
        return pl.Series([None], dtype=pl.UInt64).new_from_index(0, len(texts))
    table = pl.DataFrame({"text": distinct, "key": text_digests(distinct)[0]})
    joined = texts.alias("text").to_frame().join(table, "text", how="left", maintain_order="left")
    return joined["key"]


def row_keys(cells: pl.DataFrame) -> pl.Series:
    """Return 64 bits of a digest of all cells of each row, of whatever types, as JSON."""
    encode = msgspec.json.Encoder().encode
    digests = (blake2b(encode(row), digest_size=8).digest() for row in cells.iter_rows())
    return pl.Series(np.frombuffer(b"".join(digests), "<u8").copy(), dtype=pl.UInt64)
