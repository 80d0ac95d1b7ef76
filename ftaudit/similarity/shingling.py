"""Texts → shingle hashes, a few rows at a time and on every worker."""

from collections.abc import Callable
from itertools import chain, pairwise
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt

from ftaudit.similarity.buffers import Views
from ftaudit.similarity.hashed import Hashed
from ftaudit.similarity.options import Shingles
from ftaudit.similarity.store import Hashes
from ftaudit.similarity.workers import Workers

SLICE: Final = 2_048
"""Most rows shingled at a time."""
SLICE_BYTES: Final = 1 << 20
"""About how long they may be together: their hashes should stay in a core's own cache."""

T = TypeVar("T")
Work = Callable[[int, Hashes, npt.NDArray[np.int32]], T]
"""Called with the index of the first row, the hashes of some rows, one row after another, and how
many each has. It may change both: they are scratch."""


def shingle(  # noqa: PLR0913 - two of them seldom given
    workers: Workers,
    kind: Shingles,
    column: Views,
    work: Work[T],
    *,
    wanted: npt.NDArray[np.int64] | None = None,
    into: Hashed | None = None,
) -> list[T]:
    """Shingle texts and return what `work` makes of each slice of them.

    Args:
        workers: each takes some slices; results stay in order.
        kind: characters or words.
        column: views of texts as `normalisation.prepared` returns them.
        work: called for each slice, on any worker.
        wanted: indices of the texts to shingle; all when None.
        into: filled with the hashes of the wanted texts.
    """
    from ftaudit.similarity.kernels.shingles import shingle_rows

    sizes = column.sizes if wanted is None else column.sizes[wanted]
    wanted = np.arange(len(sizes)) if wanted is None else wanted
    into = Hashed.nothing(len(wanted)) if into is None else into
    ends = np.zeros(len(wanted) + 1, np.int64)
    np.cumsum(sizes, out=ends[1:])

    def one(low: int, high: int) -> list[T]:
        slices = max((high - low) // SLICE, int(ends[high] - ends[low]) // SLICE_BYTES) + 1
        cuts = sorted({low + (high - low) * i // slices for i in range(slices + 1)})
        room = max(int(ends[b] - ends[a]) + b - a for a, b in pairwise(cuts))
        hashes, counts = np.empty(room, np.uint64), np.empty(len(wanted), np.int32)
        results = []
        for a, b in pairwise(cuts):
            fill = (into.first, into.second, hashes, counts)
            end = shingle_rows(*column[:2], wanted, a, b, kind == "char5", *fill)
            into.empty[a:b] = counts[a:b] == 0
            results.append(work(a, hashes[:end], counts[a:b]))
        return results

    return list(chain.from_iterable(workers.over(len(wanted), one))) if len(wanted) else []
