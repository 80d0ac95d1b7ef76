"""What `Search` leaves out, it would not have found."""

import itertools
import random
from collections.abc import Iterator

import polars as pl
import pytest

from ftaudit.privacy.search import Search


class Thorough(Search, frozen=True):
    """Look at every text."""

    def _without_bare_numbers(self, texts: pl.Series) -> pl.Series:
        return texts


def bare_numbers() -> Iterator[str]:
    chance = random.Random(8)  # noqa: S311 - test data, not a secret
    for digits in range(1, 4):
        yield from map("".join, itertools.product("0123456789", repeat=digits))
    for digits in range(4, 9):
        yield from (f"{chance.randrange(10**digits):0{digits}}" for _ in range(1_000))
    dates = itertools.product(range(1950, 2031, 8), range(1, 13), (1, 15, 28))
    yield from (f"{year}{month:02}{day:02}" for year, month, day in dates)


def test_no_finding_stands_in_a_bare_number_of_eight_digits() -> None:
    assert list(Thorough().find(pl.Series(list(bare_numbers())))) == []


@pytest.mark.parametrize("search", [Search(threshold=0.0), Search(countries=("us", "de"))])
def test_other_recognizers_and_scores_see_every_text(search: Search) -> None:
    texts = pl.Series(["1234567", "12345678", "no number"])
    thorough = Thorough(threshold=search.threshold, countries=search.countries)
    assert list(search.find(texts)) == list(thorough.find(texts))


def test_longer_numbers_are_searched() -> None:
    texts = pl.Series(["20255501", None, "2025550143", "20255501\n", "4111111111111111"])
    found = list(Search().find(texts))
    assert found == list(Thorough().find(texts))
    assert [position for position, _ in found] == [2, 4]


def test_a_code_or_a_time_that_spares_presidio_holds_nothing_it_would_report(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    texts = pl.Series(
        [f"{word}{mark}{'0192837465'[:size]}" for word in _WORDS for mark in ("", "-", "_")
         for size in (1, 3, 4, 5, 6)]
        + [f"2025-03-{day:02}{mark}1{day % 10}:05:0{day % 6}{zone}" for day in range(1, 29)
           for mark in "T " for zone in ("", ".120394", "Z", "-05:30")]
        + ["2025-03-03T00:00:00", "2025-03-03 00:00", "128-255", "12-20", "1024-2047", "555-0199"]
    )  # fmt: skip
    spared = list(Search().find(texts))
    monkeypatch.setattr(Search, "_without_machine_cells", lambda _, column: column)
    assert spared == list(Search().find(texts))


_WORDS = ("T", "AB", "Jan", "March", "tel", "SSN", "DL", "MRN", "VIN", "id", "zip", "Order", "M")
