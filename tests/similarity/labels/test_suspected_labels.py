"""Suspected labels: planted errors are found and the right side is blamed."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from ftaudit.model.progress import Advance, Silent
from ftaudit.similarity.build import build
from ftaudit.similarity.labels import label_confidence, suspected_labels
from ftaudit.similarity.labels.label_confidence import LabelModel
from ftaudit.similarity.labels.trigram_similarity import Trigrams, trigrams_of
from ftaudit.similarity.parameters import SimilarityOptions
from ftaudit.similarity.runtime.hash_store import HashStore
from ftaudit.similarity.runtime.kernel_loader import load_kernels
from ftaudit.similarity.runtime.threads import ALONE
from tests.conftest import dataset
from tests.planted.conflicts import EDITS, plant
from tests.similarity.reference import doubt, likeness
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
        monkeypatch.setattr(suspected_labels, "MOST_SHINGLES", 1)
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


@pytest.mark.parametrize("cells", [label_confidence.CELLS, 1 << 16])
def test_suspicion_does_not_depend_on_workers_or_batches_or_tables_to_count_in(
    cells: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = relation(labelled(1_500))
    monkeypatch.setattr(label_confidence, "CELLS", cells)
    two = relation(labelled(1_500), workers=2, cuts=(1, 17, 50), memory=4_096)
    for kind in ("near", "suspect"):
        assert frame(one, kind).equals(frame(two, kind))
    assert not frame(one, "suspect").is_empty()


class Stages:
    """Remembers how far each stage came, and how far it should."""

    def __init__(self) -> None:
        self.done: dict[str, list[int | None]] = {}

    @contextmanager
    def stage(self, name: str, total: int | None = None) -> Iterator[Advance]:
        counts: list[int] = []
        yield counts.append
        self.done[name] = [sum(counts), total]


def test_each_pass_over_the_texts_shows_how_far_it_is(tmp_path: Path) -> None:
    data, progress = dataset(labelled(30), cuts=(7, 50)), Stages()
    build(
        data.rows,
        data.files,
        SimilarityOptions(),
        label_reader=suspected_labels.review_labels,
        folder=tmp_path,
        progress=progress,
    )
    assert progress.done["learning labels"] == [61, 61]
    assert progress.done["doubting labels"] == [2, 2]  # the rows of pairs whose labels differ


@pytest.mark.parametrize("labels", [(None, None), ("a", "a"), ("a", " A")])
def test_without_two_labels_nothing_is_suspected(labels: tuple[str | None, str | None]) -> None:
    text = "please cancel my subscription at the end of the month"
    rows: list[Row] = [{"input": text, "label": label} for label in labels]
    assert frame(relation(rows), "suspect").is_empty()


def test_of_many_rows_evenly_spaced_ones_of_every_label_are_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    labels = np.array([0, -1, 0, 1, 0, 0, 0, 0, 1, 0, 0], np.int32)
    assert label_confidence.taught_rows(labels, 2).tolist() == [0, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    monkeypatch.setattr(label_confidence, "MOST_TAUGHT", 8)
    monkeypatch.setattr(label_confidence, "LEAST_TAUGHT", 2)
    assert label_confidence.taught_rows(labels, 2).tolist() == [0, 3, 4, 6, 8, 9]


def test_a_row_that_was_not_counted_is_not_left_out() -> None:
    load_kernels(Silent(), "naive_bayes")
    model = LabelModel(np.array([[1, 1, 0, 0], [0, 0, 3, 3]], np.uint32).T.copy())
    hashes, label = np.array([0, 1], np.uint64), np.zeros(1, np.int32)
    (value,) = model.doubts(hashes, np.array([2], np.int32), label, np.zeros(1, np.bool_))
    odds = (1.1 / 2.4) ** 2, (0.1 / 6.4) ** 2
    assert value == pytest.approx(1 - odds[0] / sum(odds))


def test_a_row_does_not_vouch_for_itself() -> None:
    load_kernels(Silent(), "naive_bayes")
    model = LabelModel(np.array([[1, 1, 0, 0], [0, 0, 3, 3]], np.uint32).T.copy())
    hashes, label = np.array([0, 1], np.uint64), np.zeros(1, np.int32)
    (found,) = model.doubts(hashes, np.array([2], np.int32), label, np.ones(1, np.bool_))
    without = (0.1 / 0.4) ** 2, (0.1 / 6.4) ** 2
    assert found == pytest.approx(1 - without[0] / sum(without))


@pytest.mark.parametrize("logarithms", [1, label_confidence.LOGARITHMS])
def test_doubts_are_those_of_naive_bayes_in_plain_python(
    logarithms: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(label_confidence, "LOGARITHMS", logarithms)
    monkeypatch.setattr(label_confidence, "MOST_FEATURES", 50)
    load_kernels(Silent(), "naive_bayes")
    from ftaudit.similarity.kernels.naive_bayes import count_features

    draw = np.random.default_rng(6)
    rows = [draw.integers(0, 90, n).astype(np.uint64) for n in draw.integers(0, 200, 40)]
    labels = draw.integers(0, 5, len(rows)).astype(np.int32)
    hashes, sizes = np.concatenate(rows), np.array([len(row) for row in rows], np.int32)
    counts = np.zeros((32, 5), np.uint32)
    count_features(hashes, sizes, labels, 50, np.zeros(256, np.uint64), counts)
    plain = [[h % 32 for h in [*dict.fromkeys(row.tolist())][:50]] for row in rows]
    said = [(place, of) for row, of in zip(plain, labels.tolist(), strict=True) for place in row]
    expected = Counter(said)
    assert {(p, of): int(counts[p, of]) for p in range(32) for of in range(5)} == {
        (p, of): expected[p, of] for p in range(32) for of in range(5)
    }
    found = LabelModel(counts).doubts(hashes, sizes, labels, np.ones(len(sizes), np.bool_)).tolist()
    totals = counts.sum(axis=0).tolist()
    for row, of, value in zip(plain, labels.tolist(), found, strict=True):
        assert value == pytest.approx(doubt(row, of, expected, totals, 32), abs=1e-12)


def test_repeated_trigrams_are_counted_as_often_as_they_occur(tmp_path: Path) -> None:
    load_kernels(Silent(), "trigrams")
    texts = [
        "abab",
        "ab",
        "",
        "",
        "Ab? Ab!",
        "我想要",
        "想要我",
        "naïve £5",
        "NAÏVE: £5",
        "ab" * 3_000,
    ]
    store, given = HashStore(tmp_path, 1_000, "trigrams"), trigrams_of(pl.Series(texts))
    store.add(given.values)
    pairs = [(i, j) for i in range(len(texts)) for j in range(len(texts))]
    left, right = np.array(pairs).T.copy()
    found = Trigrams(store.all(), given.counts).similarity(left, right, ALONE)
    assert found.tolist() == [likeness(texts[i], texts[j]) for i, j in pairs]
    assert found[1] == 2 / 4
    assert b"ab" not in (tmp_path / "trigrams.u64").read_bytes()
