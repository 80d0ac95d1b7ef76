"""Giant clusters: too large for every pair to be measured.

Of those, two things are still computed: what connects the rows of each split by themselves, and for
every holdout text its nearest training text among those compared.
"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from ftaudit.model.dataset import SPLITS, TRAIN
from ftaudit.similarity.clusters.connected_components import (
    Graph,
    connect,
    connect_alone,
    in_giant,
)
from ftaudit.similarity.parameters import SimilarityOptions
from ftaudit.similarity.runtime.kernel_loader import kernels, load_kernels
from ftaudit.similarity.search.buckets import Buckets, restricted
from ftaudit.similarity.search.distinct_texts import RepeatedTexts
from ftaudit.similarity.search.search_task import SearchTask
from ftaudit.similarity.search.shingle_sets import ShingleSets
from ftaudit.similarity.text.row_numbering import RowNumbering, within_ranges

NEAREST_OF: Final = 32
"""Training texts of each bucket that a holdout text of a giant cluster is compared with."""


def connect_splits(
    task: SearchTask,
    graph: Graph,
    bands: list[Buckets],
    sets: ShingleSets,
    repeated: RepeatedTexts,
) -> Graph:
    """Add edges that connect each split of a giant cluster by itself, and those of its leaks."""
    giant = in_giant(graph, task.options)
    if not giant.any():
        return graph
    splits = splits_of_sets(task.source.numbering, repeated, sets)
    present = {split: has & giant for split, has in splits.items() if (has & giant).any()}
    if len(present) < 2:
        return graph
    exact = any(len(buckets.rest) for buckets in bands)
    edges = [graph.edges]
    cut = graph.cut
    for has in present.values():
        alone = (connect if exact else connect_alone)(task, restricted(bands, has), sets)
        edges.append(alone.edges)
        cut += alone.cut
    if TRAIN in present:
        load_kernels(task.progress, "set_overlaps")
        nearest = nearest_training(restricted(bands, giant), sets, present[TRAIN], task.options)
        edges.append(nearest.edges())
    return replace(graph, edges=distinct_edges(np.concatenate(edges)), cut=cut)


def splits_of_sets(
    numbering: RowNumbering, repeated: RepeatedTexts, sets: ShingleSets
) -> dict[str, npt.NDArray[np.bool_]]:
    """Return for every split, by set, whether a row of the split has the text of the set."""
    result = {}
    for split in SPLITS:
        ranges = numbering.of_split(split)
        copies = np.unique(repeated.least[within_ranges(repeated.rows, ranges)])
        own = within_ranges(sets.rows, ranges)
        result[split] = own | np.isin(sets.rows, copies, assume_unique=True)
    return result


class NearestSets(NamedTuple):
    """Of some sets, the nearest training set among those compared."""

    sets: npt.NDArray[np.int32]
    """Ascending."""
    best: npt.NDArray[np.int32]
    common: npt.NDArray[np.int32]
    """The overlap with it."""

    def edges(self) -> npt.NDArray[np.int32]:
        """Return them as edges (left, right, overlap)."""
        ends = (np.minimum(self.sets, self.best), np.maximum(self.sets, self.best))
        return np.stack([*ends, self.common], axis=1)


def nearest_training(
    bands: list[Buckets],
    sets: ShingleSets,
    training: npt.NDArray[np.bool_],
    options: SimilarityOptions,
) -> NearestSets:
    """Return the nearest training set of every set outside training that meets one."""
    set_overlaps = kernels("set_overlaps")

    best, common = np.full(len(sets), -1, np.int32), np.zeros(len(sets), np.int32)
    for buckets in bands:
        set_overlaps.find_nearest(
            buckets.members, buckets.bounds, sets.values, sets.starts, sets.counts, sets.sizes,
            training, options.threshold, NEAREST_OF, best, common,
        )  # fmt: skip
    others = np.flatnonzero(best >= 0).astype(np.int32)
    return NearestSets(others, best[others], common[others])


def distinct_edges(edges: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    """Return edges by left and right set, each once."""
    keys = edges[:, 0].astype(np.int64) << 32 | edges[:, 1]
    _, first = np.unique(keys, return_index=True)
    return np.asarray(edges[first])
