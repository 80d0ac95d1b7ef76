"""Threads for kernels, which release the interpreter's lock."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from itertools import pairwise
from typing import Final, Generic, TypeVar

from msgspec import Struct

AHEAD: Final = 3
"""Items per worker that wait: making the next may take the caller as long as others take for some,
as when many slices are cut from what is read at once."""

S = TypeVar("S")
T = TypeVar("T")


class Threads(Struct, frozen=True, eq=False):
    """The thread of the caller and a pool of others; of one worker, the caller alone."""

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

    def each(self, items: Sequence[S], work: Callable[[S], T]) -> list[T]:
        """Call `work` for every item; results in order."""
        if len(items) < 2:
            return [work(item) for item in items]
        return list(self.through(items, work, ahead=len(items)))

    def begin(self, work: Callable[[], T]) -> Callable[[], T]:
        """Start work beside everything else; return a function that waits for its result."""
        return work if self.pool is None else self.pool.submit(work).result

    def share(self, work: Callable[[int, int], None]) -> None:
        """Call `work(part, parts)` once for every worker."""
        self.each(range(self.count), lambda part: work(part, self.count))

    def through(
        self, items: Iterable[S], work: Callable[[S], T], *, ahead: int | None = None
    ) -> Iterator[T]:
        """Yield `work(item)` in order, while the next items are read and worked on.

        `ahead` is how many items; `AHEAD` for every worker when None. An error in any thread is
        raised, also that of a later item.
        """
        if (pool := self.pool) is None:
            yield from map(work, items)
            return
        most = AHEAD * self.count if ahead is None else ahead
        begun: deque[_Job[T]] = deque()
        for job in (_Job(partial(work, item), pool) for item in items):
            begun.append(job)
            if len(begun) > most:
                yield _first(begun)
        while begun:
            yield _first(begun)


class _Job(Generic[T]):
    """Work that is done once, by the first thread that is free."""

    def __init__(self, work: Callable[[], T], pool: ThreadPoolExecutor) -> None:
        self._work: list[Callable[[], T]] = [work]
        self._future = pool.submit(self._do)
        self._taken: list[T] = []

    def done(self) -> bool:
        """Return whether the result is available."""
        return bool(self._taken) or (self._future.done() and not self._future.cancelled())

    def take(self) -> bool:
        """Do the work in the calling thread, unless another has begun it."""
        if self._taken or not self._future.cancel():
            return False
        self._taken.append(self._do())
        return True

    def result(self) -> T:
        """Wait for the result."""
        return self._taken[0] if self._taken else self._future.result()

    def _do(self) -> T:
        """Do the work, and let go of the item: others may have to be waited for."""
        return self._work.pop()()


def _first(begun: deque[_Job[T]]) -> T:
    """Remove the first job and return its result; do later jobs while another thread is at it."""
    first = begun.popleft()
    if not first.done() and not first.take():
        while not first.done() and any(job.take() for job in begun):
            pass
    return first.result()


ALONE: Final = Threads(1, None)
"""No thread but the caller's."""


@contextmanager
def running_threads(count: int) -> Iterator[Threads]:
    """Keep `count - 1` threads beside that of the caller for as long as the context lasts."""
    if count < 2:
        yield ALONE
        return
    pool = ThreadPoolExecutor(count - 1, "similarity")
    try:
        yield Threads(count, pool)
    finally:
        pool.shutdown(cancel_futures=True)
