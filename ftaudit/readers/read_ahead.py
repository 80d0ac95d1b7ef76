"""Reading that goes on in a thread while what was read is worked on."""

from collections.abc import Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar, cast

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
