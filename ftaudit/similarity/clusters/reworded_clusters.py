"""Clusters of a row and the training rows that say the same in other words."""

from collections.abc import Iterator
from typing import Final

import polars as pl
from msgspec import Struct

from ftaudit.similarity.clusters.pair_clusters import pair_members
from ftaudit.similarity.relation import CLUSTERS, PAIR
from ftaudit.similarity.text.row_numbering import RowNumbering

BATCH: Final = 25_000
"""Pairs in a batch, about."""


class RewordedClusters(Struct, frozen=True, eq=False):
    """Clusters of kind `reworded`, by ascending first row."""

    numbering: RowNumbering
    pairs: pl.DataFrame
    """`reworded_search.REWORDED`."""
    labels: pl.DataFrame
    """`row`, ascending, and `label`, of at least all rows in the clusters."""
    kind: str = "reworded"

    def batches(self) -> Iterator[pl.DataFrame]:
        """Yield batches of `CLUSTERS`."""
        firsts = self.pairs["row"].unique(maintain_order=True)
        for low in range(0, len(firsts), BATCH):
            part = firsts[low : low + BATCH]
            yield self._batch(self.pairs.filter(pl.col("row").is_between(part[0], part[-1])))

    def _batch(self, pairs: pl.DataFrame) -> pl.DataFrame:
        firsts = pairs.select(first="row", row="row").unique(maintain_order=True)
        seconds = pairs.select(first="row", row="match")
        listed = pl.concat(
            [
                firsts.with_columns(node=pl.lit(0, pl.UInt32)),
                seconds.with_columns(node=pl.int_range(1, pl.len() + 1).over("first")),
            ],
            how="vertical_relaxed",
        ).sort("first", "node")
        rows = listed["row"].to_numpy()
        members = listed.select(
            "first", members=pair_members(self.numbering, self.labels, rows, listed["node"])
        )
        nodes = pl.int_range(1, pl.len() + 1).over("row")
        links = pairs.select(
            first="row",
            pairs=pl.struct(left=pl.lit(0), right=nodes, similarity="likeness").cast(PAIR),
        )
        clusters = members.group_by("first", maintain_order=True).agg("members")
        clusters = clusters.join(
            links.group_by("first", maintain_order=True).agg("pairs"),
            on="first",
            maintain_order="left",
        )
        return clusters.select(
            cluster=pl.col("members").list.first().struct.field("id"),
            kind=pl.lit(self.kind),
            complete=pl.lit(True),  # noqa: FBT003 - a value
            members="members",
            pairs="pairs",
            answers=pl.lit([], dtype=CLUSTERS["answers"]),
        ).cast(CLUSTERS)
