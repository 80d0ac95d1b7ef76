"""Rows that training gives away, each with the training row that it is most like."""

import polars as pl

from ftaudit.model.dataset import HOLDOUT, TRAIN
from ftaudit.model.label_spelling import plain_label
from ftaudit.model.row_id import file_of, row_of
from ftaudit.similarity.relation_tables import links, made_once_of_none, members, rewordings


@made_once_of_none
def nearest(clusters: pl.DataFrame) -> pl.DataFrame:
    """Return every row outside training that is linked to training, with its nearest row there."""
    rows = members(clusters)
    train = (
        rows.filter(pl.col("split") == TRAIN)
        .sort("id")
        .group_by("cluster", "node", maintain_order=True)
        .agg(match=pl.col("id").first(), labels=plain_label(pl.col("label")).unique())
    )
    best = (
        links(clusters)
        .join(train, left_on=["cluster", "other"], right_on=["cluster", "node"])
        .sort("cluster", "node", "similarity", "match", descending=[False, False, True, False])
        .group_by("cluster", "node", maintain_order=True)
        .first()
    )
    leaked = (
        rows.filter(pl.col("split") != TRAIN)
        .join(best, on=["cluster", "node"])
        .sort("cluster", "id")
    )
    agrees = pl.col("labels").list.contains(plain_label(pl.col("label")), nulls_equal=False)
    return leaked.select("label", **_places(agrees))


def reworded(clusters: pl.DataFrame) -> pl.DataFrame:
    """Return every holdout row with each training row that says the same in other words."""
    pairs = rewordings(clusters).filter(pl.col("split") == HOLDOUT)
    agrees = plain_label(pl.col("match_label")).eq_missing(plain_label(pl.col("label")))
    return pairs.select("label", **_places(agrees), rule=pl.lit("leakage.reworded"))


def _places(agrees: pl.Expr) -> dict[str, pl.Expr]:
    """Return the columns of a finding on a row with a `match`, all but its rule.

    `agrees` says whether the two have the same label.
    """
    return {
        **{name: pl.col(name) for name in ("split", "file", "row")},
        "related_file": file_of("match"),
        "related_row": row_of("match"),
        "field": pl.lit("input"),
        "start": pl.lit(None, pl.UInt32),
        "end": pl.lit(None, pl.UInt32),
        "similarity": pl.col("similarity"),
        "score": pl.lit(None, pl.Float64),
        "detail": _agreement(agrees),
    }


def _agreement(agrees: pl.Expr) -> pl.Expr:
    """Return what a finding says of the two labels."""
    return (
        pl.when(pl.col("label").is_null())
        .then(pl.lit(""))
        .when(agrees)
        .then(pl.lit("same label"))
        .otherwise(pl.lit("different label"))
    )
