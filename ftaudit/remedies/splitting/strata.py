"""What shares are held for: classes, of which a row may have several, or quantiles of numbers."""

from itertools import pairwise
from typing import Final

import numpy as np
import polars as pl
from msgspec import Struct

from ftaudit.model.label_spelling import plain_label
from ftaudit.remedies.splitting.split_units import Integers

QUANTILES: Final = 10
"""Classes that numeric targets are divided into, each with as many rows as the others."""
MOST_NUMBERS: Final = 20
"""Distinct numbers up to which numbers are names of classes."""
BETWEEN: Final = " | "
"""Between the labels of a record that has several, in the canonical label (`multi_label`)."""
NO_LABEL: Final = ""
"""The class of rows without a label."""


class Strata(Struct, frozen=True, eq=False):
    """Classes, and the rows in them: row `rows[i]` has class `classes[i]`; every row has one."""

    names: tuple[str, ...]
    rows: Integers
    classes: Integers
    numeric: bool = False
    """Whether classes are quantiles of numbers."""


def strata_of(labels: pl.Series, *, several: bool) -> Strata:
    """Return the classes of labels (String); numbered in the order of their plain form.

    Args:
        labels: the canonical label of every row.
        several: whether a label may be a set of several, with ` | ` between.
    """
    numbers = labels.cast(pl.Float64, strict=False)
    unread = numbers.is_null() & labels.is_not_null()
    if numbers.n_unique() - int(numbers.has_nulls()) > MOST_NUMBERS and not unread.any():
        return _quantiles(numbers)
    listed = pl.col("label").str.split(BETWEEN) if several else pl.concat_list("label")
    entries = (
        pl.DataFrame({"label": labels.fill_null(NO_LABEL)})
        .with_row_index("row")
        .select("row", label=listed)
        .explode("label")
        .with_columns(plain=plain_label(pl.col("label")))
        .unique(["row", "plain"], maintain_order=True)
    )
    # of the spellings of a class the most frequent names it, of several the first
    named = (
        entries.group_by("plain", "label")
        .len()
        .sort("plain", pl.lit(0) - pl.col("len").cast(pl.Int64), "label")
        .group_by("plain", maintain_order=True)
        .first()
    )
    numbered = entries.join(
        named.select("plain").with_row_index("class"),
        on="plain",
        how="left",
        maintain_order="left",
    )
    rows, classes = (numbered[name].to_numpy().astype(np.int64) for name in ("row", "class"))
    return Strata(tuple(named["label"]), rows, classes)


def _quantiles(numbers: pl.Series) -> Strata:
    """Return quantiles of numbers, and a class of rows that have none."""
    values = numbers.drop_nulls().to_numpy()
    edges = np.unique(np.quantile(values, np.linspace(0, 1, QUANTILES + 1), method="lower"))
    bins = np.searchsorted(edges[1:-1], numbers.fill_null(0).to_numpy(), side="right")
    names = [f"{low:g} to {high:g}" for low, high in pairwise(edges.tolist())]
    missing = numbers.is_null().to_numpy()
    if missing.any():
        bins[missing] = len(names)
        names.append(NO_LABEL)
    return Strata(tuple(names), np.arange(len(numbers)), bins.astype(np.int64), numeric=True)
