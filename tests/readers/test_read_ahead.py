"""Reading ahead: the same items, one more of which is made meanwhile."""

from collections.abc import Iterator
from contextlib import closing
from threading import current_thread

import pytest

from ftaudit.readers.read_ahead import read_ahead


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
