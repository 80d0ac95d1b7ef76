"""The labels of the training rows, as numbers."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from ftaudit.model.dataset import TRAIN
from ftaudit.similarity.text.text_source import TextSource


class RowLabels(NamedTuple):
    """The labels of all rows, numbered from 0 in the order of their names."""

    numbers: npt.NDArray[np.int32]
    """Label of each row; -1 for rows without a label and for rows outside the training data."""
    distinct: int
    """How many distinct labels there are."""


def read_row_labels(source: TextSource) -> RowLabels:
    """Return numbers for the labels of the training rows.

    Case and outer white space make no difference.
    """
    rows, texts = [], []
    for batch in source.rows.batches(["id", "split", "label"]):
        labelled = batch.filter((pl.col("split") == TRAIN) & pl.col("label").is_not_null())
        rows.append(source.numbering.numbers(labelled["id"].to_numpy()))
        texts.append(labelled["label"].str.strip_chars().str.to_lowercase())
    numbers = np.full(source.numbering.rows, -1, np.int32)
    if not sum(map(len, texts)):
        return RowLabels(numbers, 0)
    ranks = pl.concat(texts).rank("dense") - 1
    numbers[np.concatenate(rows)] = ranks.to_numpy()
    return RowLabels(numbers, int(ranks.max()) + 1)  # type: ignore[arg-type] # ranks are integers
