"""Components of nodes → clusters of rows, nodes numbered inside each, `within` per split."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ftaudit.model.dataset import SPLITS
from ftaudit.similarity.graph import Graph
from ftaudit.similarity.shingle_sets import ShingleSets
from ftaudit.similarity.source import Numbering


@dataclass(frozen=True, eq=False)
class Membership:
    """Rows in clusters, by cluster and row; and the pairs of their nodes, by node."""

    rows: npt.NDArray[np.uint32]
    clusters: npt.NDArray[np.uint32]
    """Least row of each member's cluster."""
    nodes: npt.NDArray[np.uint32]
    """Node of each member, numbered through all clusters by cluster and least row."""
    within: npt.NDArray[np.uint32]
    """Least row of the member's component in its own split."""
    left: npt.NDArray[np.uint32]
    right: npt.NDArray[np.uint32]
    """Nodes of each pair, left < right, ascending."""
    similarity: npt.NDArray[np.float64]

    def large(self, most: int) -> int:
        """Return how many clusters have more than `most` nodes."""
        first = np.flatnonzero(np.diff(self.nodes.astype(np.int64), prepend=-1))
        _, sizes = np.unique(self.clusters[first], return_counts=True)
        return int((sizes > most).sum())


class Company(NamedTuple):
    """Which rows are not alone, and with whom they are."""

    rows: npt.NDArray[np.uint32]
    """Ascending."""
    clusters: npt.NDArray[np.uint32]
    """Least row of the cluster of each."""
    same: npt.NDArray[np.uint32]
    """Least row with the same text, of every row there is."""


def company(
    empty: npt.NDArray[np.bool_], same: npt.NDArray[np.uint32], sets: ShingleSets, graph: Graph
) -> Company:
    """Return every row that is not alone."""
    cluster = np.arange(len(same), dtype=np.uint32)
    cluster[sets.rows] = sets.rows[graph.labels]
    cluster = cluster[same]
    sizes = np.bincount(cluster[~empty], minlength=len(cluster)).astype(np.uint32)
    rows = np.flatnonzero((sizes[cluster] > 1) & ~empty).astype(np.uint32)
    return Company(rows, cluster[rows], same)


def membership(found: Company, sets: ShingleSets, graph: Graph, numbering: Numbering) -> Membership:
    """Gather the rows that are not alone by cluster, and their pairs by node."""
    order = np.argsort(found.clusters, kind="stable")
    rows, clusters, same = found.rows[order], found.clusters[order], found.same
    keys = clusters.astype(np.uint64) << np.uint64(32) | same[rows]
    distinct, nodes = np.unique(keys, return_inverse=True)
    place = np.zeros(len(same), np.uint32)
    place[(distinct & np.uint64(0xFFFFFFFF)).astype(np.int64)] = np.arange(len(distinct))
    ends = place[sets.rows[graph.edges[:, :2]]]
    order = np.lexsort((ends[:, 1], ends[:, 0]))
    left, right = ends[order, 0], ends[order, 1]
    within = _within(rows, nodes.astype(np.int64), left, right, numbering)
    similarity = _similarity(sets, graph.edges[order])
    return Membership(rows, clusters, nodes.astype(np.uint32), within, left, right, similarity)


def _similarity(sets: ShingleSets, edges: npt.NDArray[np.int32]) -> npt.NDArray[np.float64]:
    """Return the Jaccard similarity of (left, right, overlap)."""
    common = edges[:, 2].astype(np.int64)
    both = sets.sizes[edges[:, 0]].astype(np.int64) + sets.sizes[edges[:, 1]]
    return np.asarray(common / (both - common))


def _within(
    rows: npt.NDArray[np.uint32],
    nodes: npt.NDArray[np.int64],
    left: npt.NDArray[np.uint32],
    right: npt.NDArray[np.uint32],
    numbering: Numbering,
) -> npt.NDArray[np.uint32]:
    """Return the least row of each row's component among rows of its own split."""
    from ftaudit.similarity.kernels.walking import label, unite

    result = rows.copy()
    count = int(nodes.max()) + 1 if len(nodes) else 0
    for split in SPLITS:
        inside = np.zeros(len(rows), np.bool_)
        for low, high in numbering.of_split(split):
            inside |= (rows >= low) & (rows < high)
        if not inside.any():
            continue
        has = np.zeros(count, np.bool_)
        has[nodes[inside]] = True
        ours = has[left] & has[right]
        edges = np.zeros((int(ours.sum()), 3), np.int32)
        edges[:, 0], edges[:, 1] = left[ours], right[ours]
        labels = np.arange(count, dtype=np.int32)
        unite(edges, len(edges), labels)
        label(labels, labels)
        least = np.full(count, np.iinfo(np.uint32).max, np.uint32)
        np.minimum.at(least, labels[nodes[inside]], rows[inside])
        result[inside] = least[labels[nodes[inside]]]
    return result
