"""Overlaps of single sets: with the nearest of many, and of listed pairs."""

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ftaudit.similarity.plain.plain_byte_blocks import Hashes
from ftaudit.similarity.plain.plain_hash_sets import SetsByNumber, needed

Sizes = npt.NDArray[np.int32]


def find_nearest(  # noqa: PLR0913, PLR0917 - those of the kernel
    members: Sizes,
    bounds: npt.NDArray[np.int64],
    values: Hashes,
    starts: npt.NDArray[np.int64],
    counts: Sizes,
    sizes: Sizes,
    training: npt.NDArray[np.bool_],
    threshold: float,
    most: int,
    best: Sizes,
    common_of: Sizes,
) -> None:
    """Do what `kernels.set_overlaps.find_nearest` does."""
    sets = SetsByNumber(values, starts, counts)
    for first, end in pairwise(bounds.tolist()):
        own = members[first:end].tolist()
        near = [y for y in own if training[y]][:most]
        for x in own:
            for y in near if not training[x] else ():
                least = needed(int(sizes[x]), int(sizes[y]), threshold)
                common = sets.common(x, y, least)
                if common < least:
                    continue
                b, before = int(best[x]), int(common_of[x])
                if b >= 0:
                    ours = common * (int(sizes[x]) + int(sizes[b]) - before)
                    theirs = before * (int(sizes[x]) + int(sizes[y]) - common)
                    if ours < theirs or (ours == theirs and y >= b):
                        continue
                best[x], common_of[x] = y, common


def measure_pairs(  # noqa: PLR0913, PLR0917 - those of the kernel
    left: Sizes,
    right: Sizes,
    low: int,
    high: int,
    values: Hashes,
    starts: npt.NDArray[np.int64],
    counts: Sizes,
    common: Sizes,
) -> None:
    """Do what `kernels.set_overlaps.measure_pairs` does."""
    sets = SetsByNumber(values, starts, counts)
    for i in range(low, high):
        common[i] = sets.common(int(left[i]), int(right[i]), 0)
