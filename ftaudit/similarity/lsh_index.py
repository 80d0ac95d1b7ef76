"""Signatures as `datasketch` objects, for its LSH index: near-identical texts of a growing corpus.

A scan compares the rows of one data set and ends. Whoever keeps a corpus and asks for every new
text whether something like it is there already needs an index that stays: `datasketch.MinHashLSH`,
in memory or in Redis or Cassandra. The signatures here are those of a scan, bit for bit those that
datasketch computes with `scheme="affine32"`, made by compiled kernels.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ftaudit.similarity.parameters import Shingles
from ftaudit.similarity.text.signatures import EMPTY, signatures

if TYPE_CHECKING:
    from datasketch import MinHash, MinHashLSH


def minhashes(
    texts: Sequence[str | None], kind: Shingles, *, permutations: int = 128, seed: int = 1
) -> list["MinHash | None"]:
    """Return the datasketch MinHash of every text; None for a text without a word.

    Args:
        texts: normalised here, as a scan does.
        kind: five characters (`char5`) or three words (`word3`) make a shingle.
        permutations: values of each signature.
        seed: of the permutations; only signatures of one seed can be compared.
    """
    from datasketch import MinHash

    return [
        MinHash(seed=seed, hashvalues=values, scheme="affine32")
        if (values != EMPTY).any()
        else None
        for values in signatures(texts, kind, count=permutations, seed=seed)
    ]


def lsh_index(
    texts: Sequence[str | None],
    kind: Shingles,
    *,
    threshold: float,
    permutations: int = 128,
    seed: int = 1,
) -> "MinHashLSH":
    """Return a datasketch LSH index of texts, keyed by their position; empty ones are left out.

    Args:
        texts: normalised here, as a scan does.
        kind: five characters (`char5`) or three words (`word3`) make a shingle.
        threshold: Jaccard similarity that datasketch chooses the bands for, in (0, 1].
        permutations: values of each signature.
        seed: of the permutations.
    """
    from datasketch import MinHashLSH

    index = MinHashLSH(threshold=threshold, num_perm=permutations)
    with index.insertion_session() as session:
        for key, minhash in enumerate(minhashes(texts, kind, permutations=permutations, seed=seed)):
            if minhash is not None:
                session.insert(key, minhash)
    return index
