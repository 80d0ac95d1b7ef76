"""Components of distinct texts → clusters of rows, with nodes, pairs, and components per split."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl
from msgspec import Struct

from ftaudit.model.dataset import HOLDOUT, SPLITS, TRAIN
from ftaudit.similarity.clusters.connected_components import Graph
from ftaudit.similarity.runtime.kernel_loader import kernels
from ftaudit.similarity.search.distinct_texts import RepeatedTexts
from ftaudit.similarity.search.shingle_sets import ShingleSets
from ftaudit.similarity.text.row_numbering import RowNumbering, within_ranges

Rows = npt.NDArray[np.uint32]


class Membership(Struct, frozen=True, eq=False):
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

    def clusters_of(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return the least row of the cluster of each row; itself where it is in none."""
        chosen = np.isin(self.rows, rows)
        own, of_own = self.rows[chosen], self.clusters[chosen]
        order = np.argsort(own)
        places = np.searchsorted(own, rows, sorter=order)
        inside = np.flatnonzero(np.isin(rows, own))
        clusters = rows.copy()
        clusters[inside] = of_own[order[places[inside]]]
        return clusters

    def leaked(self, numbering: RowNumbering) -> npt.NDArray[np.int64]:
        """Return the holdout rows with a near-identical training row, ascending."""
        training = within_ranges(self.rows, numbering.of_split(TRAIN))
        has_training = np.zeros(int(self.nodes.max()) + 1 if len(self.nodes) else 0, np.bool_)
        has_training[self.nodes[training]] = True
        near = has_training.copy()
        near[self.left] |= has_training[self.right]
        near[self.right] |= has_training[self.left]
        holdout = within_ranges(self.rows, numbering.of_split(HOLDOUT))
        return np.sort(self.rows[holdout & near[self.nodes]]).astype(np.int64)


class ClusteredRows(NamedTuple):
    """The rows that are near-identical to another row."""

    rows: npt.NDArray[np.uint32]
    """Ascending."""
    clusters: npt.NDArray[np.uint32]
    """Least row of the cluster of each."""
    texts: npt.NDArray[np.uint32]
    """Least row with the text of each."""


def clustered_rows(repeated: RepeatedTexts, sets: ShingleSets, graph: Graph) -> ClusteredRows:
    """Return every row in a cluster of two rows or more."""
    linked = np.bincount(graph.labels, minlength=len(sets))[graph.labels] > 1
    texts = np.union1d(sets.rows[linked], repeated.least)
    clusters = texts.copy()
    clusters[np.searchsorted(texts, sets.rows[linked])] = sets.rows[graph.labels[linked]]
    of_copies = clusters[np.searchsorted(texts, repeated.least)]
    keys = np.concatenate([_packed(texts, clusters), _packed(repeated.rows, of_copies)])
    keys.sort()
    rows, clusters = _unpacked(keys)
    texts = rows.copy()
    texts[np.searchsorted(rows, repeated.rows)] = repeated.least
    return ClusteredRows(rows, clusters, texts)


def membership(
    clustered: ClusteredRows, sets: ShingleSets, graph: Graph, numbering: RowNumbering
) -> Membership:
    """Gather the rows in clusters by cluster, and their pairs by node."""
    order = np.argsort(clustered.clusters, kind="stable")
    rows, clusters, texts = (column[order] for column in clustered)
    del order  # 8 bytes for each row in a cluster, as much as all that is kept of it
    least = rows[rows == texts]  # of every node, by node
    by_row = np.argsort(least).astype(np.uint32)
    least.sort()
    nodes = by_row[np.searchsorted(least, texts)]
    del texts
    left, right = (by_row[np.searchsorted(least, sets.rows[graph.edges[:, at]])] for at in (0, 1))
    order = np.argsort(_packed(left, right))
    left, right = left[order], right[order]
    similarity = _similarity(sets, graph.edges[order])
    del order, least, by_row
    within = _within(rows, nodes, left, right, numbering)
    return Membership(rows, clusters, nodes, within, left, right, similarity)


def _packed(high: Rows, low: Rows) -> npt.NDArray[np.uint64]:
    """Return pairs as numbers that are ordered as they are."""
    packed = high.astype(np.uint64)
    packed <<= np.uint64(32)
    packed |= low
    return packed


def _unpacked(packed: npt.NDArray[np.uint64]) -> tuple[Rows, Rows]:
    """Return both numbers of each pair."""
    return (packed >> np.uint64(32)).astype(np.uint32), packed.astype(np.uint32)


def _similarity(sets: ShingleSets, edges: npt.NDArray[np.int32]) -> npt.NDArray[np.float64]:
    """Return the Jaccard similarity of (left, right, overlap)."""
    common = edges[:, 2].astype(np.int64)
    both = sets.sizes[edges[:, 0]].astype(np.int64) + sets.sizes[edges[:, 1]]
    return np.asarray(common / (both - common))


def _within(
    rows: npt.NDArray[np.uint32],
    nodes: npt.NDArray[np.uint32],
    left: npt.NDArray[np.uint32],
    right: npt.NDArray[np.uint32],
    numbering: RowNumbering,
) -> npt.NDArray[np.uint32]:
    """Return the least row of the component of each row among the rows of its own split."""
    bucket_walk = kernels("bucket_walk")

    result = rows.copy()
    count = int(nodes.max()) + 1 if len(nodes) else 0
    for split in SPLITS:
        inside = within_ranges(rows, numbering.of_split(split))
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
