"""The shingle sets of candidates, read in a second pass."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from typing import Final, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from ftaudit.similarity.buffers import Views
from ftaudit.similarity.hashed import Hashed
from ftaudit.similarity.options import Shingles
from ftaudit.similarity.shingling import shingle
from ftaudit.similarity.source import Texts
from ftaudit.similarity.store import Hashes, Store
from ftaudit.similarity.task import Task
from ftaudit.similarity.workers import ALONE, Workers

WINDOW: Final = 1 << 22
"""Shingles of a spill file that are looked at before its pages are let go: 32 MiB."""


@dataclass(frozen=True, eq=False)
class ShingleSets:
    """Set `i` is `values[starts[i] : starts[i] + counts[i]]`; `sizes[i]` is its true size.

    `counts` falls short of `sizes` where shingles that occur in no other row were left out.
    """

    rows: npt.NDArray[np.uint32]
    """Row number of each set, ascending."""
    values: npt.NDArray[np.uint64]
    starts: npt.NDArray[np.int64]
    counts: npt.NDArray[np.int32]
    sizes: npt.NDArray[np.int32]
    store: Store
    """What keeps `values`."""

    def __len__(self) -> int:
        """Return how many sets there are."""
        return len(self.rows)

    def chosen(self, which: npt.NDArray[np.int64] | npt.NDArray[np.bool_]) -> Self:
        """Return some of the sets, with the same values."""
        starts, counts, sizes = self.starts[which], self.counts[which], self.sizes[which]
        return replace(self, rows=self.rows[which], starts=starts, counts=counts, sizes=sizes)

    def gathered(self, which: npt.NDArray[np.int64]) -> Self:
        """Return some of the sets (ascending) with values of their own, held in memory.

        Where the values are mapped, the pages that were read are let go on the way.
        """
        from ftaudit.similarity.kernels.walking import copy_sets

        some = self.chosen(which)
        starts = np.cumsum(some.counts, dtype=np.int64) - some.counts
        values = np.empty(int(some.counts.sum(dtype=np.int64)), np.uint64)
        for low, high in some.windows():
            copy_sets(
                some.values, some.starts[low:high], some.counts[low:high], values[starts[low] :]
            )
            self.store.release()
        return replace(some, values=values, starts=starts)

    def bitmaps(self, workers: Workers) -> npt.NDArray[np.uint64]:
        """Return a bitmap of every set, shape (sets, 4)."""
        from ftaudit.similarity.kernels.bitmaps import WORDS, draw_bitmaps

        maps = np.zeros((len(self), WORDS), np.uint64)

        def one(first: int, low: int, high: int) -> None:
            some = slice(first + low, first + high)
            draw_bitmaps(self.values, self.starts[some], self.counts[some], maps[some])

        for low, high in self.windows():
            workers.over(high - low, partial(one, low))
            self.store.release()
        return maps

    def windows(self) -> Iterator[tuple[int, int]]:
        """Yield ranges of sets, so long that the pages of one may well be resident."""
        if not len(self):
            return
        step = WINDOW if self.store.spilled else int(self.starts[-1]) + 1
        ends = np.arange(self.starts[0] + step, self.starts[-1], step)
        cuts = np.unique(np.searchsorted(self.starts, ends))
        yield from pairwise([0, *cuts.tolist(), len(self)])


def read_sets(task: Task, rows: npt.NDArray[np.uint32]) -> ShingleSets:
    """Return the shingle sets of the given rows (ascending)."""
    store, counts = task.store("shingles"), np.zeros(len(rows), np.int64)
    store.reserve(len(rows) * task.profile.shingles * 5 // 4 // max(1, task.rows))

    def read(piece: Texts) -> tuple[int, list[Hashes]]:
        here = piece.among(rows)
        wanted = rows[here].astype(np.int64) - piece.first
        found = distinct_sets(task.profile.kind, piece.column, wanted)
        counts[here] = found.sizes
        return len(piece), found.values

    with task.progress.stage("reading candidates", task.rows) as advance:
        for done, kept in task.workers.through(task.source.texts(), read):
            for part in kept:
                store.add(part)
            advance(done)
    return packed(rows, store, counts)


def packed(
    rows: npt.NDArray[np.uint32], store: Store, counts: npt.NDArray[np.int64]
) -> ShingleSets:
    """Return the stored sets, one after another; nothing was left out of them."""
    sizes = counts.astype(np.int32)
    return ShingleSets(rows, store.all(), np.cumsum(counts) - counts, sizes, sizes, store)


class Distinct(NamedTuple):
    """The shingle sets of some texts."""

    values: list[Hashes]
    """In parts, one set after another."""
    sizes: npt.NDArray[np.int64]
    hashed: Hashed
    """Of the texts."""


def distinct_sets(kind: Shingles, column: Views, wanted: npt.NDArray[np.int64]) -> Distinct:
    """Return the sets of the `wanted` texts."""
    from ftaudit.similarity.kernels.shingles import keep_distinct

    hashed, sizes = Hashed.nothing(len(wanted)), np.zeros(len(wanted), np.int64)

    def one(first: int, hashes: Hashes, counts: npt.NDArray[np.int32]) -> Hashes:
        kept = hashes[: keep_distinct(hashes, counts)].copy()
        sizes[first : first + len(counts)] = counts
        return kept

    return Distinct(shingle(ALONE, kind, column, one, wanted=wanted, into=hashed), sizes, hashed)
