"""Text that no check reads: of columns without a role, and of those taken for something else.

A sample decides what a column holds. All rows are counted here, so that a column that turns out
to hold text, or text of its own, is named.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import polars as pl

from ftaudit.model.column_copy import ColumnCopy
from ftaudit.model.dataset import TRAIN
from ftaudit.model.finding import counted, evidence
from ftaudit.model.watched_parts import WatchedParts
from ftaudit.records.copies import strays
from ftaudit.records.evidence import TEXT_SHARE, is_text

_COUNTS: Final = pl.Schema(
    {
        "rule": pl.String,
        "first": pl.UInt64,
        "split": pl.String,
        "rows": pl.UInt64,
        "topic": pl.String,
    }
)
"""`rule` is a column; `first` the id of its first row that was counted."""


def text_counts(batch: pl.DataFrame, watched: WatchedParts) -> pl.DataFrame:
    """Count the values of what is taken for metadata, and how many of them are text.

    What the record's own text holds is not counted as text.

    Returns:
        the columns of `_COUNTS` with topic `text`; `split` says what is counted, `all` values or
        those that are `text`.
    """
    if not watched.columns and not watched.nested:
        return _COUNTS.to_frame()
    values = (
        batch.select("id", "fields", record="text")
        .explode("fields", empty_as_null=False, keep_nulls=False)
        .unnest("fields")
    )
    names = watched.names(values["path"].unique())
    named = pl.DataFrame(
        {"path": list(names), "rule": list(names.values())},
        schema={"path": pl.String, "rule": pl.String},
    )
    values = values.join(named, on="path", maintain_order="left")
    copied = pl.col("record").str.contains(pl.col("text").str.strip_chars(), literal=True)
    unread = is_text("text") & ~copied.fill_null(value=False)
    counts = values.group_by("rule").agg(all=pl.len(), text=unread.sum(), first=pl.min("id"))
    return pl.concat(
        counts.select("rule", "first", split=pl.lit(kind), rows=kind, topic=pl.lit("text"))
        for kind in ("all", "text")
    )


def turned_out_text(totals: pl.DataFrame) -> list[str]:
    """Return the columns taken for metadata of whose values enough are text, sorted.

    Args:
        totals: sums of `text_counts`, and other topics, which are passed over.
    """
    counts = totals.filter(pl.col("topic") == "text")
    texts = counts.filter(pl.col("split") == "text").select("rule", text="rows")
    values = counts.filter(pl.col("split") == "all").select("rule", all="rows")
    both = texts.join(values, on="rule").filter(pl.col("text") > 0)
    return sorted(both.filter(pl.col("text") >= TEXT_SHARE * pl.col("all"))["rule"])


def own_text_counts(batch: pl.DataFrame, copies: Mapping[str, ColumnCopy]) -> pl.DataFrame:
    """Count the rows in which columns that are taken for copies hold text of their own.

    Returns:
        `rule` (the column), `rows`, `first` (row id), `topic` (copy) and `split` (all).
    """
    counts = pl.DataFrame(
        list(strays(batch, copies)) if copies else [],
        schema={"rule": pl.String, "rows": pl.UInt64, "first": pl.UInt64},
        orient="row",
    )
    return counts.with_columns(topic=pl.lit("copy"), split=pl.lit("all"))


def own_text_notes(own_text: pl.DataFrame) -> Iterator[str]:
    """Say of every column in how many rows it is no copy, by sums of `own_text_counts`."""
    for column, rows in own_text.select("rule", "rows").iter_rows():
        yield (
            f"{column} repeats other columns in the first rows, and holds text of its own in "
            f"{counted(rows, 'row')}."
        )


def unread_findings(columns: Sequence[str], splits: Sequence[str]) -> pl.DataFrame:
    """Name every column on the first row of the data: it is about all of them."""
    return evidence(
        pl.DataFrame({"field": list(columns)}, schema={"field": pl.String}),
        rule="schema.unread_column",
        split=splits[0] if splits else TRAIN,
        file=0,
        row=0,
        detail="holds text that no role claims",
    )


def unread_notes(columns: Sequence[str]) -> Iterator[str]:
    """Name the columns that are not read, and what to do."""
    if columns:
        options = "--context-column, --title-column or another role"
        named = ", ".join(columns)
        yield f"Not read: {named}. Name the role of each with {options}, or --ignore-column."
