"""Pairs of similar sets with different labels."""

import numpy as np
import numpy.typing as npt

from ftaudit.similarity.plain.plain_bitmaps import numbers_of
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
    sets, bitmaps = SetsByNumber.of(values, starts, counts), numbers_of(maps)
    places, ahead = _opposing(members, bounds, labels, most)
    x, y = members[places], members[places + ahead]
    least = all_needed(sizes[x], sizes[y], threshold)
    enough = (np.minimum(rest[places], rest[places + ahead]) + 1 >= least) & (
        np.minimum(counts[x], counts[y]) >= least
    )
    spare = counts[x].astype(np.int64) + counts[y] - 2 * least
    kept = np.stack([np.minimum(x, y), np.maximum(x, y), least, spare], axis=1)[enough]
    similar: list[tuple[int, int, int]] = []
    for left, right, fewest, most_apart in kept.tolist():
        if (bitmaps[left] ^ bitmaps[right]).bit_count() > most_apart:
            continue
        common = sets.common(left, right, fewest)
        if common >= fewest:
            similar.append((left, right, common))
    return np.array(similar, np.int32).reshape(-1, 3)


def _opposing(members: Sizes, bounds: Places, labels: Sizes, most: int) -> tuple[Places, Places]:
    """Return places of members, and how far ahead another of the bucket has another label."""
    first, ends = np.arange(bounds[0], bounds[-1]), np.repeat(bounds[1:], np.diff(bounds))
    pairs = [np.zeros((2, 0), np.int64)]
    for ahead in range(1, most + 1):
        inside = first + ahead < ends
        first, ends = first[inside], ends[inside]
        if not len(first):
            break
        x, y = labels[members[first]], labels[members[first + ahead]]
        opposed = first[(x != -1) & (y != -1) & ((x != y) | (x < 0))]
        pairs.append(np.stack([opposed, np.full(len(opposed), ahead)]))
    places, distances = np.concatenate(pairs, axis=1)
    order = np.lexsort((distances, places))
    return places[order], distances[order]
