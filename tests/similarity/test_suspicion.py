"""Suspected labels: planted errors are found and the right side is blamed."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from ftaudit.similarity import suspicion
from ftaudit.similarity.label_model import LabelModel
from ftaudit.similarity.suspicion import likeness, pieces
from tests.planted.conflicts import EDITS, plant
from tests.similarity.rows import Row, frame, relation


def scored(found: pl.DataFrame) -> pl.DataFrame:
    """Return row, rival and score of every suspect."""
    one, other = pl.col("members").list.first().struct, pl.col("members").list.last().struct
    same = pl.col("pairs").list.first().struct.field("similarity")
    return found.select(
        row=one.field("row"), rival=other.field("row"), score=same * one.field("doubt")
    )


def test_planted_label_errors_are_found_at_the_default_score(shared: Path) -> None:
    train = pl.read_csv(shared / "banking77_train.csv")
    planted = plant(train["text"].to_list(), train["category"].to_list(), seed=11)
    assert {*planted.edit.values()} == {edit.__name__ for edit in EDITS}
    rows: list[Row] = [
        {"input": text, "label": label}
        for text, label in zip(planted.texts, planted.labels, strict=True)
    ]
    found = scored(frame(relation(rows), "suspect")).filter(pl.col("score") >= 0.7)
    suspected = {*found["row"].to_list()}
    true = suspected & planted.origin.keys()
    assert len(true) >= 0.90 * len(suspected), "natural conflicts count as false here"
    assert len(true) >= 0.90 * len(planted.origin)
    pairs = {(row, rival) for row, rival, _ in found.iter_rows()}
    right = sum((row, origin) in pairs for row, origin in planted.origin.items())
    blamed_wrongly = sum((origin, row) in pairs for row, origin in planted.origin.items())
    assert right >= 0.95 * len(true)
    assert blamed_wrongly <= 0.05 * right


def labelled(count: int) -> list[Row]:
    colours = [f"colour{i} shade{i * 7} of paint number{i * 3} for the wall" for i in range(count)]
    drinks = [f"drink{i} bottle{i * 7} with ice cubes{i * 3} at the bar" for i in range(count)]
    rows: list[Row] = [{"input": text, "label": "colours"} for text in colours]
    rows += [{"input": text, "label": "drinks"} for text in drinks]
    return [*rows, {"input": f"{colours[3]} now", "label": " Drinks "}]


@pytest.mark.parametrize("affordable", [True, False])
def test_a_row_with_the_wrong_label_is_suspected_and_its_twin_is_not(
    affordable: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not affordable:
        monkeypatch.setattr(suspicion, "MOST_SHINGLES", 1)
    similar = relation(labelled(30))
    (found,) = scored(frame(similar, "suspect")).rows()
    assert found[:2] == (60, 3)
    assert 0.7 < found[2] <= 1
    about = similar.configuration["suspects"]
    assert about == {
        "labels": 2,
        "model": "naive-bayes-1",
        "pairs_from": 0.5 if affordable else 0.8,
    }
    members = frame(similar).explode("members")["members"].struct.unnest().filter(row=60)
    assert members["doubt"].to_list() == [pytest.approx(1, abs=0.2)]


def test_suspicion_does_not_depend_on_workers_or_batches() -> None:
    one = relation(labelled(40))
    two = relation(labelled(40), workers=2, cuts=(1, 17, 50))
    for kind in ("near", "suspect"):
        assert frame(one, kind).equals(frame(two, kind))


@pytest.mark.parametrize("labels", [(None, None), ("a", "a"), ("a", " A")])
def test_without_two_labels_nothing_is_suspected(labels: tuple[str | None, str | None]) -> None:
    text = "please cancel my subscription at the end of the month"
    rows: list[Row] = [{"input": text, "label": label} for label in labels]
    assert frame(relation(rows), "suspect").is_empty()


def test_a_row_does_not_vouch_for_itself() -> None:
    counts = np.array([[1, 1, 0, 0], [0, 0, 3, 3]], np.uint32)
    model = LabelModel(counts, counts.sum(axis=1, dtype=np.int64))
    features = np.array([0, 1], np.uint64)
    sure = model.confidence(features, 0)
    assert sure.sum() == pytest.approx(1)
    without = (0.1 / 0.4) ** 2, (0.1 / 6.4) ** 2
    assert sure[0] == pytest.approx(without[0] / sum(without))


def test_likeness_counts_pieces_as_often_as_they_stand() -> None:
    from collections import Counter

    assert likeness(Counter(pieces("abab")), Counter(pieces("ab"))) == pytest.approx(2 / 4)
    assert likeness(Counter(pieces("")), Counter(pieces(""))) == 0.0
