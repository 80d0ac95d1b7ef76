"""Examples: the few findings of a check that are worth showing to a person.

Checks keep them while they fold. Which ones are kept depends on the findings alone, never on how
the rows were cut into batches: findings are ordered by rank and then by place.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import polars as pl

from ftaudit.model.dataset import TRAIN
from ftaudit.model.finding import Example, Location

SHOWN: Final = 10
"""Examples that a check keeps of its findings."""

_RANKED: Final[dict[str, type[pl.DataType]]] = {
    "rank": pl.Float64,
    "split": pl.String,
    "file": pl.UInt32,
    "row": pl.UInt64,
    "related_file": pl.UInt32,
    "related_row": pl.UInt64,
    "rule": pl.String,
    "field": pl.String,
    "similarity": pl.Float64,
    "score": pl.Float64,
    "detail": pl.String,
}
RANKED: Final = pl.List(pl.Struct(_RANKED))
"""Type of a column of partials that holds the findings to show, the least rank first."""


def worst(findings: pl.DataFrame, rank: pl.Expr) -> pl.Series:
    """Return the findings of least rank, as one value of `RANKED`.

    Args:
        findings: rows with the columns of `finding.EVIDENCE`.
        rank: less is worse; may use further columns of `findings`.
    """
    if findings.is_empty():
        return pl.Series([[]], dtype=RANKED)
    names = [name for name in _RANKED if name != "rank"]
    ranked = findings.select(rank.cast(pl.Float64).alias("rank"), *names).sort(pl.all())
    return ranked.head(SHOWN).to_struct().implode().cast(RANKED)


def keep_worst(column: str) -> pl.Expr:
    """Return the worst of all findings in a column of `RANKED`, for a check's `combine`."""
    return pl.col(column).explode(empty_as_null=False).sort().head(SHOWN).implode()


def first_of_each(
    frame: pl.DataFrame,
    by: str | Sequence[str],
    order: Sequence[str],
    *,
    descending: Sequence[bool] | bool = False,
    limit: int = 3,
) -> pl.DataFrame:
    """Return the first few rows of every group, groups and rows in order.

    Args:
        frame: rows to choose from.
        by: the columns that make a group.
        order: the columns that order all rows; those of `by` come first.
        descending: whether each column of `order` descends.
        limit: rows of each group.
    """
    ordered = frame.sort(*order, descending=descending, maintain_order=True)
    return ordered.group_by(by, maintain_order=True).head(limit)


def examples(
    findings: pl.DataFrame, *, related_split: str | Sequence[str] = TRAIN
) -> tuple[Example, ...]:
    """Return findings, in the columns of `finding.EVIDENCE`, as examples in their order.

    Args:
        findings: a few rows.
        related_split: the split of every related row, or the split of every file.
    """
    return ranked_examples(findings.to_dicts(), related_split=related_split)


def ranked_examples(
    findings: Sequence[Mapping[str, Any]], *, related_split: str | Sequence[str] = TRAIN
) -> tuple[Example, ...]:
    """Return findings, as a value of `RANKED` holds them, as examples in their order."""
    return tuple(_example(finding, related_split) for finding in findings)


def _example(finding: Mapping[str, Any], related_split: str | Sequence[str]) -> Example:
    file, row = finding.get("related_file"), finding.get("related_row")
    related = None
    if file is not None and row is not None:
        split = related_split if isinstance(related_split, str) else related_split[file]
        related = Location(split, file, row)
    return Example(
        rule=finding["rule"],
        where=Location(finding["split"], finding["file"], finding["row"]),
        related=related,
        field=finding.get("field") or "",
        start=finding.get("start"),
        end=finding.get("end"),
        similarity=finding.get("similarity"),
        score=finding.get("score"),
        detail=finding.get("detail") or "",
    )
