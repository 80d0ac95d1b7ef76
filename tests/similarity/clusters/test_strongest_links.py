"""What connects MinHash buckets depends on no order of theirs, nor on what is known before."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from ftaudit.model.progress import Silent
from ftaudit.similarity.clusters import crowded_buckets
from ftaudit.similarity.clusters.connected_components import (
    Graph,
    connect,
    connect_alone,
    in_giant,
)
from ftaudit.similarity.clusters.strongest_links import strongest_forest
from ftaudit.similarity.parameters import SimilarityOptions
from ftaudit.similarity.runtime.kernel_loader import load_kernels
from ftaudit.similarity.runtime.threads import ALONE
from ftaudit.similarity.search.buckets import Buckets
from ftaudit.similarity.search.candidates import Candidates, minhash_candidates
from ftaudit.similarity.search.search_task import SearchTask
from ftaudit.similarity.text.row_numbering import RowNumbering
from ftaudit.similarity.text.text_profile import TextProfile
from ftaudit.similarity.text.text_source import TextSource
from tests.conftest import dataset
from tests.similarity.test_scale import crowds


@pytest.fixture(scope="module")
def task(tmp_path_factory: pytest.TempPathFactory) -> SearchTask:
    load_kernels(Silent(), "shingle_rows", "equal_keys", "bucket_walk", "minhash")
    data = dataset([{"input": text} for text in crowds(30, 25)])
    source = TextSource(data.rows, RowNumbering(data.files), "input")
    options = SimilarityOptions(method="minhash", threshold=0.6, full_cluster=8)
    profile = TextProfile("word3", exact=False, shingles=9_000)
    folder = Path(tmp_path_factory.mktemp("spill"))
    return SearchTask(source, options, profile, ALONE, Silent(), folder, 1 << 30)


@pytest.fixture(scope="module")
def candidates(task: SearchTask) -> Candidates:
    return minhash_candidates(task)


def giant_edges(graph: Graph, options: SimilarityOptions) -> list[list[int]]:
    edges = graph.edges[in_giant(graph, options)[graph.edges[:, 0]]]
    return sorted(edges.tolist())


def shuffled(bands: list[Buckets], seed: int) -> list[Buckets]:
    draw = np.random.default_rng(seed)
    mixed = []
    for place in draw.permutation(len(bands)).tolist():
        parts = [bands[place].part(at, at + 1) for at in draw.permutation(len(bands[place]))]
        members = [np.zeros(0, np.int32), *(part.members for part in parts)]
        bounds = np.cumsum([0, *(len(part.members) for part in parts)])
        mixed.append(Buckets(np.concatenate(members), bounds))
    return mixed


@pytest.mark.parametrize("crowd", [456, 4])
def test_components_and_links_are_those_of_shuffled_bands(
    crowd: int, task: SearchTask, candidates: Candidates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crowded_buckets, "NEVER_CUT", crowd)
    graph = connect(task, candidates.buckets, candidates.sets)
    assert in_giant(graph, task.options).sum() > 100
    for seed in range(3):
        other = connect(task, shuffled(candidates.buckets, seed), candidates.sets)
        assert np.array_equal(other.labels, graph.labels)
        assert giant_edges(other, task.options) == giant_edges(graph, task.options)


def test_links_are_the_strongest_of_buckets_walked_alone_in_any_pieces(
    task: SearchTask, candidates: Candidates
) -> None:
    graph = connect(task, candidates.buckets, candidates.sets)
    pieces = [
        connect_alone(task, [band.part(at, at + 1)], candidates.sets).edges
        for band in candidates.buckets[::-1]
        for at in range(0, len(band), 7)
    ]
    rest = [
        connect_alone(task, [band.part(low, min(low + 6, len(band)))], candidates.sets).edges
        for band in candidates.buckets
        for low in range(1, len(band), 7)
    ]
    forest = strongest_forest(np.concatenate([*pieces, *rest]), candidates.sets)
    giant = in_giant(graph, task.options)
    alone = sorted(forest[giant[forest[:, 0]]].tolist())
    assert alone == giant_edges(graph, task.options)
    whole = connect_alone(task, candidates.buckets, candidates.sets)
    assert np.array_equal(whole.labels, graph.labels)


def test_a_crowd_that_is_cut_short_is_counted_once(
    task: SearchTask, candidates: Candidates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crowded_buckets, "ROUNDS", 4)
    crowd = bucket_of(np.arange(len(candidates.sets)))
    assert connect(task, [crowd, crowd], candidates.sets).cut == 1


def test_a_crowd_that_other_buckets_connect_is_not_counted_as_cut_short(
    task: SearchTask, candidates: Candidates, monkeypatch: pytest.MonkeyPatch
) -> None:
    labels = connect(task, candidates.buckets, candidates.sets).labels
    crowd = bucket_of(np.flatnonzero(labels == np.argmax(np.bincount(labels))))
    monkeypatch.setattr(crowded_buckets, "ROUNDS", 1)
    monkeypatch.setattr(crowded_buckets, "NEVER_CUT", len(crowd.members) - 1)
    assert connect(task, [crowd], candidates.sets).cut == 1
    assert connect(task, [*candidates.buckets, crowd], candidates.sets).cut == 0


def bucket_of(members: npt.NDArray[np.int64]) -> Buckets:
    return Buckets(members.astype(np.int32), np.array([0, len(members)]))
