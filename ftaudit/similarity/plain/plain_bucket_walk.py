"""Buckets of candidates → verified edges → connected components → every pair of a component."""

import numpy as np
import numpy.typing as npt

from ftaudit.similarity.plain.bucket_pairs import pairs_ahead
from ftaudit.similarity.plain.plain_bitmaps import numbers_of
from ftaudit.similarity.plain.plain_byte_blocks import Hashes
from ftaudit.similarity.plain.plain_hash_sets import SetsByNumber, all_needed, needed

Sizes = npt.NDArray[np.int32]
Places = npt.NDArray[np.int64]
Maps = npt.NDArray[np.uint64]

SIEVED = 256
CHEAP = 8
"""As in `kernels.bucket_walk`."""


def copy_sets(values: Hashes, starts: Places, counts: Sizes, out: Hashes) -> None:
    """Do what `kernels.bucket_walk.copy_sets` does."""
    at = 0
    for start, count in zip(starts.tolist(), counts.tolist(), strict=True):
        out[at : at + count] = values[start : start + count]
        at += count


def walk_buckets(  # noqa: C901, PLR0913, PLR0917 - those of the kernel, and its loops
    members: Sizes,
    bounds: Places,
    low: int,
    high: int,
    values: Hashes,
    starts: Places,
    counts: Sizes,
    sizes: Sizes,
    labels: Sizes,
    threshold: float,
    rounds: int,
    rest: Sizes,
    maps: Maps,
    edges: Sizes,
) -> tuple[int, int]:
    """Do what `kernels.bucket_walk.walk_buckets` does."""
    sets, bitmaps = SetsByNumber.of(values, starts, counts), numbers_of(maps)
    label_of, own, left = labels.tolist(), members.tolist(), rest.tolist()
    count_of, size_of = counts.tolist(), sizes.tolist()
    edge = cut = 0
    walked = [*range(low, high)]
    if left:
        within = bounds[low : high + 1]
        worth = _connecting(members, within, sets, sizes, labels, threshold, rest)
        worth |= np.diff(within) > rounds  # may be cut short
        walked = (low + np.flatnonzero(worth)).tolist()
    for q in walked:
        alive = [*range(int(bounds[q]), int(bounds[q + 1]))]
        if len({label_of[own[z]] for z in alive}) < 2:
            continue
        budget = CHEAP * rounds * len(alive)
        while alive:
            queue = [alive.pop()]
            joined = {label_of[own[queue[0]]]}
            for entry in queue:
                if not alive:
                    break
                probe, kept = own[entry], []
                for z in alive:
                    x = own[z]
                    if label_of[x] in joined:
                        queue.append(z)
                        continue
                    least = needed(size_of[probe], size_of[x], threshold)
                    bound = min(count_of[probe], count_of[x])
                    if left:
                        bound = min(left[entry], left[z]) + 1
                    if bound >= least and budget > 0 and bitmaps:
                        budget -= 1
                        spare = count_of[probe] + count_of[x] - 2 * least
                        near = (bitmaps[probe] ^ bitmaps[x]).bit_count() <= spare
                        bound = least if near else -1
                    if bound >= least and budget > 0:
                        budget -= CHEAP
                        common = sets.common(probe, x, least)
                        if common >= least:
                            edges[edge] = min(probe, x), max(probe, x), common
                            edge += 1
                            joined.add(label_of[x])
                            queue.append(z)
                            continue
                    kept.append(z)
                alive = kept
        cut += budget <= 0
    return edge, cut


def _connecting(  # noqa: PLR0913, PLR0917 - those of a walk
    members: Sizes,
    bounds: Places,
    sets: SetsByNumber,
    sizes: Sizes,
    labels: Sizes,
    threshold: float,
    rest: Sizes,
) -> npt.NDArray[np.bool_]:
    """Return whether two members of each bucket are similar, and not yet connected."""
    places, others = pairs_ahead(bounds)
    x, y = members[places], members[others]
    least = all_needed(sizes[x], sizes[y], threshold)
    maybe = (labels[x] != labels[y]) & (np.minimum(rest[places], rest[others]) + 1 >= least)
    similar = sets.common_of(x[maybe], y[maybe]) >= least[maybe]
    connecting = np.zeros(len(bounds) - 1, np.bool_)
    connecting[np.searchsorted(bounds, places[maybe][similar], side="right") - 1] = True
    return connecting


def sieve(  # noqa: PLR0913, PLR0917 - those of the kernel
    members: Sizes,
    bounds: Places,
    counts: Sizes,
    sizes: Sizes,
    labels: Sizes,
    maps: Maps,
    threshold: float,
    kept: Sizes,
    ends: Places,
) -> int:
    """Do what `kernels.bucket_walk.sieve` does."""
    bitmaps, buckets, end = numbers_of(maps), 0, 0
    for first, last in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        own = members[first:last].tolist()
        if len({int(labels[x]) for x in own}) < 2:
            continue
        stays = [len(own) > SIEVED] * len(own)
        for i, x in enumerate(own if len(own) <= SIEVED else ()):
            for j in range(i + 1, len(own)):
                y = own[j]
                if labels[x] == labels[y] or (stays[i] and stays[j]):
                    continue
                least = needed(int(sizes[x]), int(sizes[y]), threshold)
                spare = int(counts[x]) + int(counts[y]) - 2 * least
                if min(counts[x], counts[y]) >= least and (
                    (bitmaps[x] ^ bitmaps[y]).bit_count() <= spare
                ):
                    stays[i] = stays[j] = True
        staying = [x for x, stay in zip(own, stays, strict=True) if stay]
        ends[buckets] = end
        kept[end : end + len(staying)] = staying
        end += len(staying)
        buckets += bool(staying)
    ends[buckets] = end
    return buckets


def _root(parents: list[int], x: int) -> int:
    while parents[x] != x:
        parents[x] = parents[parents[x]]
        x = parents[x]
    return x


def unite(edges: Sizes, count: int, parents: Sizes) -> int:
    """Do what `kernels.bucket_walk.unite` does."""
    kept, forest = 0, parents.tolist()
    for e, (left, right, _) in enumerate(edges[:count].tolist()):
        a, b = _root(forest, left), _root(forest, right)
        if a != b:
            forest[max(a, b)] = min(a, b)
            edges[kept] = edges[e]
            kept += 1
    parents[:] = forest
    return kept


def label(parents: Sizes, labels: Sizes) -> None:
    """Do what `kernels.bucket_walk.label` does."""
    forest = parents.tolist()
    roots = [_root(forest, x) for x in range(len(forest))]
    parents[:] = forest
    labels[:] = roots


def pair_components(  # noqa: PLR0913, PLR0917 - those of the kernel
    members: Sizes,
    bounds: Places,
    low: int,
    high: int,
    values: Hashes,
    starts: Places,
    counts: Sizes,
    sizes: Sizes,
    threshold: float,
    pairs: Sizes,
) -> int:
    """Do what `kernels.bucket_walk.pair_components` does."""
    sets, pair = SetsByNumber.of(values, starts, counts), 0
    for q in range(low, high):
        own = members[bounds[q] : bounds[q + 1]].tolist()
        for i, a in enumerate(own):
            for b in own[i + 1 :]:
                least = needed(int(sizes[a]), int(sizes[b]), threshold)
                if min(counts[a], counts[b]) < least:
                    continue
                common = sets.common(a, b, least)
                if common >= least:
                    pairs[pair] = a, b, common
                    pair += 1
    return pair
