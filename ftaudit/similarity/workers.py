"""Threads for kernels, which release the interpreter's lock."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Workers:
    """A pool of threads; one worker means none but the caller."""

    count: int
    pool: ThreadPoolExecutor | None

    def over(self, items: int, work: Callable[[int, int], T], *, least: int = 1_000) -> list[T]:
        """Call `work(low, high)` for ranges that cover `items`; results in order of the ranges.

        Ranges are cut for balance, four per worker, none below `least` items.
        """
        parts = 1 if self.pool is None else max(1, min(4 * self.count, items // least))
        cuts = [items * i // parts for i in range(parts + 1)]
        return self.each(list(pairwise(cuts)), lambda cut: work(*cut))

    def each(self, items: list[tuple[int, int]], work: Callable[[tuple[int, int]], T]) -> list[T]:
        """Call `work` for every item; results in order."""
        if self.pool is None or len(items) < 2:
            return [work(item) for item in items]
        return list(self.pool.map(work, items))


@contextmanager
def working(count: int) -> Iterator[Workers]:
    """Keep `count` threads for as long as the context lasts."""
    if count < 2:
        yield Workers(1, None)
        return
    with ThreadPoolExecutor(count, "similarity") as pool:
        yield Workers(count, pool)
