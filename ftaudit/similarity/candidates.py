"""Band keys → buckets of nodes that share one."""

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from ftaudit.similarity.bands import Bands
from ftaudit.similarity.grouping import grouped
from ftaudit.similarity.task import Task


@dataclass(frozen=True, eq=False)
class Buckets:
    """Groups of nodes that agree on one band: `members[bounds[q] : bounds[q + 1]]`."""

    members: npt.NDArray[np.int32]
    """Row numbers, ascending within a bucket; after `number` indices of sets."""
    bounds: npt.NDArray[np.int64]
    rest: npt.NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))
    """How many shingles of each member come after the one its bucket stands for; or nothing."""

    hint: bool = False
    """Whether what these buckets miss is found by others."""

    def __len__(self) -> int:
        """Return how many buckets there are."""
        return len(self.bounds) - 1

    def part(self, low: int, high: int) -> "Buckets":
        """Return buckets `low` to `high`."""
        bounds = self.bounds[low : high + 1]
        inside = slice(int(bounds[0]), int(bounds[-1]))
        rest = self.rest[inside] if len(self.rest) else self.rest
        return Buckets(self.members[inside], bounds - bounds[0], rest, self.hint)

    def only(self, kept: npt.NDArray[np.bool_]) -> "Buckets":
        """Return the buckets of the members to keep, as far as two or more are left."""
        sizes = np.diff(np.concatenate([[0], np.cumsum(kept)])[self.bounds])
        inside = kept & np.repeat(sizes > 1, np.diff(self.bounds))
        bounds = np.concatenate([[0], np.cumsum(sizes[sizes > 1])]).astype(np.int64)
        rest = self.rest[inside] if len(self.rest) else self.rest
        return Buckets(self.members[inside], bounds, rest, self.hint)

    def once(self) -> "Buckets":
        """Return the buckets with every couple of nodes that is a bucket once."""
        sizes = np.diff(self.bounds)
        first = self.bounds[:-1][sizes == 2]
        left, right = (self.members[first + i].astype(np.int64) for i in range(2))
        keys = np.unique(left << 32 | right)
        couples = np.column_stack([keys >> 32, keys & 0xFFFFFFFF]).astype(np.int32)
        larger = sizes > 2
        ends = np.concatenate([[0], np.full(len(couples), 2), sizes[larger]])
        members = np.concatenate([couples.ravel(), self.members[np.repeat(larger, sizes)]])
        return Buckets(members, np.cumsum(ends), hint=self.hint)


def buckets(task: Task, bands: Bands, there: npt.NDArray[np.uint32]) -> list[Buckets]:
    """Return the buckets of two nodes or more of every band; `there` are the nodes' rows."""
    with task.progress.stage("matching bands", bands.count) as advance:

        def one(band: tuple[int, int]) -> Buckets:
            found = shared(bands.read(band[0]), there)
            advance(1)
            return found

        return task.workers.each([(band, 0) for band in range(bands.count)], one)


def shared(keys: npt.NDArray[np.uint64], there: npt.NDArray[np.uint32]) -> Buckets:
    """Return the buckets of those of `there` (ascending) that have the same key."""
    return Buckets(*grouped(keys, there))


def touched(found: list[Buckets]) -> npt.NDArray[np.uint32]:
    """Return the rows in any bucket, ascending."""
    if not any(len(b.members) for b in found):
        return np.zeros(0, np.uint32)
    most = max(int(b.members.max()) for b in found if len(b.members))
    flags = np.zeros(most + 1, np.bool_)
    for bucket in found:
        flags[bucket.members] = True
    return np.flatnonzero(flags).astype(np.uint32)


def number(found: list[Buckets], rows: npt.NDArray[np.uint32]) -> None:
    """Make the members of the buckets indices of `rows` instead of row numbers, in place."""
    place = np.zeros(int(rows[-1]) + 1 if len(rows) else 0, np.int32)
    place[rows] = np.arange(len(rows), dtype=np.int32)
    for i, bucket in enumerate(found):
        found[i] = replace(bucket, members=place[bucket.members])


def together(found: list[Buckets]) -> Buckets:
    """Return the buckets of several MinHash bands, or of parts of a band, as those of one."""
    if len(found) == 1:
        return found[0]
    sizes = [np.diff(bucket.bounds) for bucket in found]
    return Buckets(
        np.concatenate([bucket.members for bucket in found]),
        np.cumsum(np.concatenate([np.zeros(1, np.int64), *sizes])),
        hint=all(bucket.hint for bucket in found),
    )


def restricted(found: list[Buckets], keep: npt.NDArray[np.bool_]) -> list[Buckets]:
    """Return the buckets of two or more among the sets to keep."""
    return [bucket.only(keep[bucket.members]) for bucket in found]
