"""Equal keys are grouped in linear time, as a dictionary would group them."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ftaudit.model.progress import Silent
from ftaudit.similarity.runtime.kernel_loader import load_kernels
from ftaudit.similarity.search.key_groups import grouped


@pytest.fixture(scope="module", autouse=True)
def _kernels() -> None:
    load_kernels(Silent(), "equal_keys")


def plainly(keys: list[int], places: list[int]) -> list[list[int]]:
    groups: dict[int, list[int]] = {}
    for place in places:
        groups.setdefault(keys[place], []).append(place)
    return [group for group in groups.values() if len(group) > 1]


def listed(keys: list[int], places: list[int] | None = None) -> list[list[int]]:
    there = None if places is None else np.array(places, np.uint32)
    members, bounds = grouped(np.array(keys, np.uint64), there)
    return [members[i:j].tolist() for i, j in pairwise(bounds.tolist())]


@given(st.lists(st.integers(0, 30) | st.integers(0, 2**64 - 1), max_size=200))
def test_groups_come_by_their_first_member_and_hold_ascending_places(keys: list[int]) -> None:
    assert listed(keys) == plainly(keys, list(range(len(keys))))


@given(st.lists(st.integers(0, 9), max_size=60), st.data())
def test_only_the_places_asked_for_are_grouped(keys: list[int], data: st.DataObject) -> None:
    places = sorted(data.draw(st.sets(st.integers(0, len(keys) - 1)))) if keys else []
    assert listed(keys, places) == plainly(keys, places)


def test_many_keys_of_which_few_repeat_are_all_found() -> None:
    draw = np.random.default_rng(3)
    keys = draw.integers(0, 2**64, 200_000, np.uint64)
    keys[5::1_000] = keys[4::1_000]
    assert listed(keys.tolist()) == [[i, i + 1] for i in range(4, 200_000, 1_000)]
