"""Pairs of training rows that are similar and carry different labels."""

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from ftaudit.similarity.runtime.kernel_loader import kernels, load_kernels
from ftaudit.similarity.runtime.sorted_values import distinct_values
from ftaudit.similarity.search.distinct_texts import least_equal_rows
from ftaudit.similarity.search.exact_join import (
    count_shingles,
    keep_sets,
    prefix_buckets,
    prune,
)
from ftaudit.similarity.search.search_task import SearchTask
from ftaudit.similarity.search.shingle_counts import counters_for
from ftaudit.similarity.search.shingle_sets import ShingleSets

MOST_COMPARED: Final = 128
"""Texts that a text is compared with for every rare shingle that they share: those that follow it
in the data. Bounds the cost of shingles that occur in very many rows."""

SEVERAL: Final = -2
"""Label of a text whose rows carry different labels: it opposes every other label."""


def pairs_of_relation(
    members: pl.DataFrame, pairs: pl.DataFrame, labels: npt.NDArray[np.int32]
) -> pl.DataFrame:
    """Return the pairs of rows of different labels in the near-identical pairs found so far.

    Args:
        members: `node` and `row` of every row in a cluster.
        pairs: `node`, `other` and `similarity` of every pair of nodes; a node stands for all rows
            with the same text, so it is also paired with itself.
        labels: label number of every row, -1 where there is none.

    Returns:
        `left`, `right` (row numbers, left < right) and `similarity`; for every pair of nodes and
        of labels the first rows only.
    """
    equal = members.select("node", other="node", similarity=pl.lit(1.0)).unique()
    return _row_pairs(pl.concat([pairs, equal]), members, labels)


def join_opposing(task: SearchTask, labels: npt.NDArray[np.int32]) -> pl.DataFrame:
    """Join the labelled texts at the threshold of `task`, and keep pairs of different labels.

    Columns as `pairs_of_relation` returns them. The join is the exact one (`search.exact_join`);
    only the comparison differs, which passes over pairs of one label.
    """
    cells = counters_for(task.profile.shingles)
    hashes = count_shingles(task, cells)
    first_row = least_equal_rows(hashes)
    labelled = np.flatnonzero((labels >= 0) & ~hashes.empty)
    heads = distinct_values(first_row[labelled])
    sets = prune(keep_sets(task, heads, cells), task.options.threshold, task.workers)
    text_labels = _labels_of_texts(sets.rows, first_row[labelled], labels[labelled])
    members = pl.DataFrame({"node": first_row[labelled].astype(np.int64), "row": labelled})
    return _row_pairs(_compare(task, sets, text_labels), members, labels)


def _row_pairs(
    pairs: pl.DataFrame, members: pl.DataFrame, labels: npt.NDArray[np.int32]
) -> pl.DataFrame:
    """Turn pairs of nodes into pairs of rows with different labels."""
    sides = (
        members.with_columns(label=labels[members["row"].to_numpy()])
        .filter(pl.col("label") >= 0)
        .group_by("node", "label")
        .agg(pl.col("row").min())
    )
    both = pairs.join(sides, on="node").join(
        sides, left_on="other", right_on="node", suffix="_other"
    )
    return both.filter(pl.col("label") != pl.col("label_other")).select(
        left=pl.min_horizontal("row", "row_other"),
        right=pl.max_horizontal("row", "row_other"),
        similarity="similarity",
    )


def _labels_of_texts(
    heads: npt.NDArray[np.uint32],
    first_row: npt.NDArray[np.uint32],
    labels: npt.NDArray[np.int32],
) -> npt.NDArray[np.int32]:
    """Return the label of each text whose first row is in `heads`; `SEVERAL` where they differ."""
    by_text = (
        pl.DataFrame({"head": first_row, "label": labels})
        .group_by("head")
        .agg(
            label=pl.when(pl.col("label").n_unique() > 1)
            .then(SEVERAL)
            .otherwise(pl.col("label").first())
        )
    )
    ordered = pl.DataFrame({"head": heads}).join(
        by_text, on="head", how="left", maintain_order="left"
    )
    return ordered["label"].to_numpy().astype(np.int32)


def _compare(task: SearchTask, sets: ShingleSets, labels: npt.NDArray[np.int32]) -> pl.DataFrame:
    """Return `node`, `other`, `similarity` of texts with different labels; nodes are first rows."""
    parts, maps = prefix_buckets(task, sets), sets.bitmaps(task.workers)
    load_kernels(task.progress, "opposing_labels", steps=sum(part.pairs for part in parts))
    opposing_labels = kernels("opposing_labels")

    def compare_part(index: int) -> npt.NDArray[np.int32]:
        part = parts[index]
        return np.asarray(
            opposing_labels.oppose(
                part.members, part.bounds, part.rest, sets.values, sets.starts, sets.counts,
                sets.sizes, labels, maps, task.options.threshold, MOST_COMPARED,
            )
        )  # fmt: skip

    edges = task.workers.each(range(len(parts)), compare_part)
    distinct = np.unique(np.concatenate([np.zeros((0, 3), np.int32), *edges]), axis=0)
    left, right, common = distinct[:, 0], distinct[:, 1], distinct[:, 2].astype(np.int64)
    union = sets.sizes[left].astype(np.int64) + sets.sizes[right] - common
    return pl.DataFrame(
        {
            "node": sets.rows[left].astype(np.int64),
            "other": sets.rows[right].astype(np.int64),
            "similarity": common / np.maximum(union, 1),
        }
    )
