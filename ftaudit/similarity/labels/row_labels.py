"""The labels of the training rows and who gave them, as numbers."""

from collections.abc import Iterator
from itertools import chain
from typing import ClassVar, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl
from msgspec import Struct

from ftaudit.model.dataset import TRAIN
from ftaudit.model.label_spelling import plain_labels
from ftaudit.similarity.text.text_source import TextReading, TextSource


class RowLabels(NamedTuple):
    """The labels of all rows, numbered from 0 in the order of their names."""

    numbers: npt.NDArray[np.int32]
    """Label of each row; -1 for rows without a label and for rows outside the training data. Empty
    where there are no labels to review."""
    distinct: int
    """How many distinct labels there are."""
    annotators: npt.NDArray[np.int32]
    """Who gave the label of each row; -1 where that is not known. Empty where it is known of none,
    or there are no labels to review."""


def read_row_labels(source: TextSource) -> RowLabels:
    """Return numbers for the labels of the training rows and for their annotators.

    Spellings of one label are one, as everywhere (`label_spelling`). Labels that are all numbers,
    some of them with a fraction, are scores on a scale and no classes: they get no number.
    """
    numbers, annotators = np.zeros(0, np.int32), np.zeros(0, np.int32)
    labels: dict[str, int] = {}
    people: dict[str, int] = {}
    for batch in chain.from_iterable(source.over(_LabelReader())):
        numbers = numbers if len(numbers) else np.full(source.numbering.rows, -1, np.int32)
        numbers[batch.rows] = batch.labels.joined(labels)
        if batch.annotators.distinct:
            annotators = annotators if len(annotators) else np.full(len(numbers), -1, np.int32)
            annotators[batch.rows] = batch.annotators.joined(people)
    if not labels or _are_scores(pl.Series(list(labels))):
        return RowLabels(np.zeros(0, np.int32), 0, np.zeros(0, np.int32))
    _rank(numbers, labels)
    _rank(annotators, people)
    return RowLabels(numbers, len(labels), annotators)


class _CodedTexts(NamedTuple):
    """Texts as places in a list of the distinct ones; -1 for null."""

    distinct: list[str]
    codes: npt.NDArray[np.int32]

    def joined(self, codes: dict[str, int]) -> npt.NDArray[np.int32]:
        """Return the texts as numbers in the order in which they are first seen; -1 for null."""
        own = [codes.setdefault(text, len(codes)) for text in self.distinct]
        return np.array([*own, -1], np.int32)[self.codes]


class _LabelBatch(NamedTuple):
    """The labelled training rows of a batch."""

    rows: npt.NDArray[np.int64]
    labels: _CodedTexts
    annotators: _CodedTexts


class _LabelReader(Struct, frozen=True):
    columns: ClassVar[tuple[str, ...]] = ("id", "split", "label", "annotator")

    def __call__(self, reading: TextReading, /) -> Iterator[_LabelBatch]:
        """Yield the labels of every batch that has any."""
        for batch in reading.source.rows.batches(self.columns):
            labelled = batch.filter((pl.col("split") == TRAIN) & pl.col("label").is_not_null())
            if labelled.height:
                yield _LabelBatch(
                    reading.source.numbering.numbers(labelled["id"].to_numpy()),
                    _coded(plain_labels(labelled["label"])),
                    _coded(labelled["annotator"]),
                )


def _coded(texts: pl.Series) -> _CodedTexts:
    distinct = texts.drop_nulls().unique()
    places = range(len(distinct))
    coded = texts.replace_strict(distinct, places, default=-1, return_dtype=pl.Int32)
    return _CodedTexts(distinct.to_list(), coded.to_numpy())


def _rank(numbers: npt.NDArray[np.int32], codes: dict[str, int]) -> None:
    """Replace numbers by the places of their texts in order; -1 stays."""
    names = pl.Series(list(codes), dtype=pl.String)
    ranks = np.append(names.rank("ordinal").to_numpy().astype(np.int32) - 1, np.int32(-1))
    np.take(ranks, numbers, out=numbers, mode="wrap")  # -1 is the last place


def _are_scores(distinct: pl.Series) -> bool:
    numeric = distinct.cast(pl.Float64, strict=False).is_not_null()
    return bool(numeric.all()) and bool(distinct.str.contains(".", literal=True).any())
