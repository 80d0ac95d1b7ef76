"""The whole relation: contained rows, near-identical rows, rows whose label is suspected."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from ftaudit.similarity.clusters import Clusters
from ftaudit.similarity.containment import find_contained
from ftaudit.similarity.couples import Couples, read_labels
from ftaudit.similarity.suspicion import Suspicion
from ftaudit.similarity.task import Task


@dataclass(frozen=True, eq=False)
class Assembled:
    """The `similar` relation of one scan (`relation.Similar`)."""

    near: Clusters
    contained: Couples
    suspects: Couples

    @property
    def configuration(self) -> Mapping[str, object]:
        """Return everything that decided it."""
        return self.near.configuration

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what a reader must know."""
        return self.near.notes

    def batches(self) -> Iterator[pl.DataFrame]:
        """Yield batches of `CLUSTERS`, ascending in kind."""
        yield from self.contained.batches()
        yield from self.near.batches()
        yield from self.suspects.batches()


def assemble(task: Task, near: Clusters, suspicion: Suspicion) -> Assembled:
    """Look for contained rows, and put everything together."""
    contained, suspects = find_contained(task, near.found), suspicion.suspects
    rows = pl.concat([contained["row"], contained["host"], suspects["row"], suspects["rival"]])
    labels = read_labels(task, np.unique(rows.to_numpy()))
    nothing = pl.repeat(None, contained.height, dtype=pl.Float64, eager=True)
    return Assembled(
        near,
        _couples("contained", task, contained, labels, nothing),
        _couples("suspect", task, suspects, labels, suspects["doubt"]),
    )


def _couples(
    kind: str, task: Task, found: pl.DataFrame, labels: pl.DataFrame, doubt: pl.Series
) -> Couples:
    """Return couples of the first two columns of `found`, with the third as similarity."""
    first, second = (found.to_series(i).to_numpy() for i in range(2))
    return Couples(kind, task.source.numbering, first, second, found.to_series(2), labels, doubt)
