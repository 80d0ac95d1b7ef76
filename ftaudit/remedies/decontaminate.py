"""The remedy `decontaminate`: training rows that give a holdout row away are removed."""

from typing import ClassVar, Final

import polars as pl
from msgspec import Struct

from ftaudit.model.dataset import TRAIN
from ftaudit.model.finding import Rule
from ftaudit.model.fix import FixTarget
from ftaudit.model.row_id import file_of, row_id_of
from ftaudit.remedies.changes import removals
from ftaudit.remedies.remedy import Damage, Remedy
from ftaudit.similarity import relation_tables


class Decontaminate(Struct, frozen=True):
    """Remove training rows that are paired directly with a holdout or validation row.

    Near-identical, equal, containing, reworded, of the same group, later than the holdout, or
    matched by an index of a holdout or benchmark. The holdout is never touched. A chain of pairs is
    no reason: a training row goes only when it is itself like a holdout row.
    """

    id: ClassVar[str] = "decontaminate"
    order: ClassVar[int] = 50
    hides: ClassVar[bool] = False
    asked_only: ClassVar[bool] = False

    def treats(self, rule: Rule) -> bool:
        """Return True: every rule that names this remedy."""
        del rule
        return True

    def changes(self, damage: Damage) -> pl.DataFrame:
        """Remove the training side of every finding, and all rows that are as near as it."""
        own = damage.findings.filter(pl.col("target") == FixTarget.ROW)
        paired = damage.findings.filter(pl.col("target") != FixTarget.ROW).select(
            "rule",
            "target",
            id=row_id_of("related_file", "related_row"),
            related=row_id_of("file", "row"),
        )
        reasons = pl.concat(
            [
                own.select(
                    "rule",
                    id=row_id_of("file", "row"),
                    related=row_id_of("related_file", "related_row"),
                ),
                paired.select("rule", "id", "related"),
                *_as_near(damage, paired),
                *_of_group(damage, paired.filter(pl.col("target") == FixTarget.RELATED_GROUP)),
            ]
        ).drop_nulls("id")
        kept = reasons.filter(~pl.col("id").is_in(list(damage.removed)))
        trained = kept.with_columns(file=file_of("id")).join(
            damage.is_trained(), on="file", how="semi", maintain_order="left"
        )
        return removals(trained.sort("id", "related", nulls_last=True, maintain_order=True))


def _as_near(damage: Damage, paired: pl.DataFrame) -> list[pl.DataFrame]:
    """Return the training rows that are linked to the rows outside training that were found."""
    reasons = paired.group_by("related", maintain_order=True).agg(pl.col("rule").first())
    linked: list[pl.DataFrame] = []
    for batch in damage.clusters() if paired.height else ():
        near = batch.filter(pl.col("kind") == "near")
        rows = relation_tables.members(near)
        outside = rows.select("cluster", "node", related="id").join(reasons, on="related")
        trained = rows.filter(pl.col("split") == TRAIN).select("cluster", "id", other="node")
        pairs = outside.join(relation_tables.links(near), on=["cluster", "node"])
        linked.append(pairs.join(trained, on=["cluster", "other"]).select("rule", "id", "related"))
    return linked


def _of_group(damage: Damage, paired: pl.DataFrame) -> list[pl.DataFrame]:
    """Return all training rows of the groups of the rows that were found."""
    if paired.is_empty():
        return []
    rows = pl.concat(damage.rows(paired["related"], "group"))
    groups = rows.rename({"id": "related"}).join(paired.select("related", "rule"), on="related")
    batches = damage.dataset.rows.batches(["id", "split", "group"])
    return [
        batch.filter(pl.col("split") == TRAIN)
        .join(groups, on="group", maintain_order="left_right")
        .select("rule", "id", "related")
        for batch in batches
    ]


REMEDY: Final[type[Remedy]] = Decontaminate
