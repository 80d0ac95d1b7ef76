"""Work is handed to threads ahead, and comes back in order."""

from collections import Counter
from collections.abc import Iterator
from threading import Barrier, Event, current_thread
from time import monotonic, sleep
from weakref import WeakSet

import pytest

from ftaudit.similarity.runtime.threads import AHEAD, ALONE, running_threads


@pytest.mark.parametrize("count", [1, 2, 3])
def test_results_come_in_the_order_of_the_items(count: int) -> None:
    with running_threads(count) as pool:
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

    with running_threads(2) as pool:
        results = pool.through(items(), lambda i: (gate.wait(10), i)[1])
        gate.set()
        assert next(results) == 0
        assert len(read) <= 2 + AHEAD * 2


def test_an_item_is_let_go_when_it_is_done_though_an_earlier_one_is_waited_for() -> None:
    class Item:
        """Can be looked at weakly."""

    made, held = Event(), WeakSet[Item]()

    def items() -> Iterator[Item | None]:
        yield None
        for _ in range(4):
            held.add(item := Item())
            yield item
            del item
        made.set()

    def work(item: Item | None) -> bool:
        if item is not None:
            return made.wait(10)
        made.wait(10)
        end = monotonic() + 10
        while held and monotonic() < end:
            sleep(0.001)
        return not held

    with running_threads(2) as pool:
        assert all(pool.through(items(), work, ahead=5))


@pytest.mark.parametrize("count", [1, 2, 3])
def test_what_breaks_in_any_thread_is_raised_and_nothing_new_is_begun(count: int) -> None:
    begun: list[int] = []

    def divide(i: int) -> float:
        begun.append(i)
        return 1 / (i - 3)

    with running_threads(count) as pool, pytest.raises(ZeroDivisionError):
        list(pool.through(range(1_000), divide))
    assert len(begun) < 20  # of 1,000
    assert list(ALONE.through([1, 2], divide)) == [-0.5, -1.0]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_every_item_is_worked_on_once_by_the_caller_or_another(count: int) -> None:
    threads: Counter[str] = Counter()
    items: Counter[int] = Counter()
    both = Barrier(count)

    def work(i: int) -> None:
        threads[current_thread().name] += 1
        items[i] += 1
        if i < count:
            both.wait(10)  # passed only when as many threads work at once

    with running_threads(count) as pool:
        pool.each(range(300), work)
    assert items == dict.fromkeys(range(300), 1)
    assert current_thread().name in threads
    assert len(threads) == count


def test_workers_may_share_their_own_work() -> None:
    with running_threads(2) as pool:
        found = pool.each(range(8), lambda i: sum(pool.each(range(50), lambda j: i * j)))
    assert found == [i * 1_225 for i in range(8)]


@pytest.mark.parametrize("count", [1, 2])
def test_what_is_begun_is_done_when_it_is_asked_for(count: int) -> None:
    with running_threads(count) as pool:
        result, broken = pool.begin(lambda: 7), pool.begin(lambda: 1 // 0)
        assert result() == 7
        with pytest.raises(ZeroDivisionError):
            broken()


def test_every_worker_gets_its_share() -> None:
    seen: set[tuple[int, int]] = set()
    with running_threads(3) as pool:
        pool.share(lambda part, parts: seen.add((part, parts)))
    assert seen == {(0, 3), (1, 3), (2, 3)}
