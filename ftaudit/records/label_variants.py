"""Labels that are one class in several spellings: `Pricing`, `pricing `."""

from collections.abc import Sequence

import polars as pl

from ftaudit.model.dataset import TRAIN
from ftaudit.model.finding import evidence
from ftaudit.model.label_spelling import plain_label
from ftaudit.model.row_id import file_of, row_of
from ftaudit.model.text_digest import text_digests


def spelled_labels(batch: pl.DataFrame) -> pl.DataFrame:
    """Count the rows of every spelling of a label.

    Returns:
        `rows`, `first` (row id), `topic` (label), `high` and `low`: the hash of the spelling,
        `group`: the hash of its plain form.
    """
    labels = (
        batch.filter(pl.col("label").is_not_null())
        .group_by("label")
        .agg(rows=pl.len(), first=pl.min("id"))
    )
    high, low = text_digests(labels["label"])
    group, _ = text_digests(labels.select(plain_label(pl.col("label"))).to_series())
    return labels.select("rows", "first", topic=pl.lit("label"), high=high, low=low, group=group)


def label_variants(totals: pl.DataFrame) -> pl.DataFrame:
    """Return every spelling of a label but its most frequent one.

    Args:
        totals: rows in the columns of `spelled_labels`, and of other topics, which are passed over.

    Returns:
        `rows` of the spelling, `original` and `id`: row ids of the first row with the most
        frequent spelling, and with this one.
    """
    labels = totals.filter(pl.col("topic") == "label").sort(
        "group", "rows", "first", descending=[False, True, False]
    )
    usual = labels.with_columns(
        place=pl.int_range(pl.len()).over("group"), original=pl.col("first").first().over("group")
    )
    return usual.filter(pl.col("place") > 0).select("rows", "original", id="first")


def variant_findings(variants: pl.DataFrame, splits: Sequence[str]) -> pl.DataFrame:
    """Return the rows of `label_variants` as findings.

    Args:
        variants: spellings, with their first rows.
        splits: the split of every file, in order.
    """
    names = dict(enumerate(splits))
    files = file_of("id").cast(pl.Int64)
    split = files.replace_strict(names, default=TRAIN, return_dtype=pl.String)
    return evidence(
        variants,
        rule="schema.label_variant",
        split=split,
        file=file_of("id"),
        row=row_of("id"),
        related_file=file_of("original"),
        related_row=row_of("original"),
        field="label",
        detail=pl.format("first of {} rows with this spelling", pl.col("rows")),
    )
