"""Suspected labels learn from annotators: planted errors of careless ones are told from others'."""

import random
from typing import Final

import numpy as np
import polars as pl
import pytest

from ftaudit.similarity.labels.annotator_reliability import annotator_votes
from ftaudit.similarity.labels.row_labels import RowLabels
from tests.similarity.rows import Row, frame, relation

ITEMS: Final = 240
ERRORS: Final = (0.03, 0.03, 0.05, 0.1, 0.35, 0.45)
"""How often each annotator errs."""
CLASSES: Final = ("parcel", "invoice", "password", "refund")


def planted(seed: int = 5) -> tuple[list[Row], set[int]]:
    """Return two rows for each text, by two of six annotators, and which labels are wrong.

    Half of the words of a text are those of another class, so that texts alone tell little.
    """
    draw = random.Random(seed)  # noqa: S311 - made-up rows
    words = {name: [f"{name[:4]}{i:02}word" for i in range(40)] for name in CLASSES}
    rows: list[Row] = []
    wrong: set[int] = set()
    for _ in range(ITEMS):
        true = draw.choice(CLASSES)
        other = draw.choice([name for name in CLASSES if name != true])
        text = " ".join([*draw.sample(words[true], 3), *draw.sample(words[other], 3)])
        for annotator in draw.sample(range(len(ERRORS)), 2):
            errs = draw.random() < ERRORS[annotator]
            label = draw.choice([name for name in CLASSES if name != true]) if errs else true
            if errs:
                wrong.add(len(rows))
            rows.append({"input": text, "label": label, "annotator": f"person {annotator}"})
    return rows, wrong


def suspected(rows: list[Row], least: float = 0.7) -> set[int]:
    found = frame(relation(rows), "suspect")
    suspect = pl.col("members").list.first().struct
    likeness = pl.col("pairs").list.first().struct.field("similarity")
    scored = found.select(row=suspect.field("row"), score=likeness * suspect.field("doubt"))
    return {*scored.filter(pl.col("score") >= least)["row"]}


def quality(found: set[int], wrong: set[int]) -> tuple[float, float]:
    """Return precision and recall."""
    right = len(found & wrong)
    return right / max(1, len(found)), right / len(wrong)


@pytest.fixture(scope="module")
def data() -> tuple[list[Row], set[int]]:
    return planted()


def test_labels_of_careless_annotators_are_suspected_and_few_others(
    data: tuple[list[Row], set[int]],
) -> None:
    rows, wrong = data
    unknown: list[Row] = [{k: v for k, v in row.items() if k != "annotator"} for row in rows]
    with_annotators, without = (quality(suspected(part), wrong) for part in (rows, unknown))
    assert min(with_annotators) >= 0.75, "precision and recall"
    assert all(a > b + 0.03 for a, b in zip(with_annotators, without, strict=True))


def test_error_rates_are_near_those_that_were_planted(data: tuple[list[Row], set[int]]) -> None:
    rows, wrong = data
    numbers = np.array([CLASSES.index(str(row["label"])) for row in rows], np.int32)
    annotators = np.array([int(str(row["annotator"])[-1]) for row in rows], np.int32)
    labels = RowLabels(numbers, len(CLASSES), annotators)
    members = pl.DataFrame({"node": np.arange(len(rows)) // 2, "row": np.arange(len(rows))})
    votes = annotator_votes(labels, members)
    assert votes is not None
    own = [sum(row in wrong for row in np.flatnonzero(annotators == a)) for a in range(6)]
    given = np.bincount(annotators)
    assert np.abs(votes.rates - np.array(own) / given).max() < 0.08
    few = members.filter(pl.col("node") < 10)
    assert annotator_votes(labels, few) is None
    nobody = RowLabels(numbers, len(CLASSES), np.full(len(rows), -1, np.int32))
    assert annotator_votes(nobody, members) is None


def test_an_average_annotator_whom_nobody_contradicts_changes_nothing() -> None:
    labels = RowLabels(np.zeros(80, np.int32), 2, np.array([0, 1] * 40, np.int32))
    members = pl.DataFrame({"node": np.arange(60) // 2, "row": np.arange(60)})
    votes = annotator_votes(labels, members)
    assert votes is not None
    alone = votes.weigh(np.array([70, 71]), np.array([0.3, 0.9]))
    assert np.allclose(alone, [0.3, 0.9])
    both = votes.weigh(np.array([0, 1]), np.array([0.9, 0.9]))
    assert (both < 0.5).all()
