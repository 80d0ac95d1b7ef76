from typing import Any

import polars as pl
import pytest

from ftaudit.privacy.patterns import prefilter
from ftaudit.privacy.patterns.prefilter import Finder, Prefilter, load_re2, place_finder, usable

TEXTS = pl.Series(
    ["one ab two", None, "", "xyz ÀB ab", "zz\x00z cd", "日本 ab@cd", "q" * 9_000 + "cd"]
)


@pytest.fixture(params=["re2", "polars"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "polars":
        monkeypatch.setattr(prefilter, "load_re2", lambda: None)
    return str(request.param)


@pytest.mark.usefixtures("engine")
def test_a_text_is_a_candidate_of_what_is_found_in_it() -> None:
    found = [(i, hits) for i, _, hits in Prefilter(["ab", "c[d]", "nowhere"]).candidates(TEXTS)]
    assert found == [(0, [0]), (3, [0]), (4, [1]), (5, [0, 1]), (6, [1])]


@pytest.mark.usefixtures("engine")
def test_without_prefilters_nothing_is_a_candidate() -> None:
    assert list(Prefilter([]).candidates(TEXTS)) == []


@pytest.mark.usefixtures("engine")
def test_what_cannot_be_compiled_is_not_usable() -> None:
    assert usable("a+")
    assert not usable("(")
    assert not usable("(?:[a-z]{1000}){1000}")


def test_a_search_that_runs_out_of_memory_rules_nothing_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(prefilter, "_set", lambda *_: lambda _: [])  # as RE2 answers then
    searched = Prefilter(["ab", "cd"])
    found = [(i, hits) for i, _, hits in searched.candidates(pl.Series(["x", None, "y"]))]
    assert found == [(0, [0, 1]), (2, [0, 1])]


def test_a_tiny_memory_still_finds_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prefilter, "_MEMORY", 1 << 16)
    monkeypatch.setattr(prefilter, "_LEAST_MEMORY", 0)
    dates = r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[a-z]{2,9}[0-9]{3}){2}"
    text = "2024-01-01abc123de456" + "2024-1x" * 500 + " 2024-01-01zzz999yy888"
    assert [hits for _, _, hits in Prefilter([dates, "nn"]).candidates(pl.Series([text]))] in (
        [[0]],
        [[0, 1]],
    )


@pytest.mark.parametrize("most", [1, 3, 7, 50])
def test_how_many_are_searched_at_once_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(prefilter, "_AT_ONCE", most)
    runs = [r"[\x30-\x39]x", r"[\x41-\x5a][\x61-\x7a]+[\x21]"]
    searched = Prefilter([runs[0], *(f"{letter}[0-9]" for letter in "abcdefgh"), runs[1]])
    texts = pl.Series(["h1 a2 d3", "b", "", "g9x Hm!", None])
    found = [(i, hits) for i, _, hits in searched.candidates(texts)]
    assert found == [(0, [1, 4, 8]), (3, [0, 7, 9])]


def test_words_are_what_is_between_white_space() -> None:
    data = "a@b é\tx@yé\nno  @@ @".encode()
    found = [(at, word.decode()) for at, word in Finder("@").words(data)]
    assert found == [(0, "a@b"), (7, "x@yé"), (17, "@@"), (20, "@")]


class OnlySearch:
    """A compiled expression of a release without the names that are called directly."""

    def __init__(self, compiled: Any) -> None:  # noqa: ANN401 - google-re2 has no types
        self.search = compiled.search


@pytest.mark.parametrize("data", ["", "no", "aba", "é aab ab", "ab" * 50])
def test_a_place_is_the_same_under_whatever_name_the_library_has_it(data: str) -> None:
    """Direct calls and `search` find the same first match between the same places."""
    compiled = load_re2().compile("a+b")
    text = data.encode()
    direct, searched = place_finder(compiled), place_finder(OnlySearch(compiled))
    for start in range(len(text) + 1):
        assert direct(text, start, len(text)) == searched(text, start, len(text))
