"""What `Search` leaves out, it would not have found."""

import itertools
import random
from collections.abc import Iterator

import polars as pl
import pytest

from ftaudit.privacy.search import Search


class Thorough(Search):
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
