"""Units are placed whole, near their shares, by content alone."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ftaudit.remedies.splitting.placement import place_units
from ftaudit.remedies.splitting.split_units import Integers, SplitUnits, unite_rows

SHARES = ([0.2, 0.8], [0.5, 0.5], [0.2, 0.1, 0.7], [1 / 3] * 3, [0.2] * 5)


def key(content: int) -> int:
    """Return a well mixed number for a content."""
    return content * 0x9E3779B97F4A7C15 % 2**64


def units_of(rows: list[tuple[int, int]], classes: int = 5) -> SplitUnits:
    """Return units of rows (group, class), with the content of a row as its key."""
    groups = np.unique([group for group, _ in rows], return_inverse=True)[1]
    labels = np.array([class_ for _, class_ in rows], np.int64)
    keys = np.array([key(group * 100 + class_) for group, class_ in rows], np.uint64)
    return SplitUnits.of_rows(groups, keys, np.arange(len(rows)), labels, classes)


def off(units: SplitUnits, parts: Integers, shares: list[float]) -> float:
    """Return how many rows the class that is furthest off its share is off."""
    table = units.table(parts, len(shares))[:, :-1]
    return float(np.abs(table - np.outer(shares, units.class_rows)).max())


ROWS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 4)), min_size=1, max_size=80)


@settings(max_examples=30, deadline=None)
@given(ROWS, st.sampled_from(SHARES), st.randoms(use_true_random=False))
def test_placement_depends_on_content_and_not_on_order(
    rows: list[tuple[int, int]], shares: list[float], random: object
) -> None:
    shuffled = sorted(rows, key=lambda _: random.random())  # type: ignore[attr-defined] # hypothesis' own
    placed = []
    for order in (rows, shuffled):
        groups = np.unique([group for group, _ in order], return_inverse=True)[1]
        parts = place_units(units_of(order), shares)[groups]
        placed.append(Counter(zip(order, parts.tolist(), strict=True)))
    assert placed[0] == placed[1]


@settings(max_examples=30, deadline=None)
@given(ROWS, st.sampled_from(SHARES))
def test_every_unit_is_in_one_part_and_training_knows_every_class_of_two_units(
    rows: list[tuple[int, int]], shares: list[float]
) -> None:
    units = units_of(rows)
    parts = place_units(units, shares)
    assert len(parts) == len(units)
    assert set(parts.tolist()) <= set(range(len(shares)))
    training = units.table(parts, len(shares))[-1, :-1]
    assert (training[units.class_units > 1] > 0).all()


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.integers(5, 60), min_size=1, max_size=5),
    st.lists(st.tuples(st.integers(2, 4), st.integers(0, 4)), max_size=6),
    st.sampled_from(SHARES),
)
def test_with_rows_that_stand_alone_every_class_is_within_a_row_of_its_share(
    singles: list[int], larger: list[tuple[int, int]], shares: list[float]
) -> None:
    rows = []
    for class_, count in enumerate(singles):
        rows += [(1_000 * (class_ + 1) + at, class_) for at in range(count + 12)]
    for at, (size, class_) in enumerate(larger):
        rows += [(at, class_ % len(singles))] * size
    units = units_of(rows)
    assert off(units, place_units(units, shares, training=False), shares) < 1


def test_a_class_that_only_fits_as_whole_units_is_exchanged_until_it_is_near() -> None:
    rows = [(unit, class_) for unit in range(60) for class_ in (unit % 5, (unit + 1) % 5)]
    units = units_of(rows)
    assert off(units, place_units(units, [0.25, 0.75]), [0.25, 0.75]) <= 1


def test_rows_of_rare_classes_are_held_out_before_others_are_rounded_up() -> None:
    rows = [(at, 0) for at in range(100)] + [(200 + at, 1) for at in range(2)]
    units = units_of(rows)
    table = units.table(place_units(units, [0.204, 0.796]), 2)
    assert table[:, 1].tolist() == [1, 1]


def test_a_unit_larger_than_a_share_goes_to_training() -> None:
    units = units_of([(0, 0)] * 30 + [(at, 1) for at in range(1, 71)])
    parts = place_units(units, [0.2, 0.8])
    assert parts[np.argmax(units.sizes)] == 1
    assert units.table(parts, 2)[0].tolist()[:2] == [0, 14]


def test_units_that_are_fixed_stay_and_others_make_up_for_them() -> None:
    units = units_of([(at, 0) for at in range(100)])
    fixed = np.full(100, -1)
    fixed[:15], fixed[15:20] = 1, 0
    parts = place_units(units, [0.2, 0.8], fixed)
    assert parts[:20].tolist() == fixed[:20].tolist()
    assert (parts == 0).sum() == 20


def test_a_row_of_several_classes_counts_for_each_of_them() -> None:
    labelled, classes = [], []
    for row in range(200):
        chosen = [c for c in range(4) if row >> c & 1] or [0]
        labelled += [row] * len(chosen)
        classes += chosen
    keys = np.array([key(row) for row in range(200)], np.uint64)
    units = SplitUnits.of_rows(np.arange(200), keys, np.array(labelled), np.array(classes), 4)
    assert off(units, place_units(units, [0.2, 0.8]), [0.2, 0.8]) <= 1


@pytest.mark.parametrize(
    ("relations", "units"),
    [
        ([], [0, 1, 2, 3, 4]),
        ([[(3, 9), (1, 9)]], [0, 1, 2, 1, 3]),
        ([[(0, 7), (4, 7)], [(4, 2), (2, 2)]], [0, 1, 0, 2, 0]),
    ],
)
def test_rows_that_any_relation_joins_are_one_unit(
    relations: list[list[tuple[int, int]]], units: list[int]
) -> None:
    groups = [(np.array(r)[:, 0], np.array(r)[:, 1]) for r in relations]
    assert unite_rows(5, groups).tolist() == units
