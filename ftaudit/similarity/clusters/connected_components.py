"""Buckets → verified edges → connected components → every pair of all but giant components.

The components are those of the graph whose nodes are shingle sets and whose edges are pairs with a
Jaccard similarity at or above the threshold. Edges that join two components are kept (a spanning
forest, by union-find); sets of one component are never compared again, which keeps large clusters
linear. `pair_fully` then measures every pair of each component that is not giant.

Of MinHash buckets neither the components nor the edges of giant ones depend on the order in which
buckets are walked (`crowded_buckets`, `strongest_links`); exact buckets always come in one order.
"""

from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from msgspec import Struct
from msgspec.structs import replace

from ftaudit.similarity.clusters.crowded_buckets import (
    ROUNDS,
    WalkedCrowds,
    uncrowded,
    walk_crowds,
)
from ftaudit.similarity.clusters.strongest_links import strongest_forest
from ftaudit.similarity.parameters import SimilarityOptions
from ftaudit.similarity.runtime.kernel_loader import kernels, load_kernels
from ftaudit.similarity.search.buckets import Buckets, merged, restricted
from ftaudit.similarity.search.search_task import SearchTask
from ftaudit.similarity.search.shingle_sets import ShingleSets

ONE_BY_ONE: Final = 4
"""MinHash bands that are walked one after another; the later bands are walked together, for the
first ones have connected nearly everything."""
LEAST_BUCKETS: Final = 250
"""Least buckets for which another worker is used."""
LEAST_SIEVED: Final = 20_000
"""The same, where buckets are only sieved."""
LEAST_STEP: Final = 50_000
"""Least members of buckets that a worker walks at once."""
CHUNK_PAIRS: Final = 4_000_000
"""Pairs compared between two reports of progress."""


class Graph(Struct, frozen=True, eq=False):
    """Components of the sets, and the edges that connect them."""

    labels: npt.NDArray[np.int32]
    """Least set of each set's component."""
    edges: npt.NDArray[np.int32]
    """(left, right, overlap): a spanning forest, left < right."""
    cut: int = 0
    """Buckets that were cut short."""


def connect(task: SearchTask, bands: list[Buckets], sets: ShingleSets) -> Graph:
    """Verify the buckets of every band and connect what is near-identical."""
    load_kernels(task.progress, "bucket_walk", "bitmaps", steps=sum(b.pairs for b in bands))
    if any(len(buckets.rest) for buckets in bands):
        no_maps = np.zeros((0, 0), np.uint64)  # prefix positions rule out enough
        return _connected(task, bands, sets, _unconnected(sets), no_maps)
    maps = sets.bitmaps(task.workers)
    crowds = walk_crowds(task.options, task.workers, bands, sets, maps)
    rest = uncrowded(bands)
    begun = _with_edges(_unconnected(sets), crowds.edges)
    graph = _connected(task, rest, sets, begun, maps)
    graph = replace(graph, cut=crowds.cut(graph.labels))
    giant = in_giant(graph, task.options)
    if not giant.any():
        return graph
    walked = crowds.edges[giant[crowds.edges[:, 0]]]
    forest = _forest_alone(task, restricted(rest, giant), sets, maps, walked)
    others = graph.edges[~giant[graph.edges[:, 0]]]
    return replace(graph, edges=np.concatenate([others, forest]))


def connect_alone(task: SearchTask, bands: list[Buckets], sets: ShingleSets) -> Graph:
    """Connect what is near-identical by its strongest links, whatever the size of components.

    The buckets are those of MinHash bands; each is walked alone.
    """
    forest, crowds = walk_all_alone(task, bands, sets)
    graph = connected_by(forest, sets)
    return replace(graph, cut=crowds.cut(graph.labels))


def walk_all_alone(
    task: SearchTask, bands: list[Buckets], sets: ShingleSets
) -> tuple[npt.NDArray[np.int32], WalkedCrowds]:
    """Return the strongest links among all edges of buckets, and what became of crowds."""
    maps = sets.bitmaps(task.workers)
    crowds = walk_crowds(task.options, task.workers, bands, sets, maps)
    return _forest_alone(task, uncrowded(bands), sets, maps, crowds.edges), crowds


def connected_by(edges: npt.NDArray[np.int32], sets: ShingleSets) -> Graph:
    """Return the components that edges make of the sets."""
    return _with_edges(_unconnected(sets), edges)


def _forest_alone(
    task: SearchTask,
    bands: list[Buckets],
    sets: ShingleSets,
    maps: npt.NDArray[np.uint64],
    walked: npt.NDArray[np.int32],
) -> npt.NDArray[np.int32]:
    """Return the strongest links among `walked` edges and those of buckets, each walked alone."""
    forest = strongest_forest(walked, sets)
    labels = _unconnected(sets).labels
    for buckets in bands:
        edges, _ = _walk(task, buckets, sets, labels, maps)
        forest = strongest_forest(np.concatenate([forest, edges]), sets)
    return forest


