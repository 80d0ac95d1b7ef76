"""Rows in clusters, gathered from linked texts and the rows that repeat them."""

from pathlib import Path

import numpy as np

from ftaudit.model.dataset import TRAIN, DataFile
from ftaudit.similarity.clusters.connected_components import Graph
from ftaudit.similarity.clusters.membership import clustered_rows, membership
from ftaudit.similarity.runtime.hash_store import HashStore
from ftaudit.similarity.search.distinct_texts import RepeatedTexts
from ftaudit.similarity.search.shingle_sets import ShingleSets
from ftaudit.similarity.text.row_numbering import RowNumbering


def rows(*numbers: int) -> np.ndarray[tuple[int], np.dtype[np.uint32]]:
    return np.array(numbers, np.uint32)


def test_linked_texts_and_rows_that_repeat_a_text_are_in_clusters_and_no_others() -> None:
    sizes = np.array([9, 9, 9, 8], np.int32)
    none = np.zeros(0, np.uint64)
    starts = np.zeros(4, np.int64)
    sets = ShingleSets(rows(2, 3, 5, 9), none, starts, sizes, sizes, HashStore(Path(), 0))
    edges = np.array([[0, 3, 8]], np.int32)
    graph = Graph(np.array([0, 1, 2, 0], np.int32), edges)
    repeated = RepeatedTexts(rows(4, 6, 8, 10), rows(2, 5, 7, 2))
    clustered = clustered_rows(repeated, sets, graph)
    assert clustered.rows.tolist() == [2, 4, 5, 6, 7, 8, 9, 10]
    assert clustered.clusters.tolist() == [2, 2, 5, 5, 7, 7, 2, 2]
    assert clustered.texts.tolist() == [2, 2, 5, 5, 7, 7, 9, 2]
    numbering = RowNumbering((DataFile("rows", TRAIN, "", rows=11, bytes=0),))
    members = membership(clustered, sets, graph, numbering)
    assert members.rows.tolist() == [2, 4, 9, 10, 5, 6, 7, 8]
    assert members.nodes.tolist() == [0, 0, 1, 0, 2, 2, 3, 3]
    assert members.within.tolist() == [2, 2, 2, 2, 5, 5, 7, 7]
    pairs = (members.left.tolist(), members.right.tolist(), members.similarity.tolist())
    assert pairs == ([0], [1], [8 / 9])
    clusters = members.clusters_of(np.array([9, 0, 4, 7, 11, 9], np.int64))
    assert clusters.tolist() == [2, 0, 2, 7, 11, 2]
