"""Texts → shingle hashes, a few rows at a time, on every worker."""

from collections.abc import Callable
from itertools import chain, pairwise
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt

from ftaudit.similarity.parameters import Shingles
from ftaudit.similarity.runtime.hash_store import Hashes
from ftaudit.similarity.runtime.kernel_loader import kernels
from ftaudit.similarity.runtime.threads import Threads
from ftaudit.similarity.text.arrow_buffers import TextViews
from ftaudit.similarity.text.text_hashes import TextHashes

SLICE: Final = 2_048
"""Most rows shingled at a time."""
SLICE_BYTES: Final = 1 << 20
"""About how many bytes of text they may have together: their hashes should fit a core's cache."""

T = TypeVar("T")
Work = Callable[[int, Hashes, npt.NDArray[np.int32]], T]
"""Called with the index of the first row, the hashes of consecutive rows, one row after another,
and how many hashes each row has. It may change both arrays: they are scratch."""


def shingle(  # noqa: PLR0913 - two are seldom passed
    workers: Threads,
    kind: Shingles,
    column: TextViews,
    work: Work[T],
    *,
    chosen: npt.NDArray[np.int64] | None = None,
    into: TextHashes | None = None,
) -> list[T]:
    """Shingle texts and return what `work` makes of each slice of them.

    Args:
        workers: each takes some slices; results stay in order.
        kind: characters or words.
        column: views of texts as `normalisation.prepared` returns them.
        work: called for each slice, on any worker.
        chosen: indices of the texts to shingle; all when None.
        into: filled with the hashes of the chosen texts.
    """
    shingle_rows = kernels("shingle_rows")

    sizes = column.sizes if chosen is None else column.sizes[chosen]
    chosen = np.arange(len(sizes)) if chosen is None else chosen
    into = TextHashes.empty_rows(len(chosen)) if into is None else into
    ends = np.zeros(len(chosen) + 1, np.int64)
    np.cumsum(sizes, out=ends[1:])

    def shingle_range(low: int, high: int) -> list[T]:
        slices = max((high - low) // SLICE, int(ends[high] - ends[low]) // SLICE_BYTES) + 1
        cuts = sorted({low + (high - low) * i // slices for i in range(slices + 1)})
        room = max(int(ends[b] - ends[a]) + b - a for a, b in pairwise(cuts))
        hashes, counts = np.empty(room, np.uint64), np.empty(len(chosen), np.int32)
        results = []
        for a, b in pairwise(cuts):
            fill = (into.first, into.second, hashes, counts)
            end = shingle_rows.shingle_rows(*column[:2], chosen, a, b, kind == "char5", *fill)
            into.empty[a:b] = counts[a:b] == 0
            results.append(work(a, hashes[:end], counts[a:b]))
        return results

    return (
        list(chain.from_iterable(workers.over(len(chosen), shingle_range))) if len(chosen) else []
    )
