"""MinHash signatures, bit-identical to `datasketch.MinHash(scheme="affine32")`.

Broder (1997), "On the resemblance and containment of documents"; the permutations are those of
datasketch 2.0: `a * h + b` modulo 2^32 with odd `a`, `h` the upper half of our 64-bit shingle
hash taken through the finalizer of MurmurHash3.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from ftaudit.model.progress import Progress, Silent
from ftaudit.similarity.bands import Bands
from ftaudit.similarity.buffers import views
from ftaudit.similarity.compiled import load_kernels
from ftaudit.similarity.hashed import Hashed
from ftaudit.similarity.normalisation import prepared
from ftaudit.similarity.options import Shingles
from ftaudit.similarity.shingling import shingle
from ftaudit.similarity.source import Texts
from ftaudit.similarity.store import Hashes
from ftaudit.similarity.task import Task
from ftaudit.similarity.workers import ALONE, Workers

if TYPE_CHECKING:
    from datasketch import MinHashLSH

EMPTY: Final = 0xFFFFFFFF
"""Every value of the signature of a text without shingles."""

Permutations: TypeAlias = tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]


def permutations(count: int, seed: int) -> Permutations:
    """Return multipliers and offsets of `count` permutations, those datasketch draws."""
    draw = np.random.RandomState(seed)
    odd = draw.randint(0, 1 << 31, count, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    return odd, draw.randint(0, 1 << 32, count, dtype=np.uint32)


def hash_rows(task: Task, bands: Bands) -> Hashed:
    """Read every text once: hash it, and sign it in every band."""
    from ftaudit.similarity.kernels.signing import sign_bands

    width = task.options.rows_per_band
    a, b = permutations(bands.count * width, task.options.seed)
    hashed = Hashed.nothing(task.rows)

    def sign(piece: Texts) -> int:
        with bands.writing(piece.first, len(piece)) as (keys, column):

            def one(first: int, hashes: Hashes, counts: npt.NDArray[np.int32]) -> None:
                sign_bands(hashes, counts, a, b, width, keys, column + first)

            into = hashed.part(piece.first, len(piece))
            shingle(ALONE, task.profile.kind, piece.column, one, into=into)
        return len(piece)

    with task.progress.stage("signing texts", task.rows) as advance:
        for rows in task.workers.through(task.source.texts(), sign):
            advance(rows)
    return hashed


def signatures(
    texts: Sequence[str | None] | pl.Series, kind: Shingles, *, count: int = 128, seed: int = 1
) -> npt.NDArray[np.uint32]:
    """Return the signature of every text, shape (texts, count); 0xFFFFFFFF where there is none.

    They can be given to `datasketch.MinHash(hashvalues=..., scheme="affine32")`.
    """
    return sign(prepared(pl.Series(texts, dtype=pl.String)), kind, count=count, seed=seed).values


class Signed(NamedTuple):
    """What is known of some texts without knowing a text."""

    values: npt.NDArray[np.uint32]
    """The signature of each, shape (texts, count)."""
    hashed: Hashed


def sign(  # noqa: PLR0913 - two of them seldom given
    texts: pl.Series,
    kind: Shingles,
    *,
    count: int,
    seed: int,
    workers: Workers = ALONE,
    progress: Progress = Silent(),  # noqa: B008 - likewise
) -> Signed:
    """Sign and hash texts that `normalisation.prepared` returned."""
    load_kernels(progress, "shingles", "signing")
    from ftaudit.similarity.kernels.signing import sign_whole

    a, b = permutations(count, seed)
    signed = Signed(np.empty((len(texts), count), np.uint32), Hashed.nothing(len(texts)))

    def one(first: int, hashes: Hashes, counts: npt.NDArray[np.int32]) -> None:
        sign_whole(hashes, counts, a, b, signed.values[first : first + len(counts)])

    shingle(workers, kind, views(texts), one, into=signed.hashed)
    return signed


def shingle_hashes(text: str, kind: Shingles) -> npt.NDArray[np.uint64]:
    """Return the 64-bit hashes of a text's shingles, repeated ones repeated.

    The upper 32 bits of each are what a signature is made of.
    """
    load_kernels(Silent(), "shingles")
    texts = prepared(pl.Series([text], dtype=pl.String))
    (hashes,) = shingle(ALONE, kind, views(texts), lambda _, found, __: found.copy())
    return np.asarray(hashes)


def minhash_lsh(
    texts: Sequence[str | None],
    kind: Shingles,
    *,
    threshold: float,
    count: int = 128,
    seed: int = 1,
) -> "MinHashLSH":
    """Return a datasketch index of the texts, keyed by their position; empty texts are left out."""
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=threshold, num_perm=count)
    with index.insertion_session() as session:
        for key, values in enumerate(signatures(texts, kind, count=count, seed=seed)):
            if (values != EMPTY).any():
                session.insert(key, MinHash(seed=seed, hashvalues=values, scheme="affine32"))
    return index
