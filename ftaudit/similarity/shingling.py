"""Texts → shingle hashes, a few rows at a time and on every worker."""

from collections.abc import Callable
from itertools import chain, pairwise
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt
import polars as pl

from ftaudit.similarity.buffers import buffers
from ftaudit.similarity.hashed import Hashed
from ftaudit.similarity.store import Hashes
from ftaudit.similarity.task import Task

SLICE: Final = 1_024
"""Rows shingled at a time: their hashes should stay in a core's own cache."""

T = TypeVar("T")
Work = Callable[[int, Hashes, npt.NDArray[np.int32]], T]
"""Called with the index of the first row, the hashes of some rows, one row after another, and how
many each has. It may change both: they are scratch."""


def shingle(
    task: Task, texts: pl.Series, wanted: npt.NDArray[np.int64], into: Hashed, work: Work[T]
) -> list[T]:
    """Shingle the `wanted` texts, fill `into`, and return what `work` makes of each slice."""
    from ftaudit.similarity.kernels.shingles import shingle_rows  # noqa: PLC0415 - numba is heavy

    data, offsets = buffers(texts)
    room = np.concatenate([[0], np.cumsum(offsets[wanted + 1] - offsets[wanted] + 1)])

    def one(low: int, high: int) -> list[T]:
        cuts = [*range(low, high, SLICE), high]
        hashes = np.empty(int(np.diff(room[cuts]).max(initial=0)), np.uint64)
        counts = np.empty(len(wanted), np.int32)
        results = []
        for a, b in pairwise(cuts):
            fill = (into.first, into.second, hashes, counts)
            end = shingle_rows(data, offsets, wanted, a, b, task.chars, *fill)
            into.empty[a:b] = counts[a:b] == 0
            results.append(work(a, hashes[:end], counts[a:b]))
        return results

    return list(chain.from_iterable(task.workers.over(len(wanted), one)))
