"""A divided search comes to the relation of one machine, however parts and slots are cut."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from ftaudit.model.dataset import Dataset, Rows
from ftaudit.model.parts import HeldPart
from ftaudit.model.progress import Silent
from ftaudit.similarity.build import build
from ftaudit.similarity.clusters import crowded_buckets
from ftaudit.similarity.divided.cluster_search import ClusterSearch
from ftaudit.similarity.divided.divided_texts import NumberedPart, numbered_part
from ftaudit.similarity.divided.drawn_sample import SampleSizes, step_of
from ftaudit.similarity.labels.suspected_labels import review_labels
from ftaudit.similarity.parameters import SimilarityOptions
from ftaudit.similarity.relation import CLUSTERS, Similar
from ftaudit.similarity.text import boilerplate
from ftaudit.similarity.text.row_numbering import RowNumbering
from ftaudit.similarity.text.text_source import TextSource
from tests.conftest import dataset
from tests.similarity.divided.memory_cluster import MemoryCluster
from tests.similarity.rows import frame, synthetic
from tests.similarity.test_scale import crowds

SPLITS = ["train"] * 400 + ["validation"] * 100 + ["holdout"] * 250
CUTS = [(37, 7), (200, 2), (750, 1)]


def chained() -> list[dict[str, object]]:
    """Return rows in 30 clusters of all splits, some rows twice, some without text."""
    texts: list[str | None] = [*crowds(30, 25)]
    texts[20:24], texts[600:620] = [None, "", None, ""], texts[10:30]
    return [{"input": text, "split": split} for text, split in zip(texts, SPLITS, strict=True)]


def search_of(data: Dataset, rows: int, slots: int) -> ClusterSearch:
    numbering = RowNumbering(data.files)

    def parts(columns: Sequence[str]) -> list[NumberedPart]:
        pieces = [
            batch[start : start + rows]
            for batch in data.rows.batches(columns)
            for start in range(0, batch.height, rows)
        ]
        return [numbered_part(at, HeldPart(piece), numbering) for at, piece in enumerate(pieces)]

    return ClusterSearch(MemoryCluster(rows), parts, data.files, slots)


def built(
    data: Dataset, options: SimilarityOptions, folder: Path, divided: ClusterSearch | None = None
) -> Similar:
    return build(
        data.rows,
        data.files,
        options,
        label_reader=None,
        folder=folder,
        rewordings=False,
        divided=divided,
    )


@pytest.mark.parametrize(
    ("most", "crowd"),
    [
        (256, 6),
        (4, 456),
        pytest.param(256, 456, marks=pytest.mark.long),
        pytest.param(4, 6, marks=pytest.mark.long),
    ],
)
def test_clusters_pairs_and_notes_are_those_of_one_machine(
    most: int, crowd: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if crowd == 6:
        monkeypatch.setattr(crowded_buckets, "ROUNDS", 2)
    monkeypatch.setattr(crowded_buckets, "NEVER_CUT", crowd)
    data = dataset(chained())
    options = SimilarityOptions(method="minhash", threshold=0.6, full_cluster=most)
    here = built(data, options, tmp_path)
    assert frame(here)["complete"].all() == (most == 256)
    for rows, slots in CUTS:
        there = built(data, options, tmp_path, search_of(data, rows, slots))
        assert frame(there).equals(frame(here))
        assert (there.notes, there.configuration) == (here.notes, here.configuration)


def test_boilerplate_is_that_of_one_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(boilerplate, "SAMPLE_BYTES", 1 << 14)
    shared = "You are a helpful assistant of a bank and you answer every question politely today. "
    data = dataset([{"input": f"{shared}{text}"} for text in synthetic(400)])
    options = SimilarityOptions(method="minhash", threshold=0.8)
    here = built(data, options, tmp_path)
    assert here.configuration["boilerplate"]
    there = built(data, options, tmp_path, search_of(data, 37, 3))
    assert frame(there).equals(frame(here))
    assert there.configuration == here.configuration


def test_the_step_of_a_sample_drawn_in_parts_is_that_of_one_reading(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    texts = ["x" * int(size) for size in np.random.default_rng(3).integers(0, 60, 500)]
    data = dataset([{"input": text} for text in texts])
    numbering = RowNumbering(data.files)
    sizes = [
        bytes(blob.data)
        for blob in SampleSizes(numbering, "input")(
            part.blob for part in search_of(data, 91, 1).parts(["id", "input"])
        )
    ]
    for most in (1, 40, 900, 5_000, 1 << 20):
        monkeypatch.setattr(boilerplate, "SAMPLE_BYTES", most)
        read = boilerplate.sampled(TextSource(data.rows, numbering, "input"), Silent())
        drawn = [t for at, t in enumerate(texts) if at % step_of(sizes, len(texts)) == 0]
        assert read.equals(pl.Series("text", drawn))


@dataclass
class CountedReadings:
    """Rows that count how many of them have been read."""

    rows: Rows
    read: int = 0

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        for batch in self.rows.batches(columns):
            self.read += batch.height
            yield batch


def given_away(*, labelled: bool) -> Dataset:
    """Return rows of which training gives some holdout rows away, in every way there is."""
    train, holdout = synthetic(360)[:240], synthetic(400)[300:380]
    answer = " ".join(f"step {word} follows from the one before it" for word in "abcdef")
    options = [f"Which is odd?\nA) {a}\nB) {b}\nC) {c}" for a, b, c in permutations("xyz")]
    copies = [f"{train[90 + n]} {text} {train[n + 150]}" for n, text in enumerate(holdout[:5])]
    rows: list[dict[str, object]] = [
        {"input": text, "output": f"So it is {number}."} for number, text in enumerate(train)
    ]
    rows += [{"input": text, "output": text[::-1]} for text in copies]
    rows += [{"input": f"Another thing {n}", "output": holdout[10 + n]} for n in range(4)]
    rows += [{"input": "Something else altogether", "output": answer}, {"input": options[0]}]
    rows += [{"input": text.upper(), "output": f"Yes, {text}"} for text in train[:30]]
    rows += [
        {"input": text, "output": "No", "split": "holdout"}
        for text in (*holdout, *train[40:50], *options[2:4])
    ]
    rows.append({"input": "A question of its own", "output": answer, "split": "holdout"})
    if labelled:
        for number, row in enumerate(rows):
            row["label"] = "even" if number % 2 else "odd"
            row["output"] = None
    return dataset(rows)


@pytest.mark.parametrize("labelled", [False, True])
def test_what_training_gives_away_is_found_where_the_rows_are(
    labelled: bool, tmp_path: Path
) -> None:
    data = given_away(labelled=labelled)
    options = SimilarityOptions(method="minhash", threshold=0.7)

    def searched(rows: Rows, divided: ClusterSearch | None) -> pl.DataFrame:
        found = build(
            rows,
            data.files,
            options,
            label_reader=review_labels,
            folder=tmp_path,
            divided=divided,
        )
        return pl.concat([CLUSTERS.to_frame(), *found.batches()])

    here = searched(data.rows, None)
    kinds = {"near", "suspect"} if labelled else {"near", "contained", "quoted", "same-answer"}
    assert kinds < {*here["kind"]}
    for rows, slots in [(37, 3), (150, 2)]:
        counted = CountedReadings(data.rows)
        assert searched(counted, search_of(data, rows, slots)).equals(here)
        assert counted.read <= 3 * data.count("train")
