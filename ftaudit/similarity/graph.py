"""Candidates → verified edges and components → every pair of all but the largest components."""

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from ftaudit.similarity.candidates import Buckets, together
from ftaudit.similarity.options import SimilarityOptions
from ftaudit.similarity.shingle_sets import ShingleSets
from ftaudit.similarity.task import Task

ROUNDS: Final = 256
"""Comparisons per member that a bucket of MinHash may cost; one that needs more is cut, and
counted. Exact buckets are never cut."""

ONE_BY_ONE: Final = 4
"""Bands of MinHash that are walked one after another; of those after them little is left."""
LEAST_BUCKETS: Final = 250
"""Least buckets that another worker is worth."""
LEAST_SIEVED: Final = 20_000
"""The same, where a bucket is only looked at."""
LEAST_STEP: Final = 50_000
"""Least members of buckets that a worker walks at once."""
CHUNK_PAIRS: Final = 4_000_000
"""Pairs compared between two reports of progress."""


@dataclass(frozen=True, eq=False)
class Graph:
    """Components of the sets, and what connects them."""

    labels: npt.NDArray[np.int32]
    """Least set of each set's component."""
    edges: npt.NDArray[np.int32]
    """(left, right, overlap): a spanning forest, left < right."""
    cut: int = 0
    """Buckets whose comparisons ran out."""


def connect(task: Task, found: list[Buckets], sets: ShingleSets) -> Graph:
    """Verify every bucket and connect what is near-identical.

    Within a band buckets are independent, and all see the components of the bands before: the
    result does not depend on threads. What bitmaps rule out is left out before, of MinHash bands
    after the first in all at once; the first few connect nearly all that is alike, and what remains
    of the others is walked as if it were one band.
    """
    from ftaudit.similarity.kernels.walking import label, unite

    parents = np.arange(len(sets), dtype=np.int32)
    exact = any(len(bucket.rest) for bucket in found)  # such buckets rule out enough themselves
    maps = np.zeros((0, 0), np.uint64) if exact else sets.bitmaps(task.workers)
    graph = Graph(parents.copy(), np.zeros((0, 3), np.int32))
    left = list(found)
    with task.progress.stage("verifying candidates", len(found)) as advance:
        while left:
            done = len(found) - len(left)
            if len(maps):
                if done == ONE_BY_ONE:
                    left = [together(left).once()]
                some = len(left) if done == 1 else 1
                left[:some] = _sieved(task, left[:some], sets, graph.labels, maps)
            edges, cut = _walk(task, left[0], sets, graph.labels, maps)
            kept = unite(edges, len(edges), parents)
            labels = graph.labels
            label(parents, labels)
            graph = Graph(labels, np.concatenate([graph.edges, edges[:kept]]), graph.cut + cut)
            left = left[1:]
            advance(len(found) - len(left) - done)
    return graph


def _walk(
    task: Task,
    bucket: Buckets,
    sets: ShingleSets,
    labels: npt.NDArray[np.int32],
    maps: npt.NDArray[np.uint64],
) -> tuple[npt.NDArray[np.int32], int]:
    """Return the edges that the buckets of one band add, and how many buckets were cut."""
    rounds = len(sets) if len(bucket.rest) else ROUNDS
    done = task.workers.each(
        _ranges(task, bucket, sets),
        lambda cut: _walk_some(task.options, bucket.part(*cut), sets, labels, maps, rounds),
    )
    cut = 0 if bucket.hint else sum(cut for _, cut in done)
    return np.concatenate([edges for edges, _ in done]), cut


def _sieved(
    task: Task,
    found: list[Buckets],
    sets: ShingleSets,
    labels: npt.NDArray[np.int32],
    maps: npt.NDArray[np.uint64],
) -> list[Buckets]:
    """Leave out of every band what bitmaps rule out: fewer sets are then looked at one by one."""
    from ftaudit.similarity.kernels.walking import sieve

    def one(cut: tuple[int, int, int]) -> Buckets:
        band, low, high = cut
        part = found[band].part(low, high)
        kept, bounds = np.empty_like(part.members), np.empty_like(part.bounds)
        count = sieve(
            part.members, part.bounds, sets.counts, sets.sizes, labels, maps,
            task.options.threshold, kept, bounds,
        )  # fmt: skip
        return Buckets(kept[: bounds[count]], bounds[: count + 1], hint=part.hint)

    parts = [task.workers.ranges(len(bucket), LEAST_SIEVED) for bucket in found]
    cuts = [(band, *cut) for band, some in enumerate(parts) for cut in some]
    done = iter(task.workers.each(cuts, one))
    return [together([next(done) for _ in some]) for some in parts]


