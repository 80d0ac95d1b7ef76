"""Clusters of near-identical rows, in batches: members, pairs and answers of each."""

from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
from msgspec import Struct, field

from ftaudit.similarity.clusters.answer_similarity import Answers
from ftaudit.similarity.clusters.membership import Membership
from ftaudit.similarity.relation import CLUSTERS, MEMBER, PAIR
from ftaudit.similarity.text.row_numbering import RowNumbering

BATCH: Final = 50_000
"""Members (or pairs) after which a batch ends; a larger cluster is a batch of its own."""


class NearClusters(Struct, frozen=True, eq=False):
    """The clusters of kind `near` (`relation.CLUSTERS`)."""

    configuration: Mapping[str, object]
    notes: tuple[str, ...]
    numbering: RowNumbering
    members: Membership
    answers: Answers
    full_cluster: int
    doubts: Mapping[int, float] = field(default_factory=dict)
    """Row number → doubt in its label (`label_review`)."""
    kind: str = "near"

    def batches(self) -> Iterator[pl.DataFrame]:
        """Yield batches of `CLUSTERS`, ascending."""
        starts = self._starts()
        pairs = np.searchsorted(self.members.left, self._first_nodes(starts))
        weight = np.maximum(starts, pairs)
        at = 0
        while at < len(starts) - 1:
            end = int(np.searchsorted(weight, weight[at] + BATCH, side="right")) - 1
            end = max(at + 1, end)
            yield self._batch(starts[at : end + 1], pairs[at : end + 1])
            at = end

    def _starts(self) -> npt.NDArray[np.int64]:
        """Return where each cluster begins among the members, and at the end how many there are."""
        clusters = self.members.clusters
        cuts = np.flatnonzero(np.diff(clusters)) + 1
        ends = [len(clusters)] if len(clusters) else []
        return np.concatenate([[0], cuts, ends]).astype(np.int64)

    def _first_nodes(self, starts: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        nodes = self.members.nodes
        last = int(nodes[-1]) + 1 if len(nodes) else 0
        return np.concatenate([nodes[starts[:-1]], [last]]).astype(np.int64)

    def _batch(self, starts: npt.NDArray[np.int64], pairs: npt.NDArray[np.int64]) -> pl.DataFrame:
        """Return the clusters that begin at `starts`, the last of which ends the batch."""
        low, high, count = int(starts[0]), int(starts[-1]), len(starts) - 1
        index = np.repeat(np.arange(count), np.diff(starts))
        first = self.members.nodes[starts[:-1]].astype(np.int64)
        nodes = self.members.nodes[starts[1:] - 1].astype(np.int64) - first + 1
        answer, answer_pairs = self._answers(low, high, index)
        members = self._member_frame(low, high).with_columns(
            node=self.members.nodes[low:high] - first[index], answer=answer
        )
        part = slice(int(pairs[0]), int(pairs[-1]))
        owner = np.repeat(np.arange(count), np.diff(pairs))
        paired = pl.DataFrame(
            {
                "owner": owner,
                "left": self.members.left[part] - first[owner],
                "right": self.members.right[part] - first[owner],
                "similarity": self.members.similarity[part],
            }
        )
        return pl.DataFrame(
            {
                "cluster": self.numbering.ids(self.members.clusters[starts[:-1]]),
                "kind": ["near"] * count,
                "complete": nodes <= self.full_cluster,
                "members": _lists(members.with_columns(owner=index), MEMBER, count),
                "pairs": _lists(paired, PAIR, count),
                "answers": _lists(answer_pairs, PAIR, count),
            },
            schema=CLUSTERS,
        )

    def _member_frame(self, low: int, high: int) -> pl.DataFrame:
        rows = self.members.rows[low:high]
        file, row = self.numbering.places(rows)
        splits = pl.Series([f.split for f in self.numbering.files], dtype=pl.String)
        return pl.DataFrame(
            {
                "id": self.numbering.ids(rows),
                "split": splits.gather(file),
                "file": file,
                "row": row,
                "label": self.answers.labels[low:high],
                **self.answers.scores[low:high].to_dict(),
                "variant": self.answers.apart["variant"][low:high],
                "focus": self.answers.apart["focus"][low:high],
                "within": self.numbering.ids(self.members.within[low:high]),
                "doubt": pl.Series(map(self.doubts.get, rows.tolist()), dtype=pl.Float64),
            }
        )

    def _answers(
        self, low: int, high: int, index: npt.NDArray[np.int64]
    ) -> tuple[pl.Series, pl.DataFrame]:
        """Return the answers of members `low` to `high`, numbered by cluster, and their pairs."""
        numbers = self.answers.numbers[low:high]
        has = numbers >= 0
        base = int(numbers[has].min()) if has.any() else 0
        owners = np.zeros(int(numbers[has].max()) - base + 1 if has.any() else 0, np.int64)
        owners[numbers[has] - base] = index[has]
        starts = base + np.searchsorted(owners, index)
        pairs = self.answers.pairs
        part = np.searchsorted(pairs["left"].to_numpy(), [base, base + len(owners)])
        chosen = pairs[int(part[0]) : int(part[1])]
        owner = owners[chosen["left"].to_numpy() - base]
        first = base + np.searchsorted(owners, owner)
        own = pl.select(pl.when(pl.Series(has)).then(pl.Series(numbers - starts))).to_series()
        return own, chosen.with_columns(
            pl.col("left") - first, pl.col("right") - first, owner=owner
        )


def _lists(frame: pl.DataFrame, item: pl.Struct, count: int) -> pl.Series:
    """Return a list of items for each owner, 0 to `count`; `frame` is sorted by owner."""
    structs = frame.select(
        "owner", item=pl.struct(pl.col(field.name).cast(field.dtype) for field in item.fields)
    )
    grouped = structs.group_by("owner", maintain_order=True).agg("item")
    everyone = pl.DataFrame({"owner": np.arange(count)})
    lists = everyone.join(grouped, on="owner", how="left", maintain_order="left")["item"]
    return lists.fill_null([])
