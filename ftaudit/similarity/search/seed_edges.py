"""Seed edges: MinHash bands that connect most of a crowded bucket before the exact join walks it.

A shingle that thousands of rows share, such as one of a template, makes a bucket that holds
many components at once: walking it breadth first compares many rows that are not similar. MinHash
bands of the same sets connect nearly all similar rows in linear time. Rows of one component are
never compared again, so the exact walk that follows has little left to do.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from ftaudit.similarity.runtime.kernel_loader import load_kernels
from ftaudit.similarity.search.buckets import Buckets
from ftaudit.similarity.search.key_groups import grouped
from ftaudit.similarity.search.search_task import SearchTask
from ftaudit.similarity.search.shingle_sets import ShingleSets
from ftaudit.similarity.text.signatures import permutations

CROWD: Final = 1_024
"""Members from which a bucket is a crowd."""
BANDS: Final = 20
WIDTH: Final = 4
"""Rows per band. As in the MinHash method: nearly all pairs at 0.7 and above share a band."""
SLICE: Final = 16_384
"""Sets signed at a time."""


def seed_buckets(task: SearchTask, parts: list[Buckets], sets: ShingleSets) -> list[Buckets]:
    """Return MinHash buckets of the sets in crowded buckets; none where no bucket is crowded."""
    crowded = np.zeros(len(sets), np.bool_)
    for buckets in parts:
        sizes = np.diff(buckets.bounds)
        crowded[buckets.members[np.repeat(sizes > CROWD, sizes)]] = True
    members = np.flatnonzero(crowded)
    if not len(members):
        return []
    keys = _keys(task, sets.chosen(members))
    bands = (grouped(keys[band]) for band in range(BANDS))
    return [
        Buckets(members[places].astype(np.int32), bounds, seed=True) for places, bounds in bands
    ]


def _keys(task: SearchTask, sets: ShingleSets) -> npt.NDArray[np.uint64]:
    """Return the key of every band and set."""
    load_kernels(task.progress, "minhash")
    from ftaudit.similarity.kernels.minhash import sign_bands

    a, b = permutations(BANDS * WIDTH, task.options.seed)
    keys = np.empty((BANDS, len(sets)), np.uint64)

    def sign_range(low: int, high: int) -> None:
        for start in range(low, high, SLICE):
            part = slice(start, min(start + SLICE, high))
            counts = sets.counts[part]
            ends = np.cumsum(counts)
            at = np.repeat(sets.starts[part] - ends + counts, counts) + np.arange(ends[-1])
            sign_bands(sets.values[at], counts, a, b, WIDTH, keys, start)

    task.workers.over(len(sets), sign_range)
    return keys
