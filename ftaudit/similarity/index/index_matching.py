"""Training rows against a signature index: similarities estimated without the holdout texts."""

from functools import cached_property
from math import sqrt
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl
from msgspec import Struct

from ftaudit.model.progress import Silent
from ftaudit.similarity.index.asked_text import asked
from ftaudit.similarity.index.signature_index import PERMUTATIONS, SignatureIndex
from ftaudit.similarity.runtime.kernel_loader import load_kernels
from ftaudit.similarity.text.normalisation import prepared
from ftaudit.similarity.text.signatures import SignedTexts, sign

WIDTH: Final = 4
"""Permutations per band, of which there are 32: a pair of J = 0.6 is missed once in 85 times, one
of 0.7 once in 6,500, one of 0.8 once in 2 * 10^7."""

MATCHES: Final = pl.Schema({"entry": pl.UInt32, "agree": pl.UInt32, "id": pl.UInt64})
"""Entry of the index, how many permutations agree (one more than there are when the texts are
equal), and the least id of a row that agrees in that many."""


class SignatureMatches(NamedTuple):
    """What is most similar to each entry of an index, and to each row."""

    entries: pl.DataFrame
    """`MATCHES`: entries with the row most similar to each."""
    rows: pl.DataFrame
    """`MATCHES`: rows with the entry most similar to each."""


def standard_error(similarity: float) -> float:
    """Return the standard error of an estimate: of a mean of 0 and 1, `sqrt(J (1 - J) / k)`."""
    return sqrt(max(0.0, similarity * (1 - similarity)) / PERMUTATIONS)


class IndexMatcher(Struct, frozen=True, eq=False, dict=True):
    """Finds the most similar training row of every entry of an index."""

    index: SignatureIndex
    least: float
    """Estimated similarity below which an entry is left out, in [0, 1]."""

    def match(self, ids: pl.Series, texts: pl.Series) -> pl.DataFrame:
        """Return for each entry that has one its most similar row, as `MATCHES`.

        Args:
            ids: row ids, ascending.
            texts: the column that the index compares, of the same rows; empty ones are skipped.
        """
        compared = asked(texts) if self.index.header.runs else texts
        return self.match_signed(ids, self.sign(prepared(compared))).entries

    def sign(self, texts: pl.Series) -> SignedTexts:
        """Sign prepared texts as the index is signed."""
        header = self.index.header
        return sign(texts, header.shingles, count=PERMUTATIONS, seed=header.seed)

    def match_signed(self, ids: pl.Series, signed: SignedTexts) -> SignatureMatches:
        """Return what is most similar to each entry, and to each row.

        Args:
            ids: row ids, ascending.
            signed: their texts, signed as the index is; empty ones are skipped.
        """
        load_kernels(Silent(), "signature_agreement")
        from ftaudit.similarity.kernels.signature_agreement import match_rows

        agree, row = np.zeros((2, len(self.index)), np.int32)
        own_agree, own_entry = np.zeros((2, len(ids)), np.int32)
        match_rows(
            signed.values, signed.hashed.first, signed.hashed.empty, self.index.signatures,
            self.index.hashes, *self._bands, WIDTH, agree, row, own_agree, own_entry,
        )  # fmt: skip
        return SignatureMatches(
            self._matches(np.arange(len(agree)), agree, row, ids),
            self._matches(own_entry, own_agree, np.arange(len(ids)), ids),
        )

    def _matches(
        self,
        entry: npt.NDArray[np.integer],
        agree: npt.NDArray[np.int32],
        row: npt.NDArray[np.integer],
        ids: pl.Series,
    ) -> pl.DataFrame:
        matched = np.flatnonzero((agree > 0) & (agree >= self.least * PERMUTATIONS))
        return pl.DataFrame(
            {
                "entry": entry[matched],
                "agree": agree[matched],
                "id": ids.gather(row[matched].astype(np.int64)),
            },
            schema_overrides=MATCHES,
        )

    @cached_property
    def _bands(self) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int32]]:
        return _bands_of(self.index, WIDTH)


def _bands_of(
    index: SignatureIndex, width: int
) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int32]]:
    """Return the keys of every band, sorted, and the entry of each."""
    from ftaudit.similarity.kernels.signature_agreement import key_bands

    keys = np.empty((PERMUTATIONS // width, len(index)), np.uint64)
    key_bands(index.signatures, width, keys)
    order = np.argsort(keys, axis=1, kind="stable")
    return np.take_along_axis(keys, order, axis=1), order.astype(np.int32)


NARROW: Final = 3
"""Permutations per band where half-similar texts count, of which there are 42: a pair of J = 0.5
is missed once in 270 times."""


def entries_alike(index: SignatureIndex, other: SignatureIndex, least: float) -> int:
    """Return how many entries of `index` some entry of `other` is like.

    Args:
        index: the entries that are counted.
        other: made in the same way.
        least: estimated similarity from which two are alike, in [0, 1].
    """
    load_kernels(Silent(), "signature_agreement")
    from ftaudit.similarity.kernels.signature_agreement import match_rows

    agree, row = np.zeros((2, len(index)), np.int32)
    own = np.zeros((2, len(other)), np.int32)
    empty = np.zeros(len(other), np.bool_)
    match_rows(
        other.signatures, other.hashes, empty, index.signatures, index.hashes,
        *_bands_of(index, NARROW), NARROW, agree, row, *own,
    )  # fmt: skip
    return int(np.count_nonzero(agree >= least * PERMUTATIONS))
