"""Crowded buckets: MinHash buckets of so many members that comparing them may be cut short.

How far the walk of such a bucket comes depends on which of its members are known to be in one
component. So each is walked alone, before all others and with nothing known: its edges are a
function of its members, whatever the order of bands and wherever it is walked.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
from msgspec import Struct
from msgspec.structs import replace

from ftaudit.similarity.parameters import SimilarityOptions
from ftaudit.similarity.runtime.kernel_loader import kernels
from ftaudit.similarity.runtime.threads import Threads
from ftaudit.similarity.search.buckets import Buckets, merged
from ftaudit.similarity.search.shingle_sets import ShingleSets

ROUNDS: Final = 256
"""Comparisons per member that a MinHash bucket may cost; a bucket that needs more is cut short, and
counted. Exact buckets are never cut short."""

NEVER_CUT: Final = 456
"""Most members of a bucket whose pairs all fit in that budget. A pair costs at most 9 eighths of a
comparison: 9 g (g - 1) / 2 <= 8 `ROUNDS` g."""


class WalkedCrowds(Struct, frozen=True, eq=False):
    """Crowded buckets, and what comparing their members told."""

    buckets: Buckets
    edges: npt.NDArray[np.int32]
    """(left, right, overlap), left < right; the same pair may stand several times."""
    short: npt.NDArray[np.bool_]
    """Whether the budget of each bucket ran out."""

    def cut(self, labels: npt.NDArray[np.int32]) -> int:
        """Return how many buckets were cut short and have members of several components."""
        return sum(
            len(np.unique(labels[self.buckets.part(at, at + 1).members])) > 1
            for at in np.flatnonzero(self.short).tolist()
        )


def uncrowded(bands: list[Buckets]) -> list[Buckets]:
    """Return the buckets whose every pair fits in their budget."""
    return [_sized(buckets, np.diff(buckets.bounds) <= NEVER_CUT) for buckets in bands]


def walk_crowds(
    options: SimilarityOptions,
    workers: Threads,
    bands: list[Buckets],
    sets: ShingleSets,
    maps: npt.NDArray[np.uint64],
) -> WalkedCrowds:
    """Walk every crowded bucket of the bands alone; those of the same members once.

    `maps` are the bitmaps of the sets.
    """
    every = [_sized(buckets, np.diff(buckets.bounds) > NEVER_CUT) for buckets in bands]
    buckets = _distinct(merged([Buckets(np.zeros(0, np.int32), np.zeros(1, np.int64)), *every]))
    walks = workers.each(
        range(len(buckets)),
        lambda at: _walk_alone(options, buckets.part(at, at + 1), sets, maps),
    )
    edges = [np.zeros((0, 3), np.int32), *(edges for edges, _ in walks)]
    short = np.array([short for _, short in walks], np.bool_)
    return WalkedCrowds(buckets, np.concatenate(edges), short)


def _walk_alone(
    options: SimilarityOptions,
    bucket: Buckets,
    sets: ShingleSets,
    maps: npt.NDArray[np.uint64],
) -> tuple[npt.NDArray[np.int32], bool]:
    walk_buckets = kernels("bucket_walk").walk_buckets

    members = bucket.members
    part = (sets.gathered if sets.store.spilled else sets.chosen)(members.astype(np.int64))
    own = np.arange(len(members), dtype=np.int32)
    edges = np.empty((len(members), 3), np.int32)
    count, cut = walk_buckets(
        own, bucket.bounds, 0, 1, part.values, part.starts, part.counts, part.sizes, own,
        options.threshold, ROUNDS, bucket.rest, maps[members], edges,
    )  # fmt: skip
    edges = edges[:count]
    return np.column_stack([members[edges[:, :2]], edges[:, 2]]).astype(np.int32), cut > 0


def _sized(buckets: Buckets, chosen: npt.NDArray[np.bool_]) -> Buckets:
    """Return the chosen buckets."""
    sizes = np.diff(buckets.bounds)
    inside = np.repeat(chosen, sizes)
    bounds = np.concatenate([[0], np.cumsum(sizes[chosen])]).astype(np.int64)
    return replace(buckets, members=buckets.members[inside], bounds=bounds)


def _distinct(buckets: Buckets) -> Buckets:
    """Return the buckets, those of the same members once."""
    parts = (buckets.part(at, at + 1).members for at in range(len(buckets)))
    at = {members.tobytes(): place for place, members in enumerate(parts)}
    chosen = np.zeros(len(buckets), np.bool_)
    chosen[list(at.values())] = True
    return _sized(buckets, chosen)
