"""Near-identical rows, linked: what the search comes to, on one machine or many."""

from typing import NamedTuple, Protocol

import polars as pl

from ftaudit.similarity.clusters.connected_components import Graph, connect, pair_fully
from ftaudit.similarity.clusters.giant_clusters import connect_splits
from ftaudit.similarity.clusters.membership import ClusteredRows, clustered_rows
from ftaudit.similarity.search.candidates import join_candidates, minhash_candidates
from ftaudit.similarity.search.search_task import SearchTask
from ftaudit.similarity.search.shingle_sets import ShingleSets
from ftaudit.similarity.text.text_source import PartReader


class LinkedRows(NamedTuple):
    """The rows in clusters, and the pairs of their texts."""

    clustered: ClusteredRows
    sets: ShingleSets
    """Of every text that has a pair; their sizes count, their values are of no use any more."""
    graph: Graph


class DividedSearch(PartReader, Protocol):
    """Does elsewhere, in pieces, what reads all texts of a search by MinHash."""

    def sample(self, column: str) -> pl.Series:
        """Return the texts that `boilerplate.sampled` returns."""

    def link(self, task: SearchTask) -> LinkedRows:
        """Return what `link_rows` returns."""


def link_rows(task: SearchTask) -> LinkedRows:
    """Search and link near-identical rows on the threads of this process."""
    find = join_candidates if task.profile.exact else minhash_candidates
    repeated, sets, buckets = find(task)
    graph = connect(task, buckets, sets)
    clustered = clustered_rows(repeated, sets, graph)
    graph = pair_fully(task, graph, sets)
    return LinkedRows(clustered, sets, connect_splits(task, graph, buckets, sets, repeated))
