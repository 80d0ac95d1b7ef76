"""Pairs of near-identical inputs of a holdout, through the `similar` relation."""

import tempfile
from pathlib import Path

import polars as pl
from msgspec import Struct

from ftaudit.evaluation.holdout import POSITION, EvaluationHoldout
from ftaudit.model.row_id import file_of, row_of
from ftaudit.similarity import relation_tables
from ftaudit.similarity.parameters import SimilarityOptions


class NearPairs(Struct, frozen=True, eq=False):
    """Pairs of rows whose inputs are near-identical."""

    frame: pl.DataFrame
    """`cluster`, `left`, `right` (positions, left < right), `similarity`."""
    threshold: float
    complete: bool
    """False where a cluster is too large to be paired fully."""


def near_pairs(holdout: EvaluationHoldout, threshold: float, workers: int = 1) -> NearPairs:
    """Find every pair of rows at or above a Jaccard similarity.

    Raises:
        UsageError: the threshold is not in (0, 1].
    """
    from ftaudit.similarity.build import build

    with tempfile.TemporaryDirectory() as folder:
        relation = build(
            holdout.canonical,
            holdout.files,
            SimilarityOptions(threshold=threshold),
            label_reader=None,
            workers=workers,
            folder=Path(folder),
            rewordings=False,
        )
        near = [batch.filter(pl.col("kind") == "near") for batch in relation.batches()]
    complete = all(bool(clusters["complete"].all()) for clusters in near)
    empty = pl.DataFrame(
        schema={
            "cluster": pl.UInt64,
            "left": pl.UInt32,
            "right": pl.UInt32,
            "similarity": pl.Float64,
        }
    )
    pairs = [_pairs(clusters, holdout) for clusters in near if clusters.height]
    return NearPairs(pl.concat([empty, *pairs]).sort("left", "right"), threshold, complete)


def _pairs(clusters: pl.DataFrame, holdout: EvaluationHoldout) -> pl.DataFrame:
    """Return pairs of rows: linked nodes, and rows of one node."""
    rows = relation_tables.members(clusters).select("cluster", "node", position=_position(holdout))
    joined = (
        relation_tables.links(clusters)
        .join(rows, on=["cluster", "node"])
        .join(rows.rename({"node": "other", "position": "right"}), on=["cluster", "other"])
        .filter(pl.col(POSITION) < pl.col("right"))
    )
    return joined.select("cluster", left=POSITION, right="right", similarity="similarity").unique()


def _position(holdout: EvaluationHoldout) -> pl.Expr:
    """Return the position of a row id over all files."""
    starts = [holdout.first_row(file.name) for file in holdout.files]
    start = file_of("id").replace_strict(range(len(starts)), starts, return_dtype=pl.UInt64)
    return (start + row_of("id")).cast(pl.UInt32)
