"""The finished relation: members, pairs and answers, handed out cluster by cluster."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from ftaudit.dataset import ROW_BITS
from ftaudit.similarity.answers import Answers
from ftaudit.similarity.membership import Membership
from ftaudit.similarity.relation import CLUSTERS
from ftaudit.similarity.source import Numbering

BATCH: Final = 50_000
"""Members (or pairs) after which a batch ends; a larger cluster is a batch of its own."""


@dataclass(frozen=True, eq=False)
class Clusters:
    """The `similar` relation of one scan (`relation.Similar`)."""

    configuration: Mapping[str, object]
    notes: tuple[str, ...]
    numbering: Numbering
    found: Membership
    answers: Answers
    full_cluster: int

    def batches(self) -> Iterator[pl.DataFrame]:
        """Yield batches of `CLUSTERS`, ascending."""
        starts = self._starts()
        pairs = np.searchsorted(self.found.left, self._first_nodes(starts))
        weight = np.maximum(starts, pairs)
        at = 0
        while at < len(starts) - 1:
            end = int(np.searchsorted(weight, weight[at] + BATCH, side="right")) - 1
            end = max(at + 1, end)
            yield self._batch(starts[at : end + 1], pairs[at : end + 1])
            at = end

    def _starts(self) -> npt.NDArray[np.int64]:
        """Return where each cluster begins among the members, and their number."""
        clusters = self.found.clusters
        cuts = np.flatnonzero(np.diff(clusters)) + 1
        ends = [len(clusters)] if len(clusters) else []
        return np.concatenate([[0], cuts, ends]).astype(np.int64)

    def _first_nodes(self, starts: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        nodes = self.found.nodes
        last = int(nodes[-1]) + 1 if len(nodes) else 0
        return np.concatenate([nodes[starts[:-1]], [last]]).astype(np.int64)

    def _batch(self, starts: npt.NDArray[np.int64], pairs: npt.NDArray[np.int64]) -> pl.DataFrame:
        low, high = int(starts[0]), int(starts[-1])
        first = self.found.nodes[starts[:-1]].astype(np.int64)
        index = np.repeat(np.arange(len(first)), np.diff(starts))
        members = self._members(low, high, first[index])
        nodes = self.found.nodes[np.append(starts[1:-1], high) - 1].astype(np.int64) - first + 1
        left = slice(int(pairs[0]), int(pairs[-1]))
        owner = np.repeat(np.arange(len(first)), np.diff(pairs))
        paired = pl.DataFrame(
            {
                "left": (self.found.left[left] - first[owner]).astype(np.uint32),
                "right": (self.found.right[left] - first[owner]).astype(np.uint32),
                "similarity": self.found.similarity[left],
            }
        )
        return pl.DataFrame(
            {
                "cluster": _ids(self.numbering, self.found.clusters[starts[:-1]]),
                "kind": pl.Series(["near"], dtype=pl.String).new_from_index(0, len(first)),
                "complete": nodes <= self.full_cluster,
                "members": _lists(members, index, len(first)),
                "pairs": _lists(paired, owner, len(first)),
                "answers": self.answers.lists(low, high, index, len(first)),
            }
        ).select(pl.col(name).cast(dtype) for name, dtype in CLUSTERS.items())

    def _members(self, low: int, high: int, first: npt.NDArray[np.int64]) -> pl.DataFrame:
        rows = self.found.rows[low:high]
        file, row = self.numbering.places(rows)
        splits = pl.Series([f.split for f in self.numbering.files], dtype=pl.String)
        return pl.DataFrame(
            {
                "id": file.astype(np.uint64) << np.uint64(ROW_BITS) | row,
                "split": splits.gather(file),
                "file": file,
                "row": row,
                "label": self.answers.labels[low:high],
                "node": (self.found.nodes[low:high] - first).astype(np.uint32),
                "within": _ids(self.numbering, self.found.within[low:high]),
                "answer": self.answers.numbers[low:high],
            }
        )


def _ids(numbering: Numbering, rows: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint64]:
    file, row = numbering.places(rows)
    return np.asarray(file.astype(np.uint64) << np.uint64(ROW_BITS) | row)


def _lists(frame: pl.DataFrame, owner: npt.NDArray[np.int64], count: int) -> pl.Series:
    """Return a list of structs per owner, 0 to `count`, from rows sorted by owner."""
    grouped = (
        frame.select(pl.struct(pl.all()).alias("item"))
        .with_columns(owner=pl.Series(owner, dtype=pl.Int64))
        .group_by("owner", maintain_order=True)
        .agg("item")
    )
    everyone = pl.DataFrame({"owner": pl.arange(0, count, dtype=pl.Int64, eager=True)})
    joined = everyone.join(grouped, on="owner", how="left", maintain_order="left")
    empty = pl.Series([[]], dtype=joined["item"].dtype)
    return joined.select(pl.col("item").fill_null(pl.lit(empty))).to_series()
