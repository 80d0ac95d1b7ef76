"""Words that differ, by the normalisation of the search."""

# ruff: noqa: RUF001 - ambiguous characters are the point

from itertools import product
from string import ascii_letters, digits

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ftaudit.similarity.text.normalisation import normalised
from ftaudit.similarity.text.word_diff import MOST_WORDS, differing_words
from tests.similarity.text.test_normalisation import WORLD


def marked(left: str, right: str) -> tuple[list[str], list[str]]:
    one, other = differing_words(left, right)
    return [left[i:j] for i, j in one], [right[i:j] for i, j in other]


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("Has my top-up gone?", "has my TOP UP gone", ([], [])),
        ("Don't pay £5", "don’t pay €5", (["£5"], ["€5"])),
        ("one two three", "one 2 three four", (["two"], ["2", "four"])),
        ("a long way", "along way", (["a long"], ["along"])),
        ("pre-paid card", "pre-pay card", (["paid"], ["pay"])),
        ("", "anything", ([], ["anything"])),
        ("?!", "...", ([], [])),
        ("What is 7 + 5?", "What is 7 - 5?", (["+"], ["-"])),
        ("7 × 5", "7*5", ([], [])),
        ("7.5", "7,5", (["."], [])),
        (r"grep -v \w", r"grep -V \W", (["v", "w"], ["V", "W"])),
    ],
)
def test_words_that_differ_after_normalisation_are_marked_and_no_others(
    left: str, right: str, expected: tuple[list[str], list[str]]
) -> None:
    assert marked(left, right) == expected


@given(st.text(WORLD, max_size=60), st.text(WORLD, max_size=60))
@example("\u00ae", "0\u00ae0")
def test_spans_lie_in_the_text_ascending_and_equal_texts_have_none(left: str, right: str) -> None:
    for text, spans in zip((left, right), differing_words(left, right), strict=True):
        ends = [end for span in spans for end in span]
        assert ends == sorted(ends)
        assert all(0 <= end <= len(text) for end in ends)
    assert differing_words(left, left) == ((), ())


def test_a_huge_text_is_compared_at_its_beginning_only() -> None:
    words = " ".join(str(i) for i in range(2 * MOST_WORDS))
    assert differing_words(words, words + " more") == ((), ())


def test_ascii_letters_and_digits_have_lower_case_as_their_normal_form() -> None:
    runs = ["".join(pair) for pair in product(ascii_letters + digits, repeat=2)]
    assert normalised(pl.Series(runs)).to_list() == [run.lower() for run in runs]
