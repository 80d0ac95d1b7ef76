"""Work is handed to threads ahead, and comes back in order."""

from collections.abc import Iterator
from threading import Event

import pytest

from ftaudit.similarity.workers import ALONE, working


@pytest.mark.parametrize("count", [1, 2, 3])
def test_results_come_in_the_order_of_the_items(count: int) -> None:
    with working(count) as pool:
        assert list(pool.through(range(50), lambda i: i * i)) == [i * i for i in range(50)]
        assert pool.over(5_000, lambda low, high: high - low, least=10)
        assert sum(pool.over(5_000, lambda low, high: high - low, least=10)) == 5_000


def test_items_are_read_a_few_ahead_and_no_more() -> None:
    read: list[int] = []
    gate = Event()

    def items() -> Iterator[int]:
        for i in range(100):
            read.append(i)
            yield i

    with working(2) as pool:
        results = pool.through(items(), lambda i: (gate.wait(10), i)[1])
        gate.set()
        assert next(results) == 0
        assert len(read) <= 6


def test_what_breaks_in_a_worker_is_raised_where_its_result_is_taken() -> None:
    def halve(i: int) -> float:
        return 1 / (i - 3)

    with working(2) as pool:
        results = pool.through(range(10), halve)
        assert next(results) == pytest.approx(-1 / 3)
        with pytest.raises(ZeroDivisionError):
            list(results)
    assert list(ALONE.through([1, 2], halve)) == [-0.5, -1.0]


@pytest.mark.parametrize("count", [1, 2])
def test_what_is_begun_is_done_when_it_is_asked_for(count: int) -> None:
    with working(count) as pool:
        result, broken = pool.begin(lambda: 7), pool.begin(lambda: 1 // 0)
        assert result() == 7
        with pytest.raises(ZeroDivisionError):
            broken()


def test_every_worker_gets_its_share() -> None:
    seen: set[tuple[int, int]] = set()
    with working(3) as pool:
        pool.share(lambda part, parts: seen.add((part, parts)))
    assert seen == {(0, 3), (1, 3), (2, 3)}
