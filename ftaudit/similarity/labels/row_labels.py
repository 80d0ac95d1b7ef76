"""The labels of the training rows and who gave them, as numbers."""

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
    annotators: npt.NDArray[np.int32]
    """Who gave the label of each row; -1 where that is not known."""


def read_row_labels(source: TextSource) -> RowLabels:
    """Return numbers for the labels of the training rows and for their annotators.

    Spellings of one label are one, as everywhere (`label_spelling.label_set`). Labels that are all
    numbers, some of them with a fraction, are scores on a scale and no classes: they get no number.
    """
    rows, texts, names = [], [], []
    for batch in source.rows.batches(["id", "split", "label", "annotator"]):
        labelled = batch.filter((pl.col("split") == TRAIN) & pl.col("label").is_not_null())
        rows.append(source.numbering.numbers(labelled["id"].to_numpy()))
        texts.append(labelled.select(label_set(pl.col("label"))).to_series())
        names.append(labelled["annotator"])
    numbers, annotators = (np.full(source.numbering.rows, -1, np.int32) for _ in range(2))
    if not sum(map(len, texts)):
        return RowLabels(numbers, 0, annotators)
    labels = pl.concat(texts)
    if _are_scores(labels):
        return RowLabels(numbers, 0, annotators)
    ranks = labels.rank("dense") - 1
    places = np.concatenate(rows)
    numbers[places] = ranks.to_numpy()
    annotators[places] = (pl.concat(names).rank("dense").cast(pl.Int32) - 1).fill_null(-1)
    return RowLabels(numbers, int(ranks.max()) + 1, annotators)  # type: ignore[arg-type] # ranks are integers


def _are_scores(labels: pl.Series) -> bool:
    distinct = labels.unique()
    numeric = distinct.cast(pl.Float64, strict=False).is_not_null()
    return bool(numeric.all()) and bool(distinct.str.contains(".", literal=True).any())
