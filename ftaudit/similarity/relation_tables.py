"""Batches of the `similar` relation as plain tables, for the checks to fold over."""

from collections.abc import Callable
from functools import wraps
from typing import TypeAlias

import polars as pl

ClusterTable: TypeAlias = Callable[[pl.DataFrame], pl.DataFrame]
"""Makes a table of clusters, with the same columns whatever these are."""


def made_once_of_none(table: ClusterTable) -> ClusterTable:
    """Have a table of no clusters made once: most data has no cluster of most kinds."""
    made: list[tuple[pl.Schema, pl.DataFrame]] = []

    @wraps(table)
    def of(clusters: pl.DataFrame) -> pl.DataFrame:
        if clusters.height:
            return table(clusters)
        for schema, empty in made:
            if schema == clusters.schema:
                return empty.clone()
        empty = table(clusters)
        made.append((clusters.schema, empty))
        return empty.clone()

    return of


@made_once_of_none
def members(clusters: pl.DataFrame) -> pl.DataFrame:
    """Return one row per member: `cluster`, then the fields of `relation.MEMBER`."""
    listed = clusters.select("cluster", "members").explode("members", empty_as_null=False)
    return listed.unnest("members")


@made_once_of_none
def links(clusters: pl.DataFrame) -> pl.DataFrame:
    """Return every pair of nodes in both directions: `cluster`, `node`, `other`, `similarity`.

    Every node is linked to itself with similarity 1: its members are exact duplicates. Nodes of
    another focus are not linked: two questions about one passage are near-identical by design.
    """
    pairs = _alike(clusters, _unnested(clusters, "pairs"))
    forward = pairs.select("cluster", node="left", other="right", similarity="similarity")
    backward = pairs.select("cluster", node="right", other="left", similarity="similarity")
    itself = (
        members(clusters)
        .select("cluster", node="node", other="node", similarity=pl.lit(1.0))
        .unique(maintain_order=True)
    )
    return pl.concat([itself, forward, backward])


@made_once_of_none
def answers(clusters: pl.DataFrame) -> pl.DataFrame:
    """Return how much answers agree, in both directions; every answer agrees with itself entirely.

    Columns: `cluster`, `answer`, `other`, `agreement`.
    """
    pairs = _unnested(clusters, "answers")
    forward = pairs.select("cluster", answer="left", other="right", agreement="similarity")
    backward = pairs.select("cluster", answer="right", other="left", agreement="similarity")
    itself = (
        members(clusters)
        .drop_nulls("answer")
        .select("cluster", answer="answer", other="answer", agreement=pl.lit(1.0))
        .unique(maintain_order=True)
    )
    return pl.concat([itself, forward, backward])


def rewordings(clusters: pl.DataFrame) -> pl.DataFrame:
    """Return a row and a training row that says the same in other words, for every such pair.

    Columns: `id`, `split`, `file`, `row`, `label` of the row, then `match`, `match_label`,
    `similarity`.
    """
    return _pairs_of_rewordings(clusters.filter(pl.col("kind") == "reworded"))


@made_once_of_none
def _pairs_of_rewordings(reworded: pl.DataFrame) -> pl.DataFrame:
    rows = members(reworded)
    matches = rows.select("cluster", right="node", match="id", match_label="label")
    return (
        rows.filter(pl.col("node") == 0)
        .select("cluster", "id", "split", "file", "row", "label")
        .join(_unnested(reworded, "pairs"), on="cluster", maintain_order="left_right")
        .join(matches, on=["cluster", "right"], maintain_order="left")
        .drop("cluster", "left", "right")
    )


def _alike(clusters: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Leave out the pairs of nodes whose members have another focus."""
    focus = members(clusters).group_by("cluster", "node").agg(pl.col("focus").first())
    if focus["focus"].null_count() == focus.height:
        return pairs
    left = focus.rename({"node": "left", "focus": "left_focus"})
    right = focus.rename({"node": "right", "focus": "right_focus"})
    both = pairs.join(left, on=["cluster", "left"], maintain_order="left")
    both = both.join(right, on=["cluster", "right"], maintain_order="left")
    same = pl.col("left_focus").eq_missing(pl.col("right_focus"))
    return both.filter(same).select(pairs.columns)


def _unnested(clusters: pl.DataFrame, column: str) -> pl.DataFrame:
    listed = clusters.select("cluster", column).explode(column, empty_as_null=False)
    return listed.unnest(column)
