import gc
from collections.abc import Iterator

import pytest

from ftaudit.model.garbage import (
    IMPORTED,
    OBJECTS,
    SERVED,
    rare_after_importing,
    rare_collections,
    rare_while_importing,
)


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


def test_a_process_that_imports_looks_for_none_before_it_has() -> None:
    rare_while_importing()
    assert gc.get_threshold()[0] == IMPORTED > OBJECTS > SERVED


def test_what_is_imported_is_set_apart_once(monkeypatch: pytest.MonkeyPatch) -> None:
    frozen: list[bool] = []
    monkeypatch.setattr(gc, "freeze", lambda: frozen.append(True))
    monkeypatch.setattr(gc, "get_freeze_count", lambda: len(frozen))
    rare_after_importing()
    assert gc.get_threshold()[0] == SERVED
    rare_after_importing()
    assert frozen == [True]
