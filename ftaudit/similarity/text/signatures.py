"""MinHash signatures, bit-identical to `datasketch.MinHash(scheme="affine32")`.

Broder (1997), "On the resemblance and containment of documents"; the permutations are those of
datasketch 2.0: `a * h + b` modulo 2^32 with odd `a`, `h` the upper half of our 64-bit shingle
hash taken through the finalizer of MurmurHash3.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from ftaudit.model.progress import Progress, Silent
from ftaudit.similarity.parameters import Shingles
from ftaudit.similarity.runtime.hash_store import Hashes
from ftaudit.similarity.runtime.kernel_loader import load_kernels
from ftaudit.similarity.runtime.threads import ALONE, Threads
from ftaudit.similarity.text.arrow_buffers import views
from ftaudit.similarity.text.normalisation import prepared
from ftaudit.similarity.text.shingling import shingle
from ftaudit.similarity.text.text_hashes import TextHashes

EMPTY: Final = 0xFFFFFFFF
"""Every value of the signature of a text without shingles."""

Permutations: TypeAlias = tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]


def permutations(count: int, seed: int) -> Permutations:
    """Return multipliers and offsets of `count` permutations, those datasketch draws."""
    draw = np.random.RandomState(seed)
    odd = draw.randint(0, 1 << 31, count, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    return odd, draw.randint(0, 1 << 32, count, dtype=np.uint32)


def signatures(
    texts: Sequence[str | None] | pl.Series, kind: Shingles, *, count: int = 128, seed: int = 1
) -> npt.NDArray[np.uint32]:
    """Return the signature of every text, shape (texts, count); 0xFFFFFFFF where there is none.

    They can be given to `datasketch.MinHash(hashvalues=..., scheme="affine32")`.
    """
    return sign(prepared(pl.Series(texts, dtype=pl.String)), kind, count=count, seed=seed).values


class SignedTexts(NamedTuple):
    """Signatures and hashes of texts, from which no text can be read."""

    values: npt.NDArray[np.uint32]
    """The signature of each, shape (texts, count)."""
    hashed: TextHashes


def sign(  # noqa: PLR0913 - two are seldom passed
    texts: pl.Series,
    kind: Shingles,
    *,
    count: int,
    seed: int,
    workers: Threads = ALONE,
    progress: Progress = Silent(),  # noqa: B008 - likewise
) -> SignedTexts:
    """Sign and hash texts that `normalisation.prepared` returned."""
    load_kernels(progress, "shingle_rows", "minhash")
    from ftaudit.similarity.kernels.minhash import sign_whole

    a, b = permutations(count, seed)
    signed = SignedTexts(
        np.empty((len(texts), count), np.uint32), TextHashes.empty_rows(len(texts))
    )

    def sign_rows(first: int, hashes: Hashes, counts: npt.NDArray[np.int32]) -> None:
        sign_whole(hashes, counts, a, b, signed.values[first : first + len(counts)])

    shingle(workers, kind, views(texts), sign_rows, into=signed.hashed)
    return signed


def shingle_hashes(text: str, kind: Shingles) -> npt.NDArray[np.uint64]:
    """Return the 64-bit hashes of the shingles of a text, in order; repeated shingles stay.

    The upper 32 bits of each are what a signature is made of.
    """
    load_kernels(Silent(), "shingle_rows")
    texts = prepared(pl.Series([text], dtype=pl.String))
    (hashes,) = shingle(ALONE, kind, views(texts), lambda _, values, __: values.copy())
    return np.asarray(hashes)
