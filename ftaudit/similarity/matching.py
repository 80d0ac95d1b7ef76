"""Training rows against a signature index: estimated similarities, without the holdout's text."""

from dataclasses import dataclass
from functools import cached_property
from math import sqrt
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from ftaudit.model.progress import Silent
from ftaudit.similarity.compiled import load_kernels
from ftaudit.similarity.index import PERMUTATIONS, Index
from ftaudit.similarity.normalisation import prepared
from ftaudit.similarity.signatures import sign

WIDTH: Final = 4
"""Permutations per band, of which there are 32: a pair of J = 0.6 is missed once in 85 times, one
of 0.7 once in 6,500, one of 0.8 once in 2 * 10^7."""

MATCHES: Final = pl.Schema({"entry": pl.UInt32, "agree": pl.UInt32, "id": pl.UInt64})
"""Entry of the index, how many permutations agree (one more than there are when the texts are
equal), and the least row id that agrees in so many."""


def standard_error(similarity: float) -> float:
    """Return the standard error of an estimate: of a mean of 0 and 1, `sqrt(J (1 - J) / k)`."""
    return sqrt(max(0.0, similarity * (1 - similarity)) / PERMUTATIONS)


@dataclass(frozen=True, eq=False)
class Matcher:
    """An index ready to be matched against."""

    index: Index
    least: float
    """Estimates below this are of no interest."""

    def match(self, ids: pl.Series, texts: pl.Series) -> pl.DataFrame:
        """Return for each entry that has one its most similar row, as `MATCHES`.

        Args:
            ids: row ids, ascending.
            texts: what the index compares, of the same rows; null and empty ones take no part.
        """
        load_kernels(Silent(), "matching")
        from ftaudit.similarity.kernels.matching import match_rows

        header, entries = self.index.header, len(self.index)
        signed = sign(prepared(texts), header.shingles, count=PERMUTATIONS, seed=header.seed)
        agree, row = np.zeros(entries, np.int32), np.zeros(entries, np.int32)
        match_rows(
            signed.values, signed.hashed.first, signed.hashed.empty, self.index.signatures,
            self.index.hashes, *self._bands, WIDTH, agree, row,
        )  # fmt: skip
        found = np.flatnonzero((agree > 0) & (agree >= self.least * PERMUTATIONS))
        matched = ids.gather(row[found])
        return pl.DataFrame(
            {"entry": found, "agree": agree[found], "id": matched}, schema_overrides=MATCHES
        )

    @cached_property
    def _bands(self) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int32]]:
        """Return the keys of every band, sorted, and whose they are."""
        from ftaudit.similarity.kernels.matching import key_bands

        keys = np.empty((PERMUTATIONS // WIDTH, len(self.index)), np.uint64)
        key_bands(self.index.signatures, WIDTH, keys)
        order = np.argsort(keys, axis=1, kind="stable")
        return np.take_along_axis(keys, order, axis=1), order.astype(np.int32)
