"""The candidates of the exact method: buckets by prefix shingle, which hold every similar pair.

Three facts make the join cheap.

1. A shingle that occurs in one row only is shared with no other. One pass counts all shingles
   (`shingle_counts`); a set of `size` shingles of which fewer than `threshold * size` occur
   elsewhere can reach the threshold with no other set, and is dropped. Dropping sets makes more
   shingles unique, so `prune` repeats this.
2. Order the shingles of every set by rarity. Two sets at or above the threshold share one of their
   first `count - ceil(threshold * size) + 1` shingles, their *prefixes*: were the shared ones all
   behind the prefix, there would be fewer than `threshold * size` of them (prefix filter:
   Chaudhuri, Ganti and Kaushik 2006; Bayardo, Ma and Srikant 2007).
3. Every prefix shingle makes a bucket of the sets that have it. Buckets are walked like those of
   MinHash, comparing only sets of different components, so clusters of any size cost linear work.
"""

from collections.abc import Callable
from functools import partial
from typing import Final, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from ftaudit.similarity.runtime.hash_store import Hashes
from ftaudit.similarity.runtime.kernel_loader import kernels
from ftaudit.similarity.runtime.threads import ALONE, Threads
from ftaudit.similarity.search.buckets import Buckets
from ftaudit.similarity.search.holdout_counting import HashReader
from ftaudit.similarity.search.key_groups import grouped
from ftaudit.similarity.search.search_task import SearchTask
from ftaudit.similarity.search.shingle_counts import (
    Counters,
    ShingleCounts,
    SortedCells,
    counters_for,
    width,
)
from ftaudit.similarity.search.shingle_sets import ShingleSets
from ftaudit.similarity.text.shingling import shingle
from ftaudit.similarity.text.text_hashes import TextHashes
from ftaudit.similarity.text.text_source import TextSlice

ROUND_BITS: Final = 4
"""Upper bits of a shingle that choose the part its bucket is walked in; each part begins with the
components that the parts before it found."""
PRUNINGS: Final = 8
"""Most rounds of pruning; they end when a round drops under 2 % of the sets."""


def count_shingles(
    task: SearchTask, counters: Counters, counting: HashReader | None = None
) -> TextHashes:
    """Read every text once: hash it, and count its shingles in `counters`.

    `counting` is shown the hashes of every text.
    """
    hashes, counts = TextHashes.empty_rows(task.rows), ShingleCounts(counters, task.workers)

    def sort_slice(texts: TextSlice) -> tuple[int, list[SortedCells]]:
        def sort(first: int, values: Hashes, sizes: npt.NDArray[np.int32]) -> SortedCells:
            if counting is not None:
                counting(texts, values)
            return counts.sort(first, values, sizes)

        into = hashes.part(texts.first, len(texts))
        return len(texts), shingle(ALONE, task.profile.kind, texts.column, sort, into=into)

    with task.progress.stage("counting shingles", task.rows) as advance:
        for rows, batches in task.workers.through(task.source.texts(), sort_slice):
            for cells in batches:
                counts.add(cells)
            advance(rows)
        counts.settle()
    return hashes


def keep_sets(
    task: SearchTask,
    rows: npt.NDArray[np.uint32],
    counters: Counters,
    beside: Callable[[TextSlice], None] | None = None,
) -> ShingleSets:
    """Return the shared shingles of those of `rows` (ascending) that may be similar to another.

    `beside` is shown every slice, before its texts are prepared.
    """
    counts, sizes = np.zeros(len(rows), np.int32), np.zeros(len(rows), np.int32)
    store = task.store("shingles")

    def keep_slice(texts: TextSlice) -> tuple[int, list[Hashes]]:
        if beside is not None:
            beside(texts)
        places = texts.among(rows)
        chosen = rows[places].astype(np.int64) - texts.first
        keep = partial(_keep, task.options.threshold, counters, counts[places], sizes[places])
        hashes = shingle(ALONE, task.profile.kind, texts.column, keep, chosen=chosen)
        return len(texts), hashes

    with task.progress.stage("reading candidates", task.rows) as advance:
        for done, parts in task.workers.through(task.source.texts(), keep_slice):
            for hashes in parts:
                store.add(hashes)
            advance(done)
    return compacted(ShingleSets(rows, store.all(), _starts(counts), counts, sizes, store))


def _keep(  # noqa: PLR0913, PLR0917 - a slice
    threshold: float,
    counters: Counters,
    counts: npt.NDArray[np.int32],
    sizes: npt.NDArray[np.int32],
    first: int,
    hashes: Hashes,
    row_counts: npt.NDArray[np.int32],
) -> Hashes:
    """Return the shared shingles of the rows from `first` on; fill counts and sizes."""
    prefix_filter = kernels("prefix_filter")

    rows = slice(first, first + len(row_counts))
    end = prefix_filter.keep_shared(
        hashes, row_counts, sizes[rows], counters, width(counters), 0, threshold
    )
    counts[rows] = row_counts
    return hashes[:end].copy()


