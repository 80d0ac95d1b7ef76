"""Texts have one key if their words are the same."""

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from ftaudit.model.keys_of_words import GAP, word_keys
from ftaudit.model.text_digest import text_keys
from tests.conftest import examples

MARKS = st.text(alphabet="aB1\x00 \n\t.,_-'\x1f\x7f²é日\u0301\u00a0", max_size=12)


@settings(max_examples=examples(40))
@given(st.lists(MARKS, max_size=8))
def test_keys_are_those_of_the_words_alone(texts: list[str]) -> None:
    column = pl.Series(texts, dtype=pl.String)
    words = column.str.replace_all(GAP, " ").str.strip_chars(" ")
    assert word_keys(column).to_list() == text_keys(words).to_list()


def test_what_stands_between_words_does_not_count() -> None:
    [first, *others] = word_keys(pl.Series(["a b", " a, b! ", "a\n_b", "ab", "", "é", "é."]))
    assert [key == first for key in others] == [True, True, False, False, False, False]