def _ranges(task: Task, bucket: Buckets, sets: ShingleSets) -> list[tuple[int, int]]:
    """Cut buckets for the workers, so that the sets that all of them walk at once fit in memory."""
    if not sets.store.spilled:
        return task.workers.ranges(len(bucket), LEAST_BUCKETS)
    size = 8 * (int(sets.counts.sum(dtype=np.int64)) // max(1, len(sets)) + 1)
    step = max(LEAST_STEP, task.memory // 8 // size // task.workers.count)
    ends = np.arange(step, int(bucket.bounds[-1]), step)
    return list(pairwise([0, *np.searchsorted(bucket.bounds, ends).tolist(), len(bucket)]))


def _walk_some(  # noqa: PLR0913, PLR0917 - a part of a band
    options: SimilarityOptions,
    bucket: Buckets,
    sets: ShingleSets,
    labels: npt.NDArray[np.int32],
    maps: npt.NDArray[np.uint64],
    rounds: int,
) -> tuple[npt.NDArray[np.int32], int]:
    from ftaudit.similarity.kernels.walking import walk_buckets

    near = _near(sets, bucket.members)
    some = near.sets
    if near.which is not None:
        labels, maps = _dense(labels[near.which]), maps[near.which] if len(maps) else maps
    edges = np.empty((len(bucket.members), 3), np.int32)
    count, cut = walk_buckets(
        near.members, bucket.bounds, 0, len(bucket), some.values, some.starts, some.counts,
        some.sizes, labels, options.threshold, rounds, bucket.rest, maps, edges,
    )  # fmt: skip
    return near.named(edges[:count]), cut


class _Near(NamedTuple):
    """Sets that kernels may read in any order: all of them, or a copy of some in memory."""

    sets: ShingleSets
    members: npt.NDArray[np.int32]
    """Indices of `sets`."""
    which: npt.NDArray[np.int32] | None
    """Which sets were copied, ascending; None when they are all there."""

    def named(self, edges: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
        """Return (left, right, overlap) with the indices of all sets."""
        if self.which is None:
            return edges
        return np.column_stack([self.which[edges[:, :2]], edges[:, 2]]).astype(np.int32)


def _near(sets: ShingleSets, members: npt.NDArray[np.int32]) -> _Near:
    """Bring the sets of some members into memory, if they are not."""
    if not sets.store.spilled:
        return _Near(sets, members, None)
    which, places = np.unique(members, return_inverse=True)
    return _Near(sets.gathered(which.astype(np.int64)), places.astype(np.int32), which)


def _dense(labels: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
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


def pair_fully(task: Task, graph: Graph, sets: ShingleSets) -> Graph:
    """Replace the edges of every component up to `full_cluster` by all its pairs."""
    members, bounds = components(graph.labels)
    sizes = np.diff(bounds)
    small = sizes <= task.options.full_cluster
    inside = np.repeat(small, sizes)
    chosen = np.concatenate([[0], np.cumsum(sizes[small])]).astype(np.int64)
    pairs = _all_pairs(task, members[inside], chosen, sets)
    kept = graph.edges[in_large(graph, task.options)[graph.edges[:, 0]]]
    return replace(graph, edges=np.concatenate([pairs, kept]))


def in_large(graph: Graph, options: SimilarityOptions) -> npt.NDArray[np.bool_]:
    """Say of every set whether its component is too large to be paired fully."""
    sizes = np.bincount(graph.labels, minlength=len(graph.labels))
    return np.asarray(sizes[graph.labels] > options.full_cluster)


def _all_pairs(
    task: Task,
    members: npt.NDArray[np.int32],
    bounds: npt.NDArray[np.int64],
    sets: ShingleSets,
) -> npt.NDArray[np.int32]:
    from ftaudit.similarity.kernels.walking import pair_components

    sizes = np.diff(bounds)
    room = np.concatenate([[0], np.cumsum(sizes * (sizes - 1) // 2)])

    def one(cut: tuple[int, int]) -> npt.NDArray[np.int32]:
        low, high = cut
        near = _near(sets, members[bounds[low] : bounds[high]])
        some, ends = near.sets, bounds[low : high + 1] - bounds[low]
        pairs = np.empty((int(room[high] - room[low]), 3), np.int32)
        count = pair_components(
            near.members, ends, 0, high - low, some.values, some.starts, some.counts, some.sizes,
            task.options.threshold, pairs,
        )  # fmt: skip
        return near.named(pairs[:count].copy())

    size = 8 * int(sets.counts[members].sum(dtype=np.int64))
    steps = max(task.workers.count, int(room[-1]) // CHUNK_PAIRS + 1, 128 * size // task.memory)
    cuts = np.searchsorted(room, np.linspace(0, room[-1], steps + 1)).tolist()
    cuts[0], cuts[-1] = 0, len(sizes)
    with task.progress.stage("pairing clusters", len(sizes)) as advance:
        done = task.workers.each(list(pairwise(cuts)), one)
        advance(len(sizes))
    return np.concatenate([np.zeros((0, 3), np.int32), *done])
