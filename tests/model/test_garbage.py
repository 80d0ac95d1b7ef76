import gc
from collections.abc import Iterator

import pytest

from ftaudit.model.garbage import OBJECTS, rare_collections


@pytest.fixture(autouse=True)
def thresholds() -> Iterator[None]:
    """Set the thresholds that Python begins with, and bring back those there were."""
    before = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    yield
    gc.set_threshold(*before)


def test_garbage_is_looked_for_seldom_and_then_as_often_as_before() -> None:
    with rare_collections():
        assert gc.get_threshold()[0] == OBJECTS
    assert gc.get_threshold() == (700, 10, 10)


def test_contexts_that_overlap_end_as_the_first_began() -> None:
    first, second = rare_collections(), rare_collections()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert gc.get_threshold()[0] == OBJECTS
    second.__exit__(None, None, None)
    assert gc.get_threshold() == (700, 10, 10)


def test_it_ends_where_an_error_is_raised() -> None:
    with pytest.raises(KeyError), rare_collections():
        raise KeyError
    assert gc.get_threshold() == (700, 10, 10)


@pytest.mark.parametrize("chosen", [(0, 10, 10), (500_000, 10, 10)])
def test_where_a_caller_chose_fewer_looks_these_stay(chosen: tuple[int, int, int]) -> None:
    gc.set_threshold(*chosen)
    with rare_collections():
        assert gc.get_threshold() == chosen
    assert gc.get_threshold() == chosen