def _starts(counts: npt.NDArray[np.int32]) -> npt.NDArray[np.int64]:
    return np.asarray(np.cumsum(counts, dtype=np.int64) - counts)


def compacted(sets: ShingleSets) -> ShingleSets:
    """Return the sets that have shingles left."""
    return sets.chosen(sets.counts > 0)


def prune(sets: ShingleSets, threshold: float, workers: Threads) -> ShingleSets:
    """Drop shingles that occur once among the remaining sets, until little changes."""
    for salt in range(1, PRUNINGS + 1):
        before = len(sets)
        sets = _prune_once(sets, salt, threshold, workers)
        if len(sets) >= 0.98 * before:
            break
    return sets


def _prune_once(sets: ShingleSets, salt: int, threshold: float, workers: Threads) -> ShingleSets:
    prefix_filter = kernels("prefix_filter")

    counters = counters_for(int(sets.counts.sum()))
    bits = width(counters)
    for low, high in sets.windows():
        stored = (sets.values, sets.starts[low:high], sets.counts[low:high])
        workers.share(partial(prefix_filter.tally_sets, *stored, counters, bits, salt))
        sets.store.release()

    def prune_range(first: int, low: int, high: int) -> None:
        stored = (sets.values, sets.starts, sets.counts, sets.sizes)
        prefix_filter.prune_sets(
            *stored, first + low, first + high, counters, bits, salt, threshold
        )

    for low, high in sets.windows():
        workers.over(high - low, partial(prune_range, low))
        sets.store.release()
    return compacted(sets)


def prefix_buckets(task: SearchTask, sets: ShingleSets) -> list[Buckets]:
    """Order every set by rarity and return the buckets of its prefix shingles, in parts."""
    prefixes = _prefixes(task, sets, *_frequencies(task, sets))
    return task.workers.each(range(1 << ROUND_BITS), prefixes.buckets)


def _frequencies(task: SearchTask, sets: ShingleSets) -> tuple[npt.NDArray[np.uint16], int]:
    """Return how often shingles occur, and the base-2 logarithm of how many counters there are."""
    prefix_filter = kernels("prefix_filter")

    bits = max(10, (2 * int(sets.counts.sum())).bit_length())
    frequency = np.zeros(1 << bits, np.uint16)
    for low, high in sets.windows():
        stored = (sets.values, sets.starts[low:high], sets.counts[low:high])
        task.workers.share(partial(prefix_filter.count_frequency, *stored, frequency, bits))
        sets.store.release()
    return frequency, bits


class _Prefixes(NamedTuple):
    """The first shingles of every set, the rarest first."""

    keys: npt.NDArray[np.uint64]
    owners: npt.NDArray[np.int32]
    rest: npt.NDArray[np.int32]
    """How many shingles of the owner follow it."""

    @classmethod
    def room(cls, size: int) -> Self:
        """Return arrays for `size` shingles, not filled."""
        return cls(np.empty(size, np.uint64), np.empty(size, np.int32), np.empty(size, np.int32))

    def buckets(self, part: int) -> Buckets:
        """Return the buckets of the prefix shingles whose upper bits are `part`."""
        inside = np.flatnonzero(self.keys >> np.uint64(64 - ROUND_BITS) == np.uint64(part))
        places, bounds = grouped(self.keys[inside])
        members = inside[places]
        return Buckets(self.owners[members], bounds, self.rest[members])


def _prefixes(
    task: SearchTask, sets: ShingleSets, frequency: npt.NDArray[np.uint16], bits: int
) -> _Prefixes:
    """Order every set by rarity, in place, and return the prefixes of all."""
    prefix_filter = kernels("prefix_filter")

    def order_range(first: int, low: int, high: int) -> _Prefixes:
        low, high = first + low, first + high
        keys, owners, rest = _Prefixes.room(int(sets.counts[low:high].sum()))
        end = prefix_filter.order_sets(
            sets.values, sets.starts, sets.counts, sets.sizes, low, high, frequency, bits,
            task.options.threshold, keys, owners, rest,
        )  # fmt: skip
        return _Prefixes(keys[:end].copy(), owners[:end].copy(), rest[:end].copy())

    done = [_Prefixes.room(0)]
    for low, high in sets.windows():
        done += task.workers.over(high - low, partial(order_range, low))
        sets.store.release()
    keys = np.concatenate([part.keys for part in done])
    owners = np.concatenate([part.owners for part in done])
    return _Prefixes(keys, owners, np.concatenate([part.rest for part in done]))
