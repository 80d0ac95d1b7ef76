"""Clusters too large to pair fully: what still holds of them."""

from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from ftaudit.model.dataset import SPLITS, TRAIN
from ftaudit.similarity.candidates import Buckets, restricted
from ftaudit.similarity.compiled import load_kernels
from ftaudit.similarity.graph import Graph, connect, in_large
from ftaudit.similarity.options import SimilarityOptions
from ftaudit.similarity.shingle_sets import ShingleSets
from ftaudit.similarity.source import Numbering
from ftaudit.similarity.task import Task

NEAREST_OF: Final = 32
"""Training texts of each bucket that a holdout text of a large cluster is compared with."""


def split_large(
    task: Task,
    graph: Graph,
    found: list[Buckets],
    sets: ShingleSets,
    same: npt.NDArray[np.uint32],
) -> Graph:
    """Add to large clusters what connects each split by itself, and what leaks.

    `same` is the least row with the same text, of every row.
    """
    large = in_large(graph, task.options)
    if not large.any():
        return graph
    splits = _splits(task.source.numbering, same, sets)
    present = {split: has & large for split, has in splits.items() if (has & large).any()}
    if len(present) < 2:
        return graph
    edges = [graph.edges]
    cut = graph.cut
    for has in present.values():
        alone = connect(task, restricted(found, has), sets)
        edges.append(alone.edges)
        cut += alone.cut
    if TRAIN in present:
        load_kernels(task.progress, "measuring")
        edges.append(_nearest(restricted(found, large), sets, present[TRAIN], task.options))
    return replace(graph, edges=_distinct(np.concatenate(edges)), cut=cut)


def _splits(
    numbering: Numbering, same: npt.NDArray[np.uint32], sets: ShingleSets
) -> dict[str, npt.NDArray[np.bool_]]:
    """Say for every split and set whether a row of the split has the set's text."""
    result = {}
    for split in SPLITS:
        has = np.zeros(len(same), np.bool_)
        for low, high in numbering.of_split(split):
            has[same[low:high]] = True
        result[split] = has[sets.rows]
    return result


def _nearest(
    found: list[Buckets],
    sets: ShingleSets,
    training: npt.NDArray[np.bool_],
    options: SimilarityOptions,
) -> npt.NDArray[np.int32]:
    """Return the edge from every other set to the nearest training set it was compared with."""
    from ftaudit.similarity.kernels.measuring import find_nearest

    best, common = np.full(len(sets), -1, np.int32), np.zeros(len(sets), np.int32)
    for bucket in found:
        find_nearest(
            bucket.members, bucket.bounds, sets.values, sets.starts, sets.counts, sets.sizes,
            training, options.threshold, NEAREST_OF, best, common,
        )  # fmt: skip
    others = np.flatnonzero(best >= 0).astype(np.int32)
    ends = (np.minimum(others, best[others]), np.maximum(others, best[others]))
    return np.stack([*ends, common[others]], axis=1)


def _distinct(edges: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    keys = edges[:, 0].astype(np.int64) << 32 | edges[:, 1]
    _, first = np.unique(keys, return_index=True)
    return np.asarray(edges[first])
