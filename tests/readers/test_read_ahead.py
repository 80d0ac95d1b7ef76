"""Reading ahead: the same items, one more of which is made meanwhile."""

from collections.abc import Iterator
from contextlib import closing
from threading import Barrier, current_thread

import pytest

from ftaudit.readers.read_ahead import made_ahead, read_ahead


def test_items_come_in_their_order_from_another_thread() -> None:
    makers = set()

    def items() -> Iterator[int]:
        for number in range(5):
            makers.add(current_thread().name)
            yield number

    assert list(read_ahead(items())) == [0, 1, 2, 3, 4]
    assert current_thread().name not in makers


def test_one_item_more_is_made_than_was_taken() -> None:
    made: list[int] = []

    def items() -> Iterator[int]:
        for number in range(9):
            made.append(number)
            yield number

    with closing(read_ahead(items())) as ahead:
        assert next(ahead) == 0
    assert made == [0, 1]


def test_an_error_is_raised_after_the_items_before_it() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise LookupError

    ahead = read_ahead(items())
    assert next(ahead) == 1
    with pytest.raises(LookupError):
        next(ahead)


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_what_several_threads_make_at_once_comes_in_the_order_of_the_items(threads: int) -> None:
    together = Barrier(threads)

    def make(number: int) -> int:
        if number < threads:
            together.wait(10)  # passed only when as many are made at once
        return number * number

    assert list(made_ahead(range(20), make, threads)) == [i * i for i in range(20)]
    assert list(made_ahead([], make, threads)) == []


def test_one_for_each_thread_is_made_ahead() -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for number in range(9):
            taken.append(number)
            yield number

    with closing(made_ahead(items(), str, 2)) as ahead:
        assert next(ahead) == "0"
    assert taken == [0, 1, 2]


@pytest.mark.parametrize("broken", [3, 4])
def test_the_first_error_is_raised_after_the_items_before_it(broken: int) -> None:
    def items() -> Iterator[int]:
        yield from range(5)
        raise LookupError(5)

    def make(number: int) -> int:
        if number >= broken:
            raise LookupError(number)
        return number

    ahead = made_ahead(items(), make, 2)
    assert [next(ahead) for _ in range(broken)] == list(range(broken))
    with pytest.raises(LookupError, match=str(broken)):
        next(ahead)
