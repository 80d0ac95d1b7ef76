"""The shingle sets of candidate texts, read in a second pass."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from typing import Final, NamedTuple, Self

import numpy as np
import numpy.typing as npt
from msgspec import Struct
from msgspec.structs import replace

from ftaudit.similarity.parameters import Shingles
from ftaudit.similarity.runtime.hash_store import Hashes, HashStore
from ftaudit.similarity.runtime.kernel_loader import kernels
from ftaudit.similarity.runtime.threads import ALONE, Threads
from ftaudit.similarity.search.search_task import SearchTask
from ftaudit.similarity.text.arrow_buffers import TextViews, views
from ftaudit.similarity.text.shingling import shingle
from ftaudit.similarity.text.text_hashes import TextHashes
from ftaudit.similarity.text.text_source import TextSlice

WINDOW: Final = 1 << 22
"""Shingles of a spill file that are read before its pages are released: 32 MiB."""


class ShingleSets(Struct, frozen=True, eq=False):
    """Set `i` is `values[starts[i] : starts[i] + counts[i]]`; `sizes[i]` is its true size.

    `counts` falls short of `sizes` where shingles that occur in no other row were left out.
    """

    rows: npt.NDArray[np.uint32]
    """Row number of each set, ascending."""
    values: npt.NDArray[np.uint64]
    starts: npt.NDArray[np.int64]
    counts: npt.NDArray[np.int32]
    sizes: npt.NDArray[np.int32]
    store: HashStore
    """The store that holds `values`."""

    def __len__(self) -> int:
        """Return how many sets there are."""
        return len(self.rows)

    def chosen(self, places: npt.NDArray[np.int64] | npt.NDArray[np.bool_]) -> Self:
        """Return the sets at `places`, sharing the values of all."""
        starts, counts, sizes = self.starts[places], self.counts[places], self.sizes[places]
        return replace(self, rows=self.rows[places], starts=starts, counts=counts, sizes=sizes)

    def gathered(self, places: npt.NDArray[np.int64]) -> Self:
        """Return the sets at `places` (ascending) with values of their own, held in memory.

        Where the values are mapped from a file, the pages that were read are released on the way.
        """
        bucket_walk = kernels("bucket_walk")

        part = self.chosen(places)
        starts = np.cumsum(part.counts, dtype=np.int64) - part.counts
        values = np.empty(int(part.counts.sum(dtype=np.int64)), np.uint64)
        for low, high in part.windows():
            bucket_walk.copy_sets(
                part.values, part.starts[low:high], part.counts[low:high], values[starts[low] :]
            )
            self.store.release()
        return replace(part, values=values, starts=starts)

    def bitmaps(self, workers: Threads) -> npt.NDArray[np.uint64]:
        """Return a bitmap of every set, shape (sets, 4)."""
        bitmaps = kernels("bitmaps")

        maps = np.zeros((len(self), bitmaps.WORDS), np.uint64)

        def draw_range(first: int, low: int, high: int) -> None:
            part = slice(first + low, first + high)
            bitmaps.draw_bitmaps(self.values, self.starts[part], self.counts[part], maps[part])

        for low, high in self.windows():
            workers.over(high - low, partial(draw_range, low))
            self.store.release()
        return maps

    def windows(self) -> Iterator[tuple[int, int]]:
        """Yield ranges of sets, small enough for the pages of one to be resident together."""
        if not len(self):
            return
        step = WINDOW if self.store.spilled else int(self.starts[-1]) + 1
        ends = np.arange(self.starts[0] + step, self.starts[-1], step)
        cuts = np.unique(np.searchsorted(self.starts, ends))
        yield from pairwise([0, *cuts.tolist(), len(self)])


def read_sets(
    task: SearchTask,
    rows: npt.NDArray[np.uint32],
    beside: Callable[[TextSlice], None] | None = None,
) -> ShingleSets:
    """Return the shingle sets of the given rows (ascending); `beside` is shown every slice."""
    store, counts = task.store("shingles"), np.zeros(len(rows), np.int64)
    store.reserve(len(rows) * task.profile.shingles * 5 // 4 // max(1, task.rows))

    def read_slice(texts: TextSlice) -> tuple[int, list[Hashes]]:
        if beside is not None:
            beside(texts)
        places = texts.among(rows)
        chosen = rows[places].astype(np.int64) - texts.first
        column = views(texts.chosen(chosen))
        sets = distinct_sets(task.profile.kind, column)
        counts[places] = sets.sizes
        return len(texts), sets.values

    with task.progress.stage("reading candidates", task.rows) as advance:
        for done, kept in task.workers.through(task.source.texts(), read_slice):
            for part in kept:
                store.add(part)
            advance(done)
    return packed(rows, store, counts)


def packed(
    rows: npt.NDArray[np.uint32], store: HashStore, counts: npt.NDArray[np.int64]
) -> ShingleSets:
    """Return the stored sets, one after another, whole."""
    sizes = counts.astype(np.int32)
    return ShingleSets(rows, store.all(), np.cumsum(counts) - counts, sizes, sizes, store)


class DistinctSets(NamedTuple):
    """The shingle sets of texts."""

    values: list[Hashes]
    """In parts, one set after another."""
    sizes: npt.NDArray[np.int64]
    hashed: TextHashes
    """Of the texts."""


def distinct_sets(kind: Shingles, column: TextViews) -> DistinctSets:
    """Return the sets of texts."""
    shingle_rows = kernels("shingle_rows")

    count = len(column.views)
    hashed, sizes = TextHashes.empty_rows(count), np.zeros(count, np.int64)

    def keep_sets(first: int, hashes: Hashes, counts: npt.NDArray[np.int32]) -> Hashes:
        kept = hashes[: shingle_rows.keep_distinct(hashes, counts)].copy()
        sizes[first : first + len(counts)] = counts
        return kept

    values = shingle(ALONE, kind, column, keep_sets, into=hashed)
    return DistinctSets(values, sizes, hashed)
