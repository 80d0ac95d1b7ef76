"""The exact candidates: buckets by prefix shingle, from which no pair can escape.

Three facts make it cheap. A shingle that occurs in one row only cannot be shared, so after one
pass that counts shingles most rows are out. What remains is ordered by rarity; two sets at or
above the threshold must share one of their first `count - ceil(t * size) + 1` shingles (Chaudhuri,
Ganti and Kaushik 2006). And each such shingle makes a bucket, which is walked like the buckets of
MinHash, so that clusters of any size cost linear work.
"""

from functools import partial
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from ftaudit.similarity.candidates import Buckets
from ftaudit.similarity.hashed import Hashed
from ftaudit.similarity.nodes import bits as width_of
from ftaudit.similarity.shingle_sets import ShingleSets
from ftaudit.similarity.shingling import shingle
from ftaudit.similarity.store import Hashes
from ftaudit.similarity.task import Task
from ftaudit.similarity.workers import Workers

SLICE: Final = 16_384
"""Rows whose shingles are counted at a time."""
ROUNDS: Final = 16
"""Parts (by the upper 4 bits of the shingle) that the buckets are walked in; each part knows the
components of the parts before it."""
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
    with task.progress.stage("counting shingles", task.rows) as advance:
        for start, texts in task.source.texts():
            for low in range(0, len(texts), SLICE):
                some = texts[low : low + SLICE]
                into = hashed.part(start + low, len(some))
                for hashes in shingle(task.workers, task.profile.kind, some, _copy, into=into):
                    _tally(hashes, cells, 0, task.workers)
                advance(len(some))
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
    with task.progress.stage("reading candidates", task.rows) as advance:
        for start, texts in task.source.texts():
            low, high = np.searchsorted(rows, [start, start + len(texts)])
            wanted = rows[low:high].astype(np.int64) - start
            keep = partial(_keep, task.options.threshold, cells, counts[low:high], sizes[low:high])
            for part in shingle(task.workers, task.profile.kind, texts, keep, wanted=wanted):
                store.add(part)
            advance(len(texts))
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
    width = width_of(len(sets))

    def one(low: int, high: int) -> npt.NDArray[np.uint64]:
        keys = np.empty(int(sets.counts[low:high].sum()), np.uint64)
        end = order_sets(
            sets.values, sets.starts, sets.counts, sets.sizes, low, high, often, bits,
            task.options.threshold, width, keys,
        )  # fmt: skip
        return keys[:end].copy()

    keys = np.concatenate([np.zeros(0, np.uint64), *workers.over(len(sets), one)])
    keys.sort()
    cuts = np.searchsorted(keys, np.arange(1, ROUNDS, dtype=np.uint64) << np.uint64(60))
    bounds = [0, *cuts.tolist(), len(keys)]
    return [_buckets(keys[low:high], width, sets) for low, high in pairwise(bounds)]


def _buckets(keys: npt.NDArray[np.uint64], width: int, sets: ShingleSets) -> Buckets:
    from ftaudit.similarity.kernels.pruning import find_rest  # noqa: PLC0415 - numba is heavy
    from ftaudit.similarity.kernels.walking import count_shared, gather_shared  # noqa: PLC0415

    room = count_shared(keys, width)
    members, bounds = np.empty(room, np.uint32), np.empty(room // 2 + 1, np.int64)
    heads = np.empty(room // 2 + 1, np.uint64)
    count = gather_shared(keys, width, members, bounds, heads)
    slots, bounds = members.astype(np.int32), bounds[: count + 1].copy()
    rest = np.empty(room, np.int32)
    find_rest(slots, bounds, heads, width, sets.values, sets.starts, sets.counts, rest)
    return Buckets(slots, bounds, rest)
