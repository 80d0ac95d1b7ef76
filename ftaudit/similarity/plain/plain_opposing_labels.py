"""Pairs of similar sets with different labels."""

import numpy as np
import numpy.typing as npt

from ftaudit.similarity.plain.plain_bitmaps import numbers_of
from ftaudit.similarity.plain.plain_byte_blocks import Hashes
from ftaudit.similarity.plain.plain_hash_sets import SetsByNumber, needed

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
    sets, bitmaps = SetsByNumber(values, starts, counts), numbers_of(maps)
    own, label_of, left = members.tolist(), labels.tolist(), rest.tolist()
    count_of, size_of = counts.tolist(), sizes.tolist()
    found: list[tuple[int, int, int]] = []
    for first, end in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        for i in range(first, end):
            x = own[i]
            if label_of[x] == -1:
                continue
            for j in range(i + 1, min(i + 1 + most, end)):
                y = own[j]
                if label_of[y] == -1 or (label_of[y] == label_of[x] and label_of[x] >= 0):
                    continue
                least = needed(size_of[x], size_of[y], threshold)
                if left[i] + 1 < least or left[j] + 1 < least:
                    continue
                spare = count_of[x] + count_of[y] - 2 * least
                if min(count_of[x], count_of[y]) < least or (
                    (bitmaps[x] ^ bitmaps[y]).bit_count() > spare
                ):
                    continue
                common = sets.common(x, y, least)
                if common >= least:
                    found.append((min(x, y), max(x, y), common))
    return np.array(found, np.int32).reshape(-1, 3)
