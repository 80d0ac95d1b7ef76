"""The labels of the training rows, as numbers."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from ftaudit.model.dataset import TRAIN
from ftaudit.model.label_spelling import label_set
from ftaudit.similarity.text.text_source import TextSource


class RowLabels(NamedTuple):
    """The labels of all rows, numbered from 0 in the order of their names."""

    numbers: npt.NDArray[np.int32]
    """Label of each row; -1 for rows without a label and for rows outside the training data."""
    distinct: int
    """How many distinct labels there are."""


def read_row_labels(source: TextSource) -> RowLabels:
    """Return numbers for the labels of the training rows.

    Spellings of one label are one, as everywhere (`label_spelling.label_set`). Labels that are all
    numbers, some of them with a fraction, are scores on a scale and no classes: they get no number.
    """
    rows, texts = [], []
    for batch in source.rows.batches(["id", "split", "label"]):
        labelled = batch.filter((pl.col("split") == TRAIN) & pl.col("label").is_not_null())
        rows.append(source.numbering.numbers(labelled["id"].to_numpy()))
        texts.append(labelled.select(label_set(pl.col("label"))).to_series())
    numbers = np.full(source.numbering.rows, -1, np.int32)
    if not sum(map(len, texts)):
        return RowLabels(numbers, 0)
    labels = pl.concat(texts)
    if _are_scores(labels):
        return RowLabels(numbers, 0)
    ranks = labels.rank("dense") - 1
    numbers[np.concatenate(rows)] = ranks.to_numpy()
    return RowLabels(numbers, int(ranks.max()) + 1)  # type: ignore[arg-type] # ranks are integers


def _are_scores(labels: pl.Series) -> bool:
    distinct = labels.unique()
    numeric = distinct.cast(pl.Float64, strict=False).is_not_null()
    return bool(numeric.all()) and bool(distinct.str.contains(".", literal=True).any())