def _unconnected(sets: ShingleSets) -> Graph:
    return Graph(np.arange(len(sets), dtype=np.int32), np.zeros((0, 3), np.int32))


def _with_edges(graph: Graph, edges: npt.NDArray[np.int32]) -> Graph:
    """Return the components with more edges; those that join none are left out."""
    bucket_walk = kernels("bucket_walk")
    joined, parents = edges.copy(), graph.labels.copy()
    kept = bucket_walk.unite(joined, len(joined), parents)
    labels = np.empty_like(parents)
    bucket_walk.label(parents, labels)
    return replace(graph, labels=labels, edges=np.concatenate([graph.edges, joined[:kept]]))


def _connected(
    task: SearchTask,
    bands: list[Buckets],
    sets: ShingleSets,
    graph: Graph,
    maps: npt.NDArray[np.uint64],
) -> Graph:
    """Verify the buckets of every band, in order, and add what they connect to a graph.

    The buckets of one band are walked independently of each other, and all of them begin with the
    components of the bands before: so the result does not depend on threads. Where there are
    bitmaps (`maps`), members that they rule out are sieved out first: before the first band,
    before the second in all later bands at once, and again in what is left after `ONE_BY_ONE`
    bands, which is walked as if it were one band.
    """
    left = list(bands)
    with task.progress.stage("verifying candidates", len(bands)) as advance:
        while left:
            done = len(bands) - len(left)
            if len(maps):
                if done == ONE_BY_ONE:
                    left = [merged(left).once()]
                count = len(left) if done == 1 else 1
                left[:count] = _sieved(task, left[:count], sets, graph.labels, maps)
            edges, cut = _walk(task, left[0], sets, graph.labels, maps)
            graph = replace(_with_edges(graph, edges), cut=graph.cut + cut)
            left = left[1:]
            advance(len(bands) - len(left) - done)
    return graph


def _walk(
    task: SearchTask,
    buckets: Buckets,
    sets: ShingleSets,
    labels: npt.NDArray[np.int32],
    maps: npt.NDArray[np.uint64],
) -> tuple[npt.NDArray[np.int32], int]:
    """Return the edges that the buckets of one band add, and how many buckets were cut short."""
    rounds = len(sets) if len(buckets.rest) else ROUNDS
    done = task.workers.each(
        _ranges(task, buckets, sets),
        lambda cut: _walk_range(task.options, buckets.part(*cut), sets, labels, maps, rounds),
    )
    cut = 0 if buckets.seed else sum(cut for _, cut in done)
    return np.concatenate([edges for edges, _ in done]), cut


def _sieved(
    task: SearchTask,
    bands: list[Buckets],
    sets: ShingleSets,
    labels: npt.NDArray[np.int32],
    maps: npt.NDArray[np.uint64],
) -> list[Buckets]:
    """Return the bands without members that bitmaps rule out, so that fewer sets are compared."""
    bucket_walk = kernels("bucket_walk")

    def sieve_range(cut: tuple[int, int, int]) -> Buckets:
        band, low, high = cut
        part = bands[band].part(low, high)
        kept, bounds = np.empty_like(part.members), np.empty_like(part.bounds)
        count = bucket_walk.sieve(
            part.members, part.bounds, sets.counts, sets.sizes, labels, maps,
            task.options.threshold, kept, bounds,
        )  # fmt: skip
        return Buckets(kept[: bounds[count]], bounds[: count + 1], seed=part.seed)

    ranges = [task.workers.ranges(len(buckets), LEAST_SIEVED) for buckets in bands]
    cuts = [(band, *cut) for band, of_band in enumerate(ranges) for cut in of_band]
    done = iter(task.workers.each(cuts, sieve_range))
    return [merged([next(done) for _ in of_band]) for of_band in ranges]


