"""MinHash signatures, bit-identical to `datasketch.MinHash(scheme="affine32")`.

Broder (1997), "On the resemblance and containment of documents"; the permutations are those of
datasketch 2.0: `a * h + b` modulo 2^32 with odd `a`, `h` the upper half of our 64-bit shingle
hash taken through the finalizer of MurmurHash3.
"""

from dataclasses import dataclass
from typing import Self, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from ftaudit.similarity.bands import Bands
from ftaudit.similarity.buffers import buffers
from ftaudit.similarity.task import Task

Permutations: TypeAlias = tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]


@dataclass(frozen=True, eq=False)
class Hashed:
    """What is kept of every row."""

    first: npt.NDArray[np.uint64]
    second: npt.NDArray[np.uint64]
    """Two independent hashes of the normalised text."""
    empty: npt.NDArray[np.bool_]
    """Rows without text, which take no part."""

    @classmethod
    def nothing(cls, rows: int) -> Self:
        """Return room for `rows` rows, all of them empty so far."""
        return cls(np.zeros(rows, np.uint64), np.zeros(rows, np.uint64), np.ones(rows, np.bool_))

    def part(self, start: int, count: int) -> Self:
        """Return a view of `count` rows from `start` on."""
        rows = slice(start, start + count)
        return type(self)(self.first[rows], self.second[rows], self.empty[rows])


def permutations(count: int, seed: int) -> Permutations:
    """Return multipliers and offsets of `count` permutations, those datasketch draws."""
    draw = np.random.RandomState(seed)
    odd = draw.randint(0, 1 << 31, count, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    return odd, draw.randint(0, 1 << 32, count, dtype=np.uint32)


def hash_rows(task: Task, bands: Bands) -> Hashed:
    """Read every text once: hash it, and sign it in every band."""
    from ftaudit.similarity.kernels.signing import sign_rows  # noqa: PLC0415 - numba is heavy

    width = task.options.rows_per_band
    a, b = permutations(bands.count * width, task.options.seed)
    hashed = Hashed.nothing(task.rows)

    def sign(texts: pl.Series, keys: npt.NDArray[np.uint64], into: Hashed) -> None:
        data, offsets = buffers(texts)
        fill = (task.chars, a, b, width, keys, into.first, into.second, into.empty)
        task.workers.over(len(texts), lambda low, high: sign_rows(data, offsets, low, high, *fill))

    with task.progress.stage("signing texts", task.rows) as advance:
        for start, texts in task.source.texts():
            keys = np.empty((bands.count, len(texts)), np.uint64)
            sign(texts, keys, hashed.part(start, len(texts)))
            bands.write(start, keys)
            advance(len(texts))
    return hashed
