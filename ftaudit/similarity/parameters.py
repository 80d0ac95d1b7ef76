"""The parameters of the search for near-identical rows."""

from typing import Literal, TypeAlias

from msgspec import Struct

from ftaudit.model.errors import UsageError
from ftaudit.similarity.static_vectors import StaticModel

Method: TypeAlias = Literal["auto", "exact", "minhash"]
Shingles: TypeAlias = Literal["char5", "word3"]


class SimilarityOptions(Struct, frozen=True):
    """How texts are compared. Every field can change the result; manifests record all."""

    threshold: float = 0.8
    """Jaccard similarity from which two texts are near-identical, in (0, 1]."""
    method: Method = "auto"
    """`exact` misses no pair, `minhash` scales further; `auto` is exact where affordable."""
    shingles: Literal["auto", "char5", "word3"] = "auto"
    """Five consecutive characters, or three consecutive words; `auto` looks at the data."""
    compare: Literal["input", "text"] = "input"
    """What the model is given, or the whole record."""
    bands: int = 20
    rows_per_band: int = 4
    """20 bands of 4 rows find at least 0.999 of all pairs at J >= 0.7 and all at 0.8, on every data
    set measured (docs/benchmarks-recall.md)."""
    seed: int = 1
    """Of the permutations, as datasketch seeds them."""
    full_cluster: int = 256
    """Nodes up to which every pair of a cluster is measured; larger ones cost linear work."""

    vectors: StaticModel | None = None
    """Vectors that tell rewordings apart beside words and numbers."""

    def __post_init__(self) -> None:
        """Refuse values out of range.

        Raises:
            UsageError: a value out of range.
        """
        if not 0 < self.threshold <= 1:
            raise UsageError(f"the similarity threshold is {self.threshold}: give one in (0, 1]")
        if not (1 <= self.bands <= 256 and 1 <= self.rows_per_band <= 32):
            raise UsageError(
                f"{self.bands} x {self.rows_per_band} bands: give 1 to 256 bands of 1 to 32 rows"
            )
        if not 0 <= self.seed < 2**32:
            raise UsageError(f"the seed is {self.seed}: give one from 0 to {2**32 - 1}")
        if not 2 <= self.full_cluster <= 4096:
            raise UsageError(f"full_cluster is {self.full_cluster}: give 2 to 4096 nodes")