def _ranges(task: SearchTask, buckets: Buckets, sets: ShingleSets) -> list[tuple[int, int]]:
    """Cut buckets into ranges for the workers; the sets all walk at once must fit in memory."""
    if not sets.store.spilled:
        return task.workers.ranges(len(buckets), LEAST_BUCKETS)
    size = 8 * (int(sets.counts.sum(dtype=np.int64)) // max(1, len(sets)) + 1)
    step = max(LEAST_STEP, task.memory // 8 // size // task.workers.count)
    ends = np.arange(step, int(buckets.bounds[-1]), step)
    return list(pairwise([0, *np.searchsorted(buckets.bounds, ends).tolist(), len(buckets)]))


def _walk_range(  # noqa: PLR0913, PLR0917 - a part of a band
    options: SimilarityOptions,
    buckets: Buckets,
    sets: ShingleSets,
    labels: npt.NDArray[np.int32],
    maps: npt.NDArray[np.uint64],
    rounds: int,
) -> tuple[npt.NDArray[np.int32], int]:
    bucket_walk = kernels("bucket_walk")

    resident = _resident(sets, buckets.members)
    part = resident.sets
    if resident.places is not None:
        labels = _renumbered(labels[resident.places])
        maps = maps[resident.places] if len(maps) else maps
    edges = np.empty((len(buckets.members), 3), np.int32)
    count, cut = bucket_walk.walk_buckets(
        resident.members, buckets.bounds, 0, len(buckets), part.values, part.starts, part.counts,
        part.sizes, labels, options.threshold, rounds, buckets.rest, maps, edges,
    )  # fmt: skip
    return resident.globally(edges[:count]), cut


class _ResidentSets(NamedTuple):
    """Sets that kernels may read in any order: all of them, or copies in memory of those needed."""

    sets: ShingleSets
    members: npt.NDArray[np.int32]
    """Indices of `sets`."""
    places: npt.NDArray[np.int32] | None
    """Indices of the sets that were copied, ascending; None when nothing was copied."""

    def globally(self, edges: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
        """Return edges (left, right, overlap) between copies as edges between the original sets."""
        if self.places is None:
            return edges
        return np.column_stack([self.places[edges[:, :2]], edges[:, 2]]).astype(np.int32)


def _resident(sets: ShingleSets, members: npt.NDArray[np.int32]) -> _ResidentSets:
    """Copy the sets of `members` into memory if sets are in a spill file."""
    if not sets.store.spilled:
        return _ResidentSets(sets, members, None)
    places, copies = np.unique(members, return_inverse=True)
    return _ResidentSets(sets.gathered(places.astype(np.int64)), copies.astype(np.int32), places)


def _renumbered(labels: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    """Return the labels numbered from 0, in their order."""
    return np.unique(labels, return_inverse=True)[1].astype(np.int32)


def components(
    labels: npt.NDArray[np.int32],
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]:
    """Return the sets of every component of two or more, and where each begins."""
    sizes = np.bincount(labels, minlength=len(labels))
    members = np.flatnonzero(sizes[labels] > 1).astype(np.int32)
    members = members[np.argsort(labels[members], kind="stable")]
    sizes = sizes[sizes > 1]
    return members, np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)


def pair_fully(task: SearchTask, graph: Graph, sets: ShingleSets) -> Graph:
    """Replace the edges of every component up to `full_cluster` by all its pairs."""
    members, bounds = components(graph.labels)
    sizes = np.diff(bounds)
    small = sizes <= task.options.full_cluster
    inside = np.repeat(small, sizes)
    chosen = np.concatenate([[0], np.cumsum(sizes[small])]).astype(np.int64)
    pairs = all_pairs(task, members[inside], chosen, sets)
    kept = graph.edges[in_giant(graph, task.options)[graph.edges[:, 0]]]
    return replace(graph, edges=np.concatenate([pairs, kept]))


def in_giant(graph: Graph, options: SimilarityOptions) -> npt.NDArray[np.bool_]:
    """Return for every set whether its component has more than `full_cluster` sets."""
    sizes = np.bincount(graph.labels, minlength=len(graph.labels))
    return np.asarray(sizes[graph.labels] > options.full_cluster)


def all_pairs(
    task: SearchTask,
    members: npt.NDArray[np.int32],
    bounds: npt.NDArray[np.int64],
    sets: ShingleSets,
) -> npt.NDArray[np.int32]:
    """Return every pair (left, right, overlap) within components that `components` returned."""
    bucket_walk = kernels("bucket_walk")

    sizes = np.diff(bounds)
    room = np.concatenate([[0], np.cumsum(sizes * (sizes - 1) // 2)])
    load_kernels(task.progress, "bucket_walk", steps=int(room[-1]))

    def pair_range(cut: tuple[int, int]) -> npt.NDArray[np.int32]:
        low, high = cut
        resident = _resident(sets, members[bounds[low] : bounds[high]])
        part, ends = resident.sets, bounds[low : high + 1] - bounds[low]
        pairs = np.empty((int(room[high] - room[low]), 3), np.int32)
        count = bucket_walk.pair_components(
            resident.members, ends, 0, high - low, part.values, part.starts, part.counts,
            part.sizes, task.options.threshold, pairs,
        )  # fmt: skip
        return resident.globally(pairs[:count].copy())

    size = 8 * int(sets.counts[members].sum(dtype=np.int64))
    steps = max(task.workers.count, int(room[-1]) // CHUNK_PAIRS + 1, 128 * size // task.memory)
    cuts = np.searchsorted(room, np.linspace(0, room[-1], steps + 1)).tolist()
    cuts[0], cuts[-1] = 0, len(sizes)
    with task.progress.stage("pairing clusters", len(sizes)) as advance:
        done = task.workers.each(list(pairwise(cuts)), pair_range)
        advance(len(sizes))
    return np.concatenate([np.zeros((0, 3), np.int32), *done])
