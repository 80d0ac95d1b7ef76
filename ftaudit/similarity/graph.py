"""Candidates → verified edges and components → every pair of all but the largest components."""

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from ftaudit.progress import Progress
from ftaudit.similarity.candidates import Buckets
from ftaudit.similarity.options import SimilarityOptions
from ftaudit.similarity.shingle_sets import ShingleSets
from ftaudit.similarity.workers import Workers

ROUNDS: Final = 256
"""Comparisons per member that a bucket may cost; one that needs more is cut, and counted."""

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


def connect(
    found: list[Buckets],
    sets: ShingleSets,
    options: SimilarityOptions,
    workers: Workers,
    progress: Progress,
) -> Graph:
    """Verify every bucket and connect what is near-identical.

    Within a band buckets are independent, and all see the components of the bands before: the
    result does not depend on threads.
    """
    from ftaudit.similarity.kernels.walking import label, unite  # noqa: PLC0415 - numba is heavy

    parents = np.arange(len(sets), dtype=np.int32)
    graph = Graph(parents.copy(), np.zeros((0, 3), np.int32))
    with progress.stage("verifying candidates", len(found)) as advance:
        for bucket in found:
            edges, cut = walk(bucket, sets, graph.labels, options, workers)
            kept = unite(edges, len(edges), parents)
            labels = graph.labels
            label(parents, labels)
            graph = Graph(labels, np.concatenate([graph.edges, edges[:kept]]), graph.cut + cut)
            advance(1)
    return graph


def walk(
    bucket: Buckets,
    sets: ShingleSets,
    labels: npt.NDArray[np.int32],
    options: SimilarityOptions,
    workers: Workers,
) -> tuple[npt.NDArray[np.int32], int]:
    """Return the edges that the buckets of one band add, and how many buckets were cut."""
    from ftaudit.similarity.kernels.walking import walk_buckets  # noqa: PLC0415 - numba is heavy

    members = slots(bucket, sets)
    bounds = bucket.bounds

    def one(low: int, high: int) -> tuple[npt.NDArray[np.int32], int]:
        edges = np.empty((int(bounds[high] - bounds[low]), 3), np.int32)
        count, cut = walk_buckets(
            members, bounds, low, high, sets.values, sets.starts, sets.counts, sets.sizes,
            labels, options.threshold, ROUNDS, edges,
        )  # fmt: skip
        return edges[:count], cut

    parts = workers.over(len(bounds) - 1, one)
    return np.concatenate([edges for edges, _ in parts]), sum(cut for _, cut in parts)


def slots(bucket: Buckets, sets: ShingleSets) -> npt.NDArray[np.int32]:
    """Return the members of a bucket as indices of sets."""
    return np.searchsorted(sets.rows, bucket.members).astype(np.int32)


def components(
    labels: npt.NDArray[np.int32],
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]:
    """Return the sets of every component of two or more, and where each begins."""
    sizes = np.bincount(labels, minlength=len(labels))
    members = np.flatnonzero(sizes[labels] > 1).astype(np.int32)
    members = members[np.argsort(labels[members], kind="stable")]
    sizes = sizes[sizes > 1]
    return members, np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)


def pair_fully(
    graph: Graph,
    sets: ShingleSets,
    options: SimilarityOptions,
    workers: Workers,
    progress: Progress,
) -> Graph:
    """Replace the edges of every component up to `options.full_cluster` by all its pairs."""
    members, bounds = components(graph.labels)
    sizes = np.diff(bounds)
    small = sizes <= options.full_cluster
    inside = np.repeat(small, sizes)
    chosen = np.concatenate([[0], np.cumsum(sizes[small])]).astype(np.int64)
    pairs = _all_pairs(members[inside], chosen, sets, options, workers, progress)
    large = np.zeros(len(sets), np.bool_)
    large[members[~inside]] = True
    kept = graph.edges[large[graph.edges[:, 0]]]
    return replace(graph, edges=np.concatenate([pairs, kept]))


def _all_pairs(  # noqa: PLR0913 - a stage
    members: npt.NDArray[np.int32],
    bounds: npt.NDArray[np.int64],
    sets: ShingleSets,
    options: SimilarityOptions,
    workers: Workers,
    progress: Progress,
) -> npt.NDArray[np.int32]:
    from ftaudit.similarity.kernels.walking import pair_components  # noqa: PLC0415 - numba is heavy

    sizes = np.diff(bounds)
    room = np.concatenate([[0], np.cumsum(sizes * (sizes - 1) // 2)])
    done: list[npt.NDArray[np.int32]] = [np.zeros((0, 3), np.int32)]

    def one(cut: tuple[int, int]) -> npt.NDArray[np.int32]:
        low, high = cut
        pairs = np.empty((int(room[high] - room[low]), 3), np.int32)
        count = pair_components(
            members, bounds, low, high, sets.values, sets.starts, sets.counts, sets.sizes,
            options.threshold, pairs,
        )  # fmt: skip
        return pairs[:count].copy()

    steps = max(workers.count, int(room[-1]) // CHUNK_PAIRS + 1)
    cuts = np.searchsorted(room, np.linspace(0, room[-1], steps + 1)).tolist()
    cuts[0], cuts[-1] = 0, len(sizes)
    with progress.stage("pairing clusters", len(sizes)) as advance:
        for part in workers.each(list(pairwise(cuts)), one):
            done.append(part)
        advance(len(sizes))
    return np.concatenate(done)
