"""Pairs of similar sets with different labels."""

import numpy as np
import numpy.typing as npt

from ftaudit.similarity.plain.bucket_pairs import pairs_ahead
from ftaudit.similarity.plain.plain_byte_blocks import Hashes
from ftaudit.similarity.plain.plain_hash_sets import SetsByNumber, all_needed

Sizes = npt.NDArray[np.int32]
Places = npt.NDArray[np.int64]


def oppose(  # noqa: PLR0913, PLR0917 - those of the kernel
    members: Sizes,
    bounds: Places,
    rest: Sizes,
    values: Hashes,
    starts: Places,
    counts: Sizes,
    sizes: Sizes,
    labels: Sizes,
    maps: npt.NDArray[np.uint64],
    threshold: float,
    most: int,
) -> Sizes:
    """Do what `kernels.opposing_labels.oppose` does."""
    sets, (places, others) = SetsByNumber.of(values, starts, counts), pairs_ahead(bounds, most)
    own, other = labels[members[places]], labels[members[others]]
    opposed = (own != -1) & (other != -1) & ((own != other) | (own < 0))
    places, others = places[opposed], others[opposed]
    x, y = members[places], members[others]
    least = all_needed(sizes[x], sizes[y], threshold)
    enough = (np.minimum(rest[places], rest[others]) + 1 >= least) & (
        np.minimum(counts[x], counts[y]) >= least
    )
    x, y, least = x[enough], y[enough], least[enough]
    spare = counts[x].astype(np.int64) + counts[y] - 2 * least
    near = np.bitwise_count(maps[x] ^ maps[y]).sum(axis=1, dtype=np.int64) <= spare
    x, y, least = x[near], y[near], least[near]
    common = sets.common_of(x, y)
    pairs = np.stack([np.minimum(x, y), np.maximum(x, y), common], axis=1)
    return np.asarray(pairs[common >= least], np.int32)
