"""Classes on their own and all together: the claim of a launch agrees with its verdict."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ftaudit.evaluation.group_lifts import GroupLift, group_lifts, standing_of
from ftaudit.model.statistics.standing import Standing
from tests.conftest import examples

Cells = tuple[int, int, int, int]


def groups_of(tables: list[Cells]) -> list[GroupLift]:
    """Return the groups of tables of (both, fixed, broken, neither)."""
    rows = [
        (str(name), *pair)
        for name, cells in enumerate(tables)
        for count, pair in zip(cells, ((1, 1), (0, 1), (1, 0), (0, 0)), strict=True)
        for _ in range(count)
    ]
    schema = {"class": pl.String, "baseline": pl.Int8, "tuned": pl.Int8}
    return group_lifts(pl.DataFrame(rows, schema=schema, orient="row"), 0.1)


CELLS = st.tuples(*[st.integers(0, 12)] * 4).filter(any)


@given(st.lists(CELLS, min_size=1, max_size=8))
@settings(max_examples=examples(25))
def test_only_what_is_worse_over_all_classes_refutes_and_every_class_is_counted_once(
    tables: list[Cells],
) -> None:
    groups = groups_of(tables)
    worse = [group for group in groups if group.is_worse]
    unknown = [group for group in groups if group.is_open]
    safe = [g for g in groups if g.standing is Standing.SHOWN and not g.is_worse]
    assert len(worse) + len(unknown) + len(safe) == len(groups)
    assert (standing_of(groups) is Standing.REFUTED) == bool(worse)
    assert (standing_of(groups) is Standing.SHOWN) == (len(safe) == len(groups))


@pytest.mark.parametrize(("others", "standing"), [(0, Standing.REFUTED), (40, Standing.NOT_SHOWN)])
def test_one_of_many_classes_that_chance_makes_worse_is_not_shown(
    others: int, standing: Standing
) -> None:
    """Five broken and none fixed: p .031 alone, 1 among forty-one classes."""
    groups = groups_of([(30, 0, 5, 5), *[(40, 0, 0, 0)] * others])
    assert groups[0].standing is Standing.REFUTED
    assert standing_of(groups) is standing
