"""Buckets: groups of texts that agree on one band of MinHash or share one rare shingle.

Only texts of one bucket are compared. Members are row numbers at first; `renumber` makes them
indices of shingle sets once those have been read.
"""

import numpy as np
import numpy.typing as npt
from msgspec import Struct, field
from msgspec.structs import replace

from ftaudit.similarity.runtime.band_store import BandStore
from ftaudit.similarity.runtime.sorted_values import distinct_values
from ftaudit.similarity.search.key_groups import grouped, places_of
from ftaudit.similarity.search.search_task import SearchTask


class Buckets(Struct, frozen=True, eq=False):
    """Bucket `q` is `members[bounds[q] : bounds[q + 1]]`."""

    members: npt.NDArray[np.int32]
    """Row numbers, ascending within a bucket; after `renumber` indices of sets."""
    bounds: npt.NDArray[np.int64]
    rest: npt.NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))
    """How many shingles of each member come after the one that its bucket stands for; empty for
    buckets of MinHash bands."""

    seed: bool = False
    """Whether these buckets only save work: other buckets hold every pair (`seed_edges`)."""

    def __len__(self) -> int:
        """Return how many buckets there are."""
        return len(self.bounds) - 1

    @property
    def pairs(self) -> int:
        """How many pairs of members stand in one bucket."""
        sizes = np.diff(self.bounds)
        return int((sizes * (sizes - 1) // 2).sum())

    def part(self, low: int, high: int) -> "Buckets":
        """Return buckets `low` to `high`."""
        bounds = self.bounds[low : high + 1]
        inside = slice(int(bounds[0]), int(bounds[-1]))
        rest = self.rest[inside] if len(self.rest) else self.rest
        return Buckets(self.members[inside], bounds - bounds[0], rest, self.seed)

    def only(self, kept: npt.NDArray[np.bool_]) -> "Buckets":
        """Return the buckets with the members to keep; those with fewer than two are left out."""
        sizes = np.diff(np.concatenate([[0], np.cumsum(kept)])[self.bounds])
        inside = kept & np.repeat(sizes > 1, np.diff(self.bounds))
        bounds = np.concatenate([[0], np.cumsum(sizes[sizes > 1])]).astype(np.int64)
        rest = self.rest[inside] if len(self.rest) else self.rest
        return Buckets(self.members[inside], bounds, rest, self.seed)

    def once(self) -> "Buckets":
        """Return the buckets, those of the same two members once."""
        sizes = np.diff(self.bounds)
        first = self.bounds[:-1][sizes == 2]
        left, right = (self.members[first + i].astype(np.int64) for i in range(2))
        keys = distinct_values(left << 32 | right)
        couples = np.column_stack([keys >> 32, keys & 0xFFFFFFFF]).astype(np.int32)
        larger = sizes > 2
        ends = np.concatenate([[0], np.full(len(couples), 2), sizes[larger]])
        members = np.concatenate([couples.ravel(), self.members[np.repeat(larger, sizes)]])
        return Buckets(members, np.cumsum(ends), seed=self.seed)


def band_buckets(task: SearchTask, bands: BandStore, rows: npt.NDArray[np.uint32]) -> list[Buckets]:
    """Return the buckets of two or more of `rows` (ascending) in every band."""
    with task.progress.stage("matching bands", bands.count) as advance:

        def group_band(band: int) -> Buckets:
            buckets = Buckets(*grouped(bands.read(band), rows))
            advance(1)
            return buckets

        return task.workers.each(range(bands.count), group_band)


def rows_in(bands: list[Buckets]) -> npt.NDArray[np.uint32]:
    """Return the rows in any bucket, ascending."""
    if not any(len(b.members) for b in bands):
        return np.zeros(0, np.uint32)
    most = max(int(b.members.max()) for b in bands if len(b.members))
    flags = np.zeros(most + 1, np.bool_)
    for buckets in bands:
        flags[buckets.members] = True
    return places_of(flags)


def renumber(bands: list[Buckets], rows: npt.NDArray[np.uint32]) -> None:
    """Replace row numbers by their indices in `rows` (ascending), in the list itself."""
    place = np.zeros(int(rows[-1]) + 1 if len(rows) else 0, np.int32)
    place[rows] = np.arange(len(rows), dtype=np.int32)
    for i, buckets in enumerate(bands):
        bands[i] = replace(buckets, members=place[buckets.members])


def merged(parts: list[Buckets]) -> Buckets:
    """Return the buckets of several MinHash bands, or of parts of a band, as those of one."""
    if len(parts) == 1:
        return parts[0]
    sizes = [np.diff(buckets.bounds) for buckets in parts]
    return Buckets(
        np.concatenate([buckets.members for buckets in parts]),
        np.cumsum(np.concatenate([np.zeros(1, np.int64), *sizes])),
        seed=all(bucket.seed for bucket in parts),
    )


def restricted(bands: list[Buckets], keep: npt.NDArray[np.bool_]) -> list[Buckets]:
    """Return the buckets of two or more among the sets to keep."""
    return [buckets.only(keep[buckets.members]) for buckets in bands]
