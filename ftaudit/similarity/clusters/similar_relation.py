"""The whole relation: contained rows, near-identical rows, rows whose label is suspected."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from ftaudit.similarity.clusters.near_clusters import NearClusters
from ftaudit.similarity.clusters.pair_clusters import PairClusters, read_labels
from ftaudit.similarity.search.containment import find_contained
from ftaudit.similarity.search.search_task import SearchTask


@dataclass(frozen=True, eq=False)
class SimilarRelation:
    """The `similar` relation of one scan (`relation.Similar`)."""

    near: NearClusters
    contained: PairClusters
    suspects: PairClusters

    @property
    def configuration(self) -> Mapping[str, object]:
        """Everything that decided it."""
        return self.near.configuration

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know."""
        return self.near.notes

    def batches(self) -> Iterator[pl.DataFrame]:
        """Yield batches of `CLUSTERS`, ascending in kind."""
        yield from self.contained.batches()
        yield from self.near.batches()
        yield from self.suspects.batches()


def complete_relation(
    task: SearchTask, near: NearClusters, suspects: pl.DataFrame
) -> SimilarRelation:
    """Look for contained rows, and join the clusters of all kinds.

    `suspects` are those of the review of labels (`label_review.SUSPECTS`).
    """
    contained = find_contained(task, near.members.leaked(task.source.numbering))
    rows = pl.concat([contained["row"], contained["host"], suspects["row"], suspects["rival"]])
    labels = read_labels(task, np.unique(rows.to_numpy()))
    no_doubt = pl.repeat(None, contained.height, dtype=pl.Float64, eager=True)
    return SimilarRelation(
        near,
        _pair_clusters("contained", task, contained, labels, no_doubt),
        _pair_clusters("suspect", task, suspects, labels, suspects["doubt"]),
    )


def _pair_clusters(
    kind: str, task: SearchTask, pairs: pl.DataFrame, labels: pl.DataFrame, doubt: pl.Series
) -> PairClusters:
    """Return clusters of the first two columns of `pairs`, with the third as similarity."""
    first, second = (pairs.to_series(i).to_numpy() for i in range(2))
    return PairClusters(
        kind, task.source.numbering, first, second, pairs.to_series(2), labels, doubt
    )
