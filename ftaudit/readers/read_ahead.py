"""Reading that goes on in a thread while what was read is worked on."""

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from typing import Final, TypeVar, cast

S = TypeVar("S")
T = TypeVar("T")
_END: Final = object()


def read_ahead(items: Iterable[T]) -> Generator[T, None, None]:
    """Yield items; while one is worked on, a thread makes the next. No more than that are held."""
    iterator = iter(items)
    with ThreadPoolExecutor(1) as reader:
        coming = reader.submit(next, iterator, _END)
        while (item := coming.result()) is not _END:
            coming = reader.submit(next, iterator, _END)
            yield cast("T", item)


def made_ahead(
    items: Iterable[S], make: Callable[[S], T], threads: int
) -> Generator[T, None, None]:
    """Yield `make(item)` in order; while one is worked on, threads make the next, one each.

    They take the items, too: one after the other.
    """
    iterator, coming = iter(items), deque[Future[object]]()
    turn = Event()
    turn.set()

    def make_next(before: Event, taken: Event) -> object:
        before.wait()
        try:
            item = next(iterator, _END)
        finally:
            taken.set()
        return _END if item is _END else make(cast("S", item))

    with ThreadPoolExecutor(threads) as makers:
        for _ in range(threads):
            before, turn = turn, Event()
            coming.append(makers.submit(make_next, before, turn))
        while (made := coming.popleft().result()) is not _END:
            before, turn = turn, Event()
            coming.append(makers.submit(make_next, before, turn))
            yield cast("T", made)
