"""MinHash signatures, bit-identical to `datasketch.MinHash(scheme="affine32")`.

Broder (1997), "On the resemblance and containment of documents"; the permutations are those of
datasketch 2.0: `a * h + b` modulo 2^32 with odd `a`, `h` the upper half of our 64-bit shingle
hash taken through the finalizer of MurmurHash3.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from ftaudit.progress import Progress
from ftaudit.similarity.bands import Bands
from ftaudit.similarity.buffers import Bytes, Offsets, buffers
from ftaudit.similarity.options import Shingles, SimilarityOptions
from ftaudit.similarity.source import Source
from ftaudit.similarity.workers import Workers

Permutations: TypeAlias = tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]


@dataclass(frozen=True, eq=False)
class Hashed:
    """What is kept of every row."""

    first: npt.NDArray[np.uint64]
    second: npt.NDArray[np.uint64]
    """Two independent hashes of the normalised text."""
    empty: npt.NDArray[np.bool_]
    """Rows without text, which take no part."""


def permutations(count: int, seed: int) -> Permutations:
    """Return multipliers and offsets of `count` permutations, those datasketch draws."""
    draw = np.random.RandomState(seed)
    odd = draw.randint(0, 1 << 31, count, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    return odd, draw.randint(0, 1 << 32, count, dtype=np.uint32)


def hash_rows(  # noqa: PLR0913 - everything the first pass needs
    source: Source,
    kind: Shingles,
    options: SimilarityOptions,
    bands: Bands,
    workers: Workers,
    progress: Progress,
) -> Hashed:
    """Read every text once: hash it and, unless there are no bands, sign it."""
    from ftaudit.similarity.kernels.signing import sign_rows  # noqa: PLC0415 - numba is heavy

    rows = source.numbering.rows
    a, b = permutations(bands.count * options.rows_per_band, options.seed)
    first, second = np.zeros(rows, np.uint64), np.zeros(rows, np.uint64)
    empty = np.ones(rows, np.bool_)

    def sign(data: Bytes, offsets: Offsets, *into: npt.NDArray[np.generic]) -> None:
        def some(low: int, high: int) -> None:
            sign_rows(data, offsets, low, high, kind == "char5", a, b, options.rows_per_band, *into)

        workers.over(len(offsets) - 1, some)

    with progress.stage("signing texts", rows) as advance:
        for start, texts in source.texts():
            keys = np.empty((bands.count, len(texts)), np.uint64)
            part = slice(start, start + len(texts))
            sign(*buffers(texts), keys, first[part], second[part], empty[part])
            bands.write(start, keys)
            advance(len(texts))
    return Hashed(first, second, empty)
