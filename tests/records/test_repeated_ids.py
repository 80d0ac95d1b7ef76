"""Keys of ids: equal for equal ids, and for no others."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from ftaudit.records.repeated_ids import id_keys

IDS = ("", "0", "00", "\x00", "\x00\x00", "a" * 14, "a" * 15, "a" * 16, "a" * 17, "é", "é" * 8)


def keys(ids: list[str]) -> list[tuple[int, int]]:
    high, low = id_keys(pl.Series(ids, dtype=pl.String))
    return list(zip(high, low, strict=True))


@given(st.lists(st.sampled_from(IDS) | st.text(max_size=20), max_size=6))
def test_keys_are_equal_where_ids_are(ids: list[str]) -> None:
    assert len(set(keys(ids))) == len(set(ids))


def test_either_half_tells_short_ids_apart() -> None:
    numbers = [str(number) for number in range(20_000)]
    high, low = id_keys(pl.Series(numbers))
    assert high.n_unique() == low.n_unique() == len(numbers)
    slots = (low % 16).value_counts()["count"]
    assert 1_000 < slots.min() <= slots.max() < 1_500  # type: ignore[operator] # numbers


def test_keys_do_not_depend_on_the_ids_beside_them() -> None:
    ids = pl.Series(["x", *IDS, "y"])
    assert keys(list(IDS)) == list(zip(*(half[1:-1] for half in id_keys(ids)), strict=True))
    sliced = id_keys(ids[1:-1])
    assert keys(list(IDS)) == list(zip(*sliced, strict=True))
