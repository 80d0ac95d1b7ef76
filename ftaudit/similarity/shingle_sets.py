"""The shingle sets of candidates, read in a second pass."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from ftaudit.progress import Progress
from ftaudit.similarity.buffers import buffers
from ftaudit.similarity.options import Shingles
from ftaudit.similarity.source import Source
from ftaudit.similarity.workers import Workers


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

    def __len__(self) -> int:
        """Return how many sets there are."""
        return len(self.rows)


def read_sets(
    source: Source,
    rows: npt.NDArray[np.uint32],
    kind: Shingles,
    workers: Workers,
    progress: Progress,
) -> ShingleSets:
    """Return the shingle sets of the given rows (ascending)."""
    values: list[npt.NDArray[np.uint64]] = []
    counts = np.zeros(len(rows), np.int64)
    with progress.stage("reading candidates", source.numbering.rows) as advance:
        for start, texts in source.texts():
            low, high = np.searchsorted(rows, [start, start + len(texts)])
            if low < high:
                wanted = rows[low:high].astype(np.int64) - start
                found, sizes = shingle_batch(texts, wanted, kind, workers)
                values += found
                counts[low:high] = sizes
            advance(len(texts))
    starts = np.cumsum(counts) - counts
    joined = np.concatenate(values) if values else np.zeros(0, np.uint64)
    sizes32 = counts.astype(np.int32)
    return ShingleSets(rows, joined, starts, sizes32, sizes32)


def shingle_batch(
    texts: pl.Series, wanted: npt.NDArray[np.int64], kind: Shingles, workers: Workers
) -> tuple[list[npt.NDArray[np.uint64]], npt.NDArray[np.int64]]:
    """Return the sets of the `wanted` texts, packed in parts, and how large each is."""
    from ftaudit.similarity.kernels.signing import set_rows  # noqa: PLC0415 - numba is heavy

    data, offsets = buffers(texts)
    counts, starts = np.zeros(len(wanted), np.int64), np.zeros(len(wanted), np.int64)
    room = offsets[wanted + 1] - offsets[wanted] + 1

    def one(low: int, high: int) -> npt.NDArray[np.uint64]:
        values = np.empty(int(room[low:high].sum()), np.uint64)
        end = set_rows(data, offsets, wanted, low, high, kind == "char5", values, starts, counts)
        return values[:end].copy()

    return workers.over(len(wanted), one), counts
