"""Near-identical rows, linked: what the search comes to, on one machine or many."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from ftaudit.similarity.clusters.connected_components import Graph, connect, pair_fully
from ftaudit.similarity.clusters.giant_clusters import connect_splits
from ftaudit.similarity.clusters.membership import ClusteredRows, clustered_rows
from ftaudit.similarity.runtime.hash_store import HashStore
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


Arrays: TypeAlias = Mapping[str, npt.NDArray[np.generic]]

KeptStage: TypeAlias = Callable[[object, Callable[[], Arrays]], Arrays]
"""Takes what decides some arrays, and what makes them; returns them, if they were made before, from
where they are kept."""


class DividedSearch(PartReader, Protocol):
    """Does elsewhere, in pieces, what reads all texts of a search by MinHash."""

    def sample(self, column: str) -> pl.Series:
        """Return the texts that `boilerplate.sampled` returns."""

    def link(self, task: SearchTask) -> LinkedRows:
        """Return what `link_rows` returns."""


def link_rows(task: SearchTask) -> LinkedRows:
    """Search and link near-identical rows on the threads of this process."""
    find = join_candidates if task.profile.exact else minhash_candidates
    empty, same, sets, buckets = find(task)
    graph = connect(task, buckets, sets)
    clustered = clustered_rows(empty, same, sets, graph)
    graph = pair_fully(task, graph, sets)
    return LinkedRows(clustered, sets, connect_splits(task, graph, buckets, sets, same))


def kept_rows(keep: KeptStage, decided_by: object, link: Callable[[], LinkedRows]) -> LinkedRows:
    """Return what `link` returns, in this scan or in one before that was killed."""
    return _linked(keep(decided_by, lambda: _arrays(link())))


def _arrays(linked: LinkedRows) -> Arrays:
    clustered, sets, graph = linked
    return {
        **clustered._asdict(),
        "set_rows": sets.rows,
        "set_sizes": sets.sizes,
        "labels": graph.labels,
        "edges": graph.edges,
        "cut": np.array([graph.cut]),
    }


def _linked(arrays: Mapping[str, npt.NDArray[Any]]) -> LinkedRows:
    none = np.zeros(len(arrays["set_rows"]), np.int64)
    sets = ShingleSets(
        arrays["set_rows"],
        np.zeros(0, np.uint64),
        none,
        none.astype(np.int32),
        arrays["set_sizes"],
        HashStore(Path(), 0),
    )
    graph = Graph(arrays["labels"], arrays["edges"], int(arrays["cut"][0]))
    clustered = ClusteredRows(arrays["rows"], arrays["clusters"], arrays["same"])
    return LinkedRows(clustered, sets, graph)
