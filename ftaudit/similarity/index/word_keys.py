"""Words and numbers of benchmark rows, as keys that stay the same: what finds rewordings of a row.

A key is a hash of a word, of the first characters of one, or of a number
(`reworded.word_features`). Who has an index can look up which words of a list are in a row, so
that of a secret holdout has none.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from ftaudit.model.progress import Silent
from ftaudit.similarity.reworded.word_features import Tokens, read_tokens
from ftaudit.similarity.runtime.kernel_loader import load_kernels
from ftaudit.similarity.runtime.threads import ALONE
from ftaudit.similarity.text.arrow_buffers import views
from ftaudit.similarity.text.shingling import shingle
from ftaudit.similarity.text.text_hashes import TextHashes

_FIRST, _SECOND = np.uint64(0xFF51AFD7ED558CCD), np.uint64(0xC4CEB9FE1A85EC53)
"""The multipliers of MurmurHash3's finalizer (in the public domain)."""
_SHIFT: Final = np.uint64(33)


def hash_texts(texts: pl.Series) -> npt.NDArray[np.uint64]:
    """Return the hash of every text, prepared, as an index has it (`TextHashes.first`)."""
    load_kernels(Silent(), "shingle_rows")
    hashed = TextHashes.empty_rows(len(texts))
    shingle(ALONE, "word3", views(texts), _keep_nothing, into=hashed)
    return hashed.first


def kept_tokens(texts: pl.Series) -> Tokens:
    """Return the tokens of prepared texts, with keys equal in every process and version."""
    return read_tokens(texts, _kept_keys)


def chosen_tokens(tokens: Tokens, rows: npt.NDArray[np.int64]) -> Tokens:
    """Return those of some rows, ascending, numbered anew.

    Keys of a row ascend, so that nothing is left of the order of its words.
    """
    places = np.full(tokens.height, -1, np.int32)
    places[rows] = np.arange(len(rows), dtype=np.int32)
    kept = np.flatnonzero(places[tokens.rows] >= 0)
    kept = kept[np.lexsort((tokens.keys[kept], tokens.rows[kept]))]
    return Tokens(places[tokens.rows[kept]], tokens.keys[kept], tokens.numbers[kept], len(rows))


def token_bytes(tokens: Tokens) -> list[bytes]:
    """Return the parts of a file that hold tokens: how many each row has, keys, kinds."""
    counts = np.bincount(tokens.rows, minlength=tokens.height)
    return [
        counts.astype("<u4").tobytes(),
        tokens.keys.astype("<u8").tobytes(),
        tokens.numbers.astype(np.uint8).tobytes(),
    ]


def parse_tokens(data: bytes, at: int, rows: int) -> tuple[Tokens, int] | None:
    """Return what `token_bytes` wrote at a place, and where it ends; None where it is cut short."""
    if len(data) < at + 4 * rows:
        return None
    counts = np.frombuffer(data, "<u4", rows, at).astype(np.int64)
    size, start = int(counts.sum()), at + 4 * rows
    if len(data) < start + 9 * size:
        return None
    keys = np.frombuffer(data[start : start + 8 * size], "<u8").astype(np.uint64)
    numbers = np.frombuffer(data[start + 8 * size : start + 9 * size], np.uint8) == 1
    owners = np.repeat(np.arange(rows, dtype=np.int32), counts)
    return Tokens(owners, keys, numbers, rows), start + 9 * size


def _kept_keys(values: pl.Series, kind: int) -> pl.Series:
    numbers = values.dtype == pl.Float64
    hashed = values.to_numpy().view(np.uint64) if numbers else _word_hashes(values)
    mixed = hashed ^ (np.full(1, kind, np.uint64) * _SECOND)
    mixed = (mixed ^ (mixed >> _SHIFT)) * _FIRST
    mixed = (mixed ^ (mixed >> _SHIFT)) * _SECOND
    return pl.Series(mixed ^ (mixed >> _SHIFT), dtype=pl.UInt64)


def _word_hashes(values: pl.Series) -> npt.NDArray[np.uint64]:
    """Return the hash of every word; each distinct one is hashed once."""
    words = values.to_frame("word")
    distinct = words.unique()
    hashes = pl.Series("hash", hash_texts(distinct["word"]), pl.UInt64)
    joined = words.join(distinct.with_columns(hashes), on="word", how="left", maintain_order="left")
    return joined["hash"].to_numpy()


def _keep_nothing(*_: object) -> None:
    """Keep nothing of the shingles of texts: their hashes are what counts."""
