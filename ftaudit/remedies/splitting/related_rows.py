"""Which rows the relation of similar rows joins: the ones that a split must not divide."""

from collections.abc import Iterator

import numpy as np
import polars as pl

from ftaudit.model.row_id import files_and_rows
from ftaudit.remedies.splitting.split_units import Integers
from ftaudit.similarity import relation_tables
from ftaudit.similarity.relation import Similar

SUSPECT = "suspect"
"""Rows of this kind of cluster contradict each other; they need not be alike."""


def related_groups(similar: Similar, starts: Integers) -> Iterator[tuple[Integers, Integers]]:
    """Yield relations as `split_units.unite_rows` takes them: positions of rows, and groups.

    Args:
        similar: built of rows that are yet to be split (`build.build(pooled=True)`).
        starts: position of the first row of every file.
    """
    for batch in similar.batches():
        clusters = batch.filter(pl.col("kind") != SUSPECT).with_row_index("group")
        if clusters.is_empty():
            continue
        members = relation_tables.members(clusters.with_columns(cluster="group"))
        file, row = files_and_rows(members["id"].to_numpy())
        positions = starts[file.astype(np.int64)] + row.astype(np.int64)
        yield positions, members["cluster"].to_numpy().astype(np.int64)
