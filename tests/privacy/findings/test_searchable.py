"""Preparing columns to be searched: windows, labels, normal spelling."""

import re
from collections.abc import Iterator
from itertools import pairwise

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from ftaudit.privacy.findings.searchable import SearchableTexts, Windows
from ftaudit.privacy.findings.span import Span


def words(texts: pl.Series, pattern: str = r"needle") -> Iterator[tuple[int, list[Span]]]:
    for position, text in enumerate(texts):
        if text is not None:
            found = re.finditer(pattern, text)
            yield position, [Span("WORD", *match.span(), 1.0, "t") for match in found]


WINDOWS = Windows()


@given(st.integers(0, 5 * WINDOWS.size))
def test_windows_own_every_offset_once_and_see_around_it(length: int) -> None:
    spread = WINDOWS.of(length)
    assert spread[0][2] == 0
    assert spread[-1][3] == length
    for (_, last, _, beyond), (first, _, own, _) in pairwise(spread):
        assert own == beyond
        assert first <= own - WINDOWS.margin
        assert last >= min(beyond + WINDOWS.margin, length)
    assert all(last - first <= WINDOWS.size for first, last, _, _ in spread)


@given(st.lists(st.integers(0, 40_000), max_size=8))
def test_what_stands_in_a_long_text_is_found_once_in_its_place(offsets: list[int]) -> None:
    text = ["."] * 40_010
    for offset in offsets:
        text[offset : offset + 6] = "needle"
    whole = "".join(text)
    expected = [match.span() for match in re.finditer("needle", whole)]
    searchable = SearchableTexts(pl.Series([whole, "needle", None]))
    found = dict(searchable.placed(words(searchable.column)))
    assert [(s.start, s.end) for s in found.get(0, [])] == expected
    assert [(s.start, s.end) for s in found[1]] == [(0, 6)]


def test_a_label_stands_before_its_value_and_is_never_found_itself() -> None:
    texts, labels = pl.Series(["needle", "a needle", None]), pl.Series(["needle", "", "needle"])
    searchable = SearchableTexts(texts, labels)
    assert searchable.column.to_list() == ["needle: needle", "a needle", None]
    found = dict(searchable.placed(words(searchable.column)))
    assert [(s.start, s.end) for s in found[0]] == [(0, 6)]
    assert texts.to_list() == ["needle", "a needle", None]


def test_columns_that_need_nothing_are_searched_as_they_are() -> None:
    texts = pl.Series(["plain", None])
    assert SearchableTexts(texts).column is texts
