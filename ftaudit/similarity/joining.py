"""The exact candidates: buckets by prefix shingle, from which no pair can escape.

Three facts make it cheap. A shingle that occurs in one row only cannot be shared, so after one
pass that counts shingles most rows are out. What remains is ordered by rarity; two sets at or
above the threshold must share one of their first `count - ceil(t * size) + 1` shingles (Chaudhuri,
Ganti and Kaushik 2006). And each such shingle makes a bucket, which is walked like the buckets of
MinHash, so that clusters of any size cost linear work.
"""

from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt

from ftaudit.similarity.candidates import Buckets
from ftaudit.similarity.grouping import grouped
from ftaudit.similarity.hashed import Hashed
from ftaudit.similarity.shingle_sets import ShingleSets
from ftaudit.similarity.shingling import shingle
from ftaudit.similarity.source import Texts
from ftaudit.similarity.store import Hashes
from ftaudit.similarity.task import Task
from ftaudit.similarity.workers import ALONE, Workers

ROUND_BITS: Final = 4
"""Upper bits of the shingle that make the parts that the buckets are walked in; each part knows
the components of the parts before it."""
PRUNINGS: Final = 8
"""Most rounds of pruning after the first; they end when a round drops under 2 % of the sets."""

Cells = npt.NDArray[np.uint64]


def cells_for(shingles: int) -> tuple[Cells, int]:
    """Return empty two-bit counters, four to eight per shingle, and the base-2 logarithm."""
    bits = max(12, (4 * max(1, shingles) - 1).bit_length())
    return np.zeros(1 << (bits - 5), np.uint64), bits


def count_shingles(task: Task, cells: Cells) -> Hashed:
    """Read every text once: hash it, and count its shingles in `cells`."""
    hashed = Hashed.nothing(task.rows)

    def read(piece: Texts) -> tuple[int, list[Hashes]]:
        into = hashed.part(piece.first, len(piece.texts))
        found = shingle(ALONE, task.profile.kind, piece.texts, _copy, into=into)
        return len(piece.texts), found

    with task.progress.stage("counting shingles", task.rows) as advance:
        for rows, found in task.workers.through(task.source.texts(), read):
            for hashes in found:
                _tally(hashes, cells, 0, task.workers)
            advance(rows)
    return hashed


def _copy(_: int, hashes: Hashes, __: npt.NDArray[np.int32]) -> Hashes:
    return hashes.copy()


def _tally(tokens: npt.NDArray[np.uint64], cells: Cells, salt: int, workers: Workers) -> None:
    from ftaudit.similarity.kernels.pruning import tally  # noqa: PLC0415 - numba is heavy

    bits = _bits(cells)
    parts = [(part, workers.count) for part in range(workers.count)]
    workers.each(parts, lambda p: tally(tokens, len(tokens), cells, bits, salt, *p))


def keep_sets(task: Task, rows: npt.NDArray[np.uint32], cells: Cells) -> ShingleSets:
    """Return the shared shingles of those of `rows` (ascending) that may have a partner."""
    counts, sizes = np.zeros(len(rows), np.int32), np.zeros(len(rows), np.int32)
    store = task.store("shingles")

    def read(piece: Texts) -> tuple[int, list[Hashes]]:
        low, high = np.searchsorted(rows, [piece.first, piece.first + len(piece.texts)])
        wanted = rows[low:high].astype(np.int64) - piece.first
        keep = partial(_keep, task.options.threshold, cells, counts[low:high], sizes[low:high])
        found = shingle(ALONE, task.profile.kind, piece.texts, keep, wanted=wanted)
        return len(piece.texts), found

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
    from ftaudit.similarity.kernels.pruning import keep_shared  # noqa: PLC0415 - numba is heavy

    rows = slice(first, first + len(given))
    end = keep_shared(hashes, given, sizes[rows], cells, _bits(cells), 0, threshold)
    counts[rows] = given
    return hashes[:end].copy()


def _bits(cells: Cells) -> int:
    return (len(cells) << 5).bit_length() - 1


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
    from ftaudit.similarity.kernels.pruning import prune_sets, tally_sets  # noqa: PLC0415 - heavy

    cells, bits = cells_for(int(sets.counts.sum()))
    arguments = (sets.values, sets.starts, sets.counts, sets.sizes)
    parts = [(part, workers.count) for part in range(workers.count)]
    workers.each(parts, lambda p: tally_sets(*arguments[:3], cells, bits, salt, *p))
    workers.over(
        len(sets), lambda low, high: prune_sets(*arguments, low, high, cells, bits, salt, threshold)
    )
    return compacted(sets)


def prefix_buckets(task: Task, sets: ShingleSets) -> list[Buckets]:
    """Order every set by rarity and return the buckets of its prefix shingles, in parts."""
    from ftaudit.similarity.kernels.pruning import count_often, order_sets  # noqa: PLC0415

    workers = task.workers
    bits = max(10, (2 * int(sets.counts.sum())).bit_length())
    often = np.zeros(1 << bits, np.uint16)
    parts = [(part, workers.count) for part in range(workers.count)]
    stored = (sets.values, sets.starts, sets.counts)
    workers.each(parts, lambda p: count_often(*stored, often, bits, *p))

    def one(low: int, high: int) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int32]]:
        room = int(sets.counts[low:high].sum())
        keys, owners = np.empty(room, np.uint64), np.empty(room, np.int32)
        end = order_sets(
            sets.values, sets.starts, sets.counts, sets.sizes, low, high, often, bits,
            task.options.threshold, keys, owners,
        )  # fmt: skip
        return keys[:end].copy(), owners[:end].copy()

    done = workers.over(len(sets), one)
    keys = np.concatenate([np.zeros(0, np.uint64), *(part[0] for part in done)])
    owners = np.concatenate([np.zeros(0, np.int32), *(part[1] for part in done)])
    rounds = [(part, 0) for part in range(1 << ROUND_BITS)]
    return workers.each(rounds, lambda part: _buckets(keys, owners, part[0], sets))


def _buckets(
    keys: npt.NDArray[np.uint64],
    owners: npt.NDArray[np.int32],
    part: int,
    sets: ShingleSets,
) -> Buckets:
    from ftaudit.similarity.kernels.pruning import find_rest  # noqa: PLC0415 - numba is heavy

    inside = np.flatnonzero(keys >> np.uint64(64 - ROUND_BITS) == np.uint64(part))
    places, bounds = grouped(keys[inside])
    members, heads = owners[inside[places]], keys[inside[places[bounds[:-1]]]]
    rest = np.empty(len(members), np.int32)
    find_rest(members, bounds, heads, sets.values, sets.starts, sets.counts, rest)
    return Buckets(members, bounds, rest)
