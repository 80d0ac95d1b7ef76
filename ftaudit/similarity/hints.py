"""Buckets that connect most of a crowd before the exact join looks at it.

A shingle that thousands of rows share, such as one of a template, makes a bucket in which rows
are alike in several ways at once: walking it breadth first compares many that are not. MinHash
bands of the same sets connect nearly all that belongs together in linear time; what is one
component already is never compared again, so the exact walk that follows has little to do.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from ftaudit.similarity.candidates import Buckets
from ftaudit.similarity.compiled import load_kernels
from ftaudit.similarity.grouping import grouped
from ftaudit.similarity.shingle_sets import ShingleSets
from ftaudit.similarity.signatures import permutations
from ftaudit.similarity.task import Task

CROWD: Final = 1_024
"""Members from which a bucket is a crowd."""
BANDS: Final = 20
WIDTH: Final = 4
"""As in the MinHash method: nearly all pairs at 0.7 and above share a band."""
SLICE: Final = 16_384
"""Sets signed at a time."""


def hints(task: Task, found: list[Buckets], sets: ShingleSets) -> list[Buckets]:
    """Return MinHash buckets of the sets in crowds; none where there is no crowd."""
    crowds = np.zeros(len(sets), np.bool_)
    for bucket in found:
        sizes = np.diff(bucket.bounds)
        crowds[bucket.members[np.repeat(sizes > CROWD, sizes)]] = True
    members = np.flatnonzero(crowds)
    if not len(members):
        return []
    keys = _keys(task, sets.chosen(members))
    bands = (grouped(keys[band]) for band in range(BANDS))
    return [
        Buckets(members[places].astype(np.int32), bounds, hint=True) for places, bounds in bands
    ]


def _keys(task: Task, sets: ShingleSets) -> npt.NDArray[np.uint64]:
    """Return the key of every band and set."""
    load_kernels(task.progress, "signing")
    from ftaudit.similarity.kernels.signing import sign_bands

    a, b = permutations(BANDS * WIDTH, task.options.seed)
    keys = np.empty((BANDS, len(sets)), np.uint64)

    def one(low: int, high: int) -> None:
        for start in range(low, high, SLICE):
            some = slice(start, min(start + SLICE, high))
            counts = sets.counts[some]
            ends = np.cumsum(counts)
            at = np.repeat(sets.starts[some] - ends + counts, counts) + np.arange(ends[-1])
            sign_bands(sets.values[at], counts, a, b, WIDTH, keys, start)

    task.workers.over(len(sets), one)
    return keys
