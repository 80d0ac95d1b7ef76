"""Components of distinct texts → clusters of rows, with nodes, pairs, and components per split."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from ftaudit.model.dataset import HOLDOUT, SPLITS, TRAIN
from ftaudit.similarity.clusters.connected_components import Graph
from ftaudit.similarity.runtime.kernel_loader import kernels
from ftaudit.similarity.search.shingle_sets import ShingleSets
from ftaudit.similarity.text.row_numbering import RowNumbering


@dataclass(frozen=True, eq=False)
class Membership:
    """Rows in clusters, by cluster and row; and the pairs of their nodes, by node."""

    rows: npt.NDArray[np.uint32]
    clusters: npt.NDArray[np.uint32]
    """Least row of the cluster of each member."""
    nodes: npt.NDArray[np.uint32]
    """Node of each member, numbered through all clusters by cluster and least row."""
    within: npt.NDArray[np.uint32]
    """Least row of the component of each member when only rows of its split are considered."""
    left: npt.NDArray[np.uint32]
    right: npt.NDArray[np.uint32]
    """Nodes of each pair, left < right, ascending."""
    similarity: npt.NDArray[np.float64]

    def giant(self, most: int) -> int:
        """Return how many clusters have more than `most` nodes."""
        first = np.flatnonzero(np.diff(self.nodes.astype(np.int64), prepend=-1))
        _, sizes = np.unique(self.clusters[first], return_counts=True)
        return int((sizes > most).sum())

    def member_frame(self) -> pl.DataFrame:
        """Return `node` and `row` of every member."""
        return pl.DataFrame({"node": self.nodes, "row": self.rows.astype(np.int64)})

    def pair_frame(self) -> pl.DataFrame:
        """Return `node`, `other` and `similarity` of every pair."""
        return pl.DataFrame({"node": self.left, "other": self.right, "similarity": self.similarity})

    def leaked(self, numbering: RowNumbering) -> npt.NDArray[np.int64]:
        """Return the holdout rows with a near-identical training row, ascending."""
        training = _inside(self.rows, numbering.of_split(TRAIN))
        has_training = np.zeros(int(self.nodes.max()) + 1 if len(self.nodes) else 0, np.bool_)
        has_training[self.nodes[training]] = True
        near = has_training.copy()
        near[self.left] |= has_training[self.right]
        near[self.right] |= has_training[self.left]
        holdout = _inside(self.rows, numbering.of_split(HOLDOUT))
        return np.sort(self.rows[holdout & near[self.nodes]]).astype(np.int64)


class ClusteredRows(NamedTuple):
    """The rows that are near-identical to another row."""

    rows: npt.NDArray[np.uint32]
    """Ascending."""
    clusters: npt.NDArray[np.uint32]
    """Least row of the cluster of each."""
    same: npt.NDArray[np.uint32]
    """Least row with the same text, of every row of the data."""


def clustered_rows(
    empty: npt.NDArray[np.bool_], same: npt.NDArray[np.uint32], sets: ShingleSets, graph: Graph
) -> ClusteredRows:
    """Return every row in a cluster of two rows or more."""
    cluster = np.arange(len(same), dtype=np.uint32)
    cluster[sets.rows] = sets.rows[graph.labels]
    cluster = cluster[same]
    sizes = np.bincount(cluster[~empty], minlength=len(cluster)).astype(np.uint32)
    rows = np.flatnonzero((sizes[cluster] > 1) & ~empty).astype(np.uint32)
    return ClusteredRows(rows, cluster[rows], same)


def membership(
    clustered: ClusteredRows, sets: ShingleSets, graph: Graph, numbering: RowNumbering
) -> Membership:
    """Gather the rows in clusters by cluster, and their pairs by node."""
    order = np.argsort(clustered.clusters, kind="stable")
    rows, clusters = clustered.rows[order], clustered.clusters[order]
    same = clustered.same
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


def _inside(rows: npt.NDArray[np.uint32], ranges: list[tuple[int, int]]) -> npt.NDArray[np.bool_]:
    """Return for every row whether it lies in one of the ranges."""
    inside = np.zeros(len(rows), np.bool_)
    for low, high in ranges:
        inside |= (rows >= low) & (rows < high)
    return inside


def _within(
    rows: npt.NDArray[np.uint32],
    nodes: npt.NDArray[np.int64],
    left: npt.NDArray[np.uint32],
    right: npt.NDArray[np.uint32],
    numbering: RowNumbering,
) -> npt.NDArray[np.uint32]:
    """Return the least row of the component of each row among the rows of its own split."""
    bucket_walk = kernels("bucket_walk")

    result = rows.copy()
    count = int(nodes.max()) + 1 if len(nodes) else 0
    for split in SPLITS:
        inside = _inside(rows, numbering.of_split(split))
        if not inside.any():
            continue
        has = np.zeros(count, np.bool_)
        has[nodes[inside]] = True
        own = has[left] & has[right]
        edges = np.zeros((int(own.sum()), 3), np.int32)
        edges[:, 0], edges[:, 1] = left[own], right[own]
        labels = np.arange(count, dtype=np.int32)
        bucket_walk.unite(edges, len(edges), labels)
        bucket_walk.label(labels, labels)
        least = np.full(count, np.iinfo(np.uint32).max, np.uint32)
        np.minimum.at(least, labels[nodes[inside]], rows[inside])
        result[inside] = least[labels[nodes[inside]]]
    return result
