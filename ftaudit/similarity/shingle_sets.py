"""The shingle sets of candidates, read in a second pass."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import numpy.typing as npt
import polars as pl

from ftaudit.similarity.buffers import buffers
from ftaudit.similarity.store import Store
from ftaudit.similarity.task import Task


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


def read_sets(task: Task, rows: npt.NDArray[np.uint32]) -> ShingleSets:
    """Return the shingle sets of the given rows (ascending)."""
    store, counts = task.store("shingles"), np.zeros(len(rows), np.int64)
    with task.progress.stage("reading candidates", task.rows) as advance:
        for start, texts in task.source.texts():
            low, high = np.searchsorted(rows, [start, start + len(texts)])
            if low < high:
                wanted = rows[low:high].astype(np.int64) - start
                counts[low:high] = shingle_batch(task, texts, wanted, store)
            advance(len(texts))
    return packed(rows, store, counts)


def packed(
    rows: npt.NDArray[np.uint32], store: Store, counts: npt.NDArray[np.int64]
) -> ShingleSets:
    """Return the stored sets, one after another; nothing was left out of them."""
    sizes = counts.astype(np.int32)
    return ShingleSets(rows, store.all(), np.cumsum(counts) - counts, sizes, sizes, store)


def shingle_batch(
    task: Task, texts: pl.Series, wanted: npt.NDArray[np.int64], store: Store
) -> npt.NDArray[np.int64]:
    """Store the sets of the `wanted` texts; return how large each is."""
    from ftaudit.similarity.kernels.signing import set_rows  # noqa: PLC0415 - numba is heavy

    data, offsets = buffers(texts)
    counts, starts = np.zeros(len(wanted), np.int64), np.zeros(len(wanted), np.int64)
    room = offsets[wanted + 1] - offsets[wanted] + 1

    def one(low: int, high: int) -> npt.NDArray[np.uint64]:
        values = np.empty(int(room[low:high].sum()), np.uint64)
        end = set_rows(data, offsets, wanted, low, high, task.chars, values, starts, counts)
        return values[:end].copy()

    for part in task.workers.over(len(wanted), one):
        store.add(part)
    return counts
