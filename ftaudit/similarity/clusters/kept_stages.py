"""Stages of a search that a scan keeps, so that one which was killed does not make them again."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl
from msgspec import Struct
from msgspec.structs import asdict

from ftaudit.similarity.clusters.connected_components import Graph
from ftaudit.similarity.clusters.linked_rows import LinkedRows
from ftaudit.similarity.clusters.membership import ClusteredRows
from ftaudit.similarity.relation import SearchLimit
from ftaudit.similarity.reworded.reworded_search import REWORDED, RewordedRows
from ftaudit.similarity.runtime.hash_store import HashStore
from ftaudit.similarity.search.containment import CONTAINED
from ftaudit.similarity.search.shingle_sets import ShingleSets

Arrays: TypeAlias = Mapping[str, npt.NDArray[np.generic]]

KeptStage: TypeAlias = Callable[[object, Callable[[], Arrays]], Arrays]
"""Takes what decides some arrays, and what makes them; returns them, if they were made before, from
where they are kept."""


class KeptStages(Struct, frozen=True, eq=False):
    """What keeps the stages of one search, and what decides them all."""

    decided_by: object
    keep: KeptStage | None = None
    """None: nothing is kept."""

    def linked(self, link: Callable[[], LinkedRows]) -> LinkedRows:
        """Return what `link` returns, in this scan or in one before that was killed."""
        if self.keep is None:
            return link()
        return _linked(self.keep((self.decided_by, "linked"), lambda: _arrays(link())))

    def pairs(self, kind: str, search: Callable[[], pl.DataFrame]) -> pl.DataFrame:
        """Return the pairs of a kind (`row`, `host`, `share`) that a search finds, likewise."""
        if self.keep is None:
            return search()
        arrays = self.keep((self.decided_by, kind), lambda: _columns(search()))
        return _frame(arrays, CONTAINED)

    def reworded(self, vectors: object, search: Callable[[], RewordedRows]) -> RewordedRows:
        """Return the rewordings that a search finds, likewise; `vectors` tells the model."""
        if self.keep is None:
            return search()

        def make() -> Arrays:
            rows = search()
            facts = json.dumps([rows.configuration, [asdict(limit) for limit in rows.limits]])
            return {**_columns(rows.pairs), "facts": np.frombuffer(facts.encode(), np.uint8)}

        arrays = self.keep((self.decided_by, "reworded", vectors), make)
        configuration, limits = json.loads(arrays["facts"].tobytes())
        pairs = _frame(arrays, REWORDED)
        return RewordedRows(pairs, configuration, tuple(SearchLimit(**limit) for limit in limits))


def _columns(frame: pl.DataFrame) -> dict[str, npt.NDArray[Any]]:
    return {name: frame[name].to_numpy() for name in frame.columns}


def _frame(arrays: Arrays, schema: pl.Schema) -> pl.DataFrame:
    return pl.DataFrame({name: arrays[name] for name in schema}, schema=schema)


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
    clustered = ClusteredRows(arrays["rows"], arrays["clusters"], arrays["texts"])
    return LinkedRows(clustered, sets, graph)
