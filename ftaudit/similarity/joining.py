"""The exact candidates: buckets by prefix shingle, from which no pair can escape.

Three facts make it cheap. A shingle that occurs in one row only cannot be shared, so after one
pass that counts shingles most rows are out. What remains is ordered by rarity; two sets at or
above the threshold must share one of their first `count - ceil(t * size) + 1` shingles (Chaudhuri,
Ganti and Kaushik 2006). And each such shingle makes a bucket, which is walked like the buckets of
MinHash, so that clusters of any size cost linear work.
"""

from functools import partial
from typing import Final, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from ftaudit.similarity.candidates import Buckets
from ftaudit.similarity.grouping import grouped
from ftaudit.similarity.hashed import Hashed
from ftaudit.similarity.shingle_sets import ShingleSets
from ftaudit.similarity.shingling import shingle
from ftaudit.similarity.source import Texts
from ftaudit.similarity.store import Hashes
from ftaudit.similarity.tally import Cells, SortedCells, Tally, cells_for, width
from ftaudit.similarity.task import Task
from ftaudit.similarity.workers import ALONE, Workers

ROUND_BITS: Final = 4
"""Upper bits of the shingle that make the parts that the buckets are walked in; each part knows
the components of the parts before it."""
PRUNINGS: Final = 8
"""Most rounds of pruning after the first; they end when a round drops under 2 % of the sets."""


def count_shingles(task: Task, cells: Cells) -> Hashed:
    """Read every text once: hash it, and count its shingles in `cells`."""
    hashed, tally = Hashed.nothing(task.rows), Tally(cells, task.workers)

    def read(piece: Texts) -> tuple[int, list[SortedCells]]:
        into = hashed.part(piece.first, len(piece))
        found = shingle(ALONE, task.profile.kind, piece.column, tally.sort, into=into)
        return len(piece), found

    with task.progress.stage("counting shingles", task.rows) as advance:
        for rows, found in task.workers.through(task.source.texts(), read):
            for some in found:
                tally.add(some)
            advance(rows)
        tally.settle()
    return hashed


def keep_sets(task: Task, rows: npt.NDArray[np.uint32], cells: Cells) -> ShingleSets:
    """Return the shared shingles of those of `rows` (ascending) that may have a partner."""
    counts, sizes = np.zeros(len(rows), np.int32), np.zeros(len(rows), np.int32)
    store = task.store("shingles")

    def read(piece: Texts) -> tuple[int, list[Hashes]]:
        here = piece.among(rows)
        wanted = rows[here].astype(np.int64) - piece.first
        keep = partial(_keep, task.options.threshold, cells, counts[here], sizes[here])
        found = shingle(ALONE, task.profile.kind, piece.column, keep, wanted=wanted)
        return len(piece), found

    with task.progress.stage("reading candidates", task.rows) as advance:
        for done, found in task.workers.through(task.source.texts(), read):
            for part in found:
                store.add(part)
            advance(done)
    return compacted(ShingleSets(rows, store.all(), _starts(counts), counts, sizes, store))


def _keep(  # noqa: PLR0913, PLR0917 - a slice
    threshold: float,
    cells: Cells,
    counts: npt.NDArray[np.int32],
    sizes: npt.NDArray[np.int32],
    first: int,
    hashes: Hashes,
    given: npt.NDArray[np.int32],
) -> Hashes:
    """Return the shared shingles of some rows; fill counts and sizes."""
    from ftaudit.similarity.kernels.pruning import keep_shared

    rows = slice(first, first + len(given))
    end = keep_shared(hashes, given, sizes[rows], cells, width(cells), 0, threshold)
    counts[rows] = given
    return hashes[:end].copy()


def _starts(counts: npt.NDArray[np.int32]) -> npt.NDArray[np.int64]:
    return np.asarray(np.cumsum(counts, dtype=np.int64) - counts)


def compacted(sets: ShingleSets) -> ShingleSets:
    """Leave out sets that have no shingles left."""
    return sets.chosen(sets.counts > 0)


