"""Threads for kernels, which release the interpreter's lock."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeVar

S = TypeVar("S")
T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Workers:
    """A pool of threads; one worker means none but the caller."""

    count: int
    pool: ThreadPoolExecutor | None

    def over(self, items: int, work: Callable[[int, int], T], *, least: int = 1_000) -> list[T]:
        """Call `work(low, high)` for `ranges` that cover `items`; results in their order."""
        return self.each(self.ranges(items, least), lambda cut: work(*cut))

    def ranges(self, items: int, least: int) -> list[tuple[int, int]]:
        """Cut for balance: four ranges per worker, none below `least` items."""
        parts = 1 if self.pool is None else max(1, min(4 * self.count, items // least))
        cuts = [items * i // parts for i in range(parts + 1)]
        return list(pairwise(cuts))

    def each(self, items: list[tuple[int, int]], work: Callable[[tuple[int, int]], T]) -> list[T]:
        """Call `work` for every item; results in order."""
        if self.pool is None or len(items) < 2:
            return [work(item) for item in items]
        return list(self.pool.map(work, items))

    def begin(self, work: Callable[[], T]) -> Callable[[], T]:
        """Begin some work beside all else; return what waits for its result and gives it."""
        return work if self.pool is None else self.pool.submit(work).result

    def share(self, work: Callable[[int, int], None]) -> None:
        """Call `work(part, parts)` once for every worker."""
        self.each([(part, self.count) for part in range(self.count)], lambda part: work(*part))

    def through(self, items: Iterable[S], work: Callable[[S], T]) -> Iterator[T]:
        """Yield `work(item)` in order, while the next few items are read and worked on."""
        if self.pool is None:
            yield from map(work, items)
            return
        ahead: deque[Future[T]] = deque()
        for item in items:
            ahead.append(self.pool.submit(work, item))
            if len(ahead) > 2 * self.count:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()


ALONE: Final = Workers(1, None)
"""No thread but the caller's."""


@contextmanager
def working(count: int) -> Iterator[Workers]:
    """Keep `count` threads for as long as the context lasts."""
    if count < 2:
        yield Workers(1, None)
        return
    with ThreadPoolExecutor(count, "similarity") as pool:
        yield Workers(count, pool)
