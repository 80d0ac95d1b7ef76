"""Shingles are counted to two, in any order and on any number of workers."""

import numpy as np
import pytest

from ftaudit.model.progress import Silent
from ftaudit.similarity.runtime.kernel_loader import load_kernels
from ftaudit.similarity.runtime.threads import running_threads
from ftaudit.similarity.search import shingle_counts
from ftaudit.similarity.search.shingle_counts import ShingleCounts, counters_for, width


@pytest.fixture(scope="module", autouse=True)
def _kernels() -> None:
    load_kernels(Silent(), "partitioned_counts")


@pytest.mark.parametrize("workers", [1, 2, 5])
@pytest.mark.parametrize("at_once", [1, 700, 1 << 22])
def test_every_shingle_is_counted_once_or_as_more(
    workers: int, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shingle_counts, "AT_ONCE", at_once)
    draw = np.random.default_rng(9)
    once = draw.integers(0, 2**64, 3_000, np.uint64)
    parts = np.array_split(np.concatenate([once, once[:1_000], once[:500]]), 7)
    cells = counters_for(3_000)
    counts = np.zeros(len(parts), np.int32)
    with running_threads(workers) as pool:
        counting = ShingleCounts(cells, pool)
        for part in parts:
            counting.add(counting.sort(0, part, counts))
        counting.settle()
    places = (once * np.uint64(0xD6E8FEB86659FD93)) >> np.uint64(64 - width(cells))
    met = np.bincount(places.astype(np.int64), minlength=1 << width(cells))
    met += np.bincount(places[:1_000].astype(np.int64), minlength=1 << width(cells))
    found = np.array([cells[i >> 5] >> np.uint64(2 * (i & 31)) for i in range(len(met))])
    assert ((found & np.uint64(3)) == np.minimum(met, 2).astype(np.uint64)).all()


def test_the_table_grows_with_the_shingles_and_never_beyond_a_gibibyte() -> None:
    assert width(counters_for(1)) == 12
    assert width(counters_for(1 << 20)) == 22
    assert width(counters_for(3 << 20)) == 24