def prune(sets: ShingleSets, threshold: float, workers: Workers) -> ShingleSets:
    """Drop shingles that occur once among the sets that are left, until little changes."""
    for salt in range(1, PRUNINGS + 1):
        before = len(sets)
        sets = _prune_once(sets, salt, threshold, workers)
        if len(sets) >= 0.98 * before:
            break
    return sets


def _prune_once(sets: ShingleSets, salt: int, threshold: float, workers: Workers) -> ShingleSets:
    from ftaudit.similarity.kernels.pruning import prune_sets, tally_sets

    cells = cells_for(int(sets.counts.sum()))
    bits = width(cells)
    for low, high in sets.windows():
        stored = (sets.values, sets.starts[low:high], sets.counts[low:high])
        workers.share(partial(tally_sets, *stored, cells, bits, salt))
        sets.store.release()

    def prune(first: int, low: int, high: int) -> None:
        stored = (sets.values, sets.starts, sets.counts, sets.sizes)
        prune_sets(*stored, first + low, first + high, cells, bits, salt, threshold)

    for low, high in sets.windows():
        workers.over(high - low, partial(prune, low))
        sets.store.release()
    return compacted(sets)


def prefix_buckets(task: Task, sets: ShingleSets) -> list[Buckets]:
    """Order every set by rarity and return the buckets of its prefix shingles, in parts."""
    prefixes = _prefixes(task, sets, *_often(task, sets))
    rounds = [(part, 0) for part in range(1 << ROUND_BITS)]
    return task.workers.each(rounds, lambda part: prefixes.buckets(part[0]))


def _often(task: Task, sets: ShingleSets) -> tuple[npt.NDArray[np.uint16], int]:
    """Return how often shingles occur, and the base-2 logarithm of how many counters there are."""
    from ftaudit.similarity.kernels.pruning import count_often

    bits = max(10, (2 * int(sets.counts.sum())).bit_length())
    often = np.zeros(1 << bits, np.uint16)
    for low, high in sets.windows():
        stored = (sets.values, sets.starts[low:high], sets.counts[low:high])
        task.workers.share(partial(count_often, *stored, often, bits))
        sets.store.release()
    return often, bits


class _Prefixes(NamedTuple):
    """The first shingles of every set, the rarest first."""

    keys: npt.NDArray[np.uint64]
    owners: npt.NDArray[np.int32]
    rest: npt.NDArray[np.int32]
    """How many shingles of the owner come after it."""

    @classmethod
    def room(cls, size: int) -> Self:
        """Return room for so many."""
        return cls(np.empty(size, np.uint64), np.empty(size, np.int32), np.empty(size, np.int32))

    def buckets(self, part: int) -> Buckets:
        """Return the buckets of the shingles whose upper bits are `part`."""
        inside = np.flatnonzero(self.keys >> np.uint64(64 - ROUND_BITS) == np.uint64(part))
        places, bounds = grouped(self.keys[inside])
        members = inside[places]
        return Buckets(self.owners[members], bounds, self.rest[members])


def _prefixes(task: Task, sets: ShingleSets, often: npt.NDArray[np.uint16], bits: int) -> _Prefixes:
    from ftaudit.similarity.kernels.pruning import order_sets

    def one(first: int, low: int, high: int) -> _Prefixes:
        low, high = first + low, first + high
        room = int(sets.counts[low:high].sum())
        found = _Prefixes.room(room)
        end = order_sets(
            sets.values, sets.starts, sets.counts, sets.sizes, low, high, often, bits,
            task.options.threshold, found.keys, found.owners, found.rest,
        )  # fmt: skip
        return _Prefixes(
            found.keys[:end].copy(), found.owners[:end].copy(), found.rest[:end].copy()
        )

    done = [_Prefixes.room(0)]
    for low, high in sets.windows():
        done += task.workers.over(high - low, partial(one, low))
        sets.store.release()
    keys = np.concatenate([part.keys for part in done])
    owners = np.concatenate([part.owners for part in done])
    return _Prefixes(keys, owners, np.concatenate([part.rest for part in done]))
