"""Clusters of two rows: a contained row and its host, a suspected row and its rival."""

from collections.abc import Iterator
from itertools import chain
from typing import ClassVar, Final

import numpy as np
import numpy.typing as npt
import polars as pl
from msgspec import Struct

from ftaudit.similarity.relation import CLUSTERS, MEMBER, PAIR
from ftaudit.similarity.search.search_task import SearchTask
from ftaudit.similarity.text.row_numbering import RowNumbering
from ftaudit.similarity.text.text_source import TextReading, rows_within

BATCH: Final = 25_000
"""Clusters in a batch."""


class PairClusters(Struct, frozen=True, eq=False):
    """Clusters of one kind, by ascending first row."""

    kind: str
    numbering: RowNumbering
    first: npt.NDArray[np.int64]
    second: npt.NDArray[np.int64]
    """Row numbers."""
    similarity: pl.Series
    labels: pl.DataFrame
    """`row`, ascending, and `label`, of at least all rows in the clusters."""
    doubt: pl.Series
    """Doubt in the label of the first row; null where it was not judged."""

    def batches(self) -> Iterator[pl.DataFrame]:
        """Yield batches of `CLUSTERS`."""
        for low in range(0, len(self.first), BATCH):
            yield self._batch(slice(low, low + BATCH))

    def _batch(self, part: slice) -> pl.DataFrame:
        first, doubt = self.first[part], self.doubt[part]
        firsts = pair_members(self.numbering, self.labels, first, 0, doubt)
        seconds = pair_members(self.numbering, self.labels, self.second[part], 1)
        pairs = pl.DataFrame({"similarity": self.similarity[part]})
        return pl.DataFrame(
            {
                "cluster": firsts.struct["id"],
                "kind": pl.repeat(self.kind, len(first), eager=True),
                "complete": pl.repeat(True, len(first), eager=True),  # noqa: FBT003 - a value
                "members": pl.select(pl.concat_list(firsts, seconds)).to_series(),
                "pairs": pairs.select(
                    pl.concat_list(_struct(PAIR, left=pl.lit(0), right=pl.lit(1)))
                ).to_series(),
                "answers": pl.Series([[]] * len(first), dtype=CLUSTERS["answers"]),
            },
            schema=CLUSTERS,
        )


def pair_members(
    numbering: RowNumbering,
    labels: pl.DataFrame,
    rows: npt.NDArray[np.int64],
    node: pl.Series | int,
    doubt: pl.Series | None = None,
) -> pl.Series:
    """Return rows as members (`relation.MEMBER`), one for each.

    Args:
        numbering: gives rows their places and ids.
        labels: `row`, ascending, and `label`, of at least all the rows.
        rows: row numbers.
        node: the node of each row in its cluster, or of all of them.
        doubt: in the label of each row; null where it was not judged.
    """
    file, row = numbering.places(rows.astype(np.uint32))
    splits = pl.Series([f.split for f in numbering.files], dtype=pl.String)
    ids = numbering.ids(rows.astype(np.uint32))
    at = np.searchsorted(labels["row"].to_numpy(), rows)
    frame = pl.DataFrame(
        {
            "id": ids,
            "split": splits.gather(file),
            "file": file,
            "row": row,
            "label": labels["label"].gather(at),
            "within": ids,
        }
    ).with_columns(
        node=node,
        doubt=pl.lit(None) if doubt is None else doubt,
        **dict.fromkeys(("score", "step", "variant", "focus", "answer"), pl.lit(None)),
    )
    return frame.select(_struct(MEMBER)).to_series()


def _struct(item: pl.Struct, **values: pl.Expr) -> pl.Expr:
    """Return a struct of the fields of `item`: of `values`, else of the column of the name."""
    return pl.struct(
        values.get(field.name, pl.col(field.name)).cast(field.dtype).alias(field.name)
        for field in item.fields
    )


def read_labels(task: SearchTask, rows: npt.NDArray[np.int64]) -> pl.DataFrame:
    """Return `row` and `label` of the given rows (ascending)."""
    read = task.source.over(_LabelsOfRows(rows)) if len(rows) else ()
    return pl.concat(chain([_LABELS], chain.from_iterable(read)))


_LABELS: Final = pl.DataFrame(schema={"row": pl.Int64, "label": pl.String})


class _LabelsOfRows(Struct, frozen=True, eq=False):
    """Reads the labels of some rows (ascending)."""

    rows: npt.NDArray[np.int64]
    columns: ClassVar[tuple[str, ...]] = ("id", "label")

    def within(self, low: int, high: int) -> "_LabelsOfRows | None":
        """Return the work on the rows from number `low` to before `high`; None: there is none."""
        rows = rows_within(self.rows, low, high)
        return _LabelsOfRows(rows) if len(rows) else None

    def __call__(self, reading: TextReading, /) -> Iterator[pl.DataFrame]:
        """Yield those of every batch that has any."""
        for batch in reading.source.rows.batches(self.columns):
            numbers = reading.source.numbering.numbers(batch["id"].to_numpy())
            chosen = np.isin(numbers, self.rows)
            if chosen.any():
                labels = pl.DataFrame({"row": numbers, "label": batch["label"]})
                yield labels.filter(pl.Series(chosen))
