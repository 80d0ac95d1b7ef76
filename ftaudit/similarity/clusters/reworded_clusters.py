"""Clusters of a row and the training rows that say the same in other words."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from ftaudit.similarity.relation import CLUSTERS, MEMBER, PAIR
from ftaudit.similarity.text.row_numbering import RowNumbering

BATCH: Final = 25_000
"""Pairs in a batch, about."""


@dataclass(frozen=True, eq=False)
class RewordedClusters:
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
        members = listed.select("first", members=self._members(listed))
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

    def _members(self, listed: pl.DataFrame) -> pl.Series:
        """Return the members (`relation.MEMBER`) of rows and nodes, one for each row."""
        rows = listed["row"].to_numpy()
        file, row = self.numbering.places(rows.astype(np.uint32))
        splits = pl.Series([f.split for f in self.numbering.files], dtype=pl.String)
        ids = self.numbering.ids(rows.astype(np.uint32))
        at = np.searchsorted(self.labels["row"].to_numpy(), rows)
        frame = pl.DataFrame(
            {
                "id": ids,
                "split": splits.gather(file),
                "file": file,
                "row": row,
                "label": self.labels["label"].gather(at),
                "node": listed["node"],
                "within": ids,
            }
        )
        unset = [name for name in MEMBER.to_schema() if name not in frame.columns]
        filled = frame.with_columns(pl.lit(None).alias(name) for name in unset)
        return filled.select(
            pl.struct(pl.col(field.name).cast(field.dtype) for field in MEMBER.fields)
        ).to_series()
