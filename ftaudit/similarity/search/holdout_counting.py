"""Counting how often the shingles of holdout texts occur, while all texts are hashed anyway."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain
from typing import TypeAlias

import numpy as np
from msgspec import Struct

from ftaudit.model.dataset import HOLDOUT, TRAIN
from ftaudit.similarity.runtime.hash_store import Hashes
from ftaudit.similarity.runtime.kernel_loader import load_kernels
from ftaudit.similarity.runtime.sorted_values import distinct_values
from ftaudit.similarity.search.containment import AT_ONCE, asked_texts, sought_texts
from ftaudit.similarity.search.holdout_shingles import HoldoutShingles
from ftaudit.similarity.search.search_task import SearchTask
from ftaudit.similarity.text.text_source import Ranges, TextSlice

HashReader: TypeAlias = Callable[[TextSlice, Hashes], None]
"""Is shown a slice, and the shingles of some of its texts, on any worker."""


class _HoldoutCounting(Struct, frozen=True, eq=False):
    """Counts the shingles of training texts that the holdout has."""

    shingles: HoldoutShingles
    train: Ranges

    def __call__(self, texts: TextSlice, hashes: Hashes) -> None:
        """Count the shingles of some texts of a slice, which is of one split."""
        if any(low <= texts.first < high for low, high in self.train):
            self.shingles.count(hashes)


@contextmanager
def counting_holdout(task: SearchTask) -> Iterator[HashReader | None]:
    """Lend what counts for `containment` in the pass that hashes all texts; then keep its counts.

    None where that pass has other shingles, where the holdout is not at hand before it, or has more
    shingles than are looked for at once.
    """
    train, holdout = (task.source.numbering.of_split(split) for split in (TRAIN, HOLDOUT))
    suits = task.early is not None and task.profile.kind == "word3" and bool(train)
    if not suits or not holdout or not task.source.holds_holdout:
        yield None
        return
    load_kernels(task.progress, "shingle_rows", "host_search")
    nothing = np.empty(0, np.int64)
    every = chain(sought_texts(task, holdout, nothing), asked_texts(task, holdout, nothing))
    values = [sought.values for sought in every]
    if sum(map(len, values)) > AT_ONCE:
        yield None
        return
    shingles = HoldoutShingles(distinct_values(np.concatenate([np.zeros(0, np.uint64), *values])))
    yield _HoldoutCounting(shingles, train)
    if task.early is not None:
        task.early.values, task.early.frequency = shingles.values, shingles.counted()
