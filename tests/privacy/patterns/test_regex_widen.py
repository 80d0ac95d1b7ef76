import pytest
import regex  # type: ignore[import-untyped] # no stubs among the dependencies
from hypothesis import given, settings
from hypothesis import strategies as st

from ftaudit.privacy.patterns.prefilter import Finder
from ftaudit.privacy.patterns.regex_ir import Underivable
from ftaudit.privacy.patterns.regex_widen import widen, widen_roughly, widen_to_core
from tests.conftest import examples

_PIECES = st.sampled_from(["a", "b", "[ab]", "c?", "(?:ab|b|abc)", "b{2,3}", "(?:a|b)+", "(?:ca)*"])
_PATTERNS = st.lists(_PIECES, min_size=1, max_size=5).map("".join)


@settings(max_examples=examples(150))
@given(st.lists(_PATTERNS, min_size=1, max_size=4), st.text("abc-", max_size=10))
def test_one_pattern_is_in_a_text_exactly_when_the_widened_one_is(
    patterns: list[str], text: str
) -> None:
    try:
        widened = widen(patterns, 0)
    except Underivable:
        assert any(regex.search(pattern, "") for pattern in patterns)
        return
    plain = any(regex.search(pattern, text) for pattern in patterns)
    assert Finder(widened).is_in(text.encode()) == plain


_GAPS = st.sampled_from(["[^-\\n]{0,9}", "[^a\\n]*", ".{0,7}", "(?:[^-]{0,8}a)?"])


@settings(max_examples=examples(150))
@given(st.lists(st.one_of(_PIECES, _GAPS), min_size=1, max_size=6), st.text("abc-", max_size=14))
def test_every_text_with_a_match_holds_the_core_and_the_rough_shape_of_its_pattern(
    pieces: list[str], text: str
) -> None:
    pattern = "".join(pieces)
    try:
        core, rough = widen_to_core(pattern, 0), widen_roughly(pattern, 0)
    except Underivable:
        assert regex.search(pattern, "")
        return
    if regex.search(pattern, text):
        assert Finder(core).is_in(text.encode())
        assert Finder(rough).is_in(text.encode())


def test_the_part_that_fewest_texts_hold_is_the_core() -> None:
    assert widen_to_core(r"card[^\d\n]{0,40}\d{12}", 0) == widen([r"\d{12}"], 0)
    assert widen_to_core(r"passport[^\n]{0,40}\d", 0) == widen(["passport"], 0)


def test_patterns_that_hold_each_other_are_not_both_dropped() -> None:
    widened = Finder(widen(["x(?:ab|cd)", "x(?:cd|ab)"], 0))
    assert widened.is_in(b"xab")
    assert widened.is_in(b"xcd")
    assert not widened.is_in(b"x")


def test_a_pattern_that_matches_nothing_at_all_cannot_be_told() -> None:
    with pytest.raises(Underivable):
        widen(["a*"], 0)


def test_outer_repeats_are_cut_to_what_they_need() -> None:
    assert widen([r"[a-c]+@[a-c]{2,}"], 0) == r"[\x61-\x63][\x40][\x61-\x63]{2}"


def test_an_alternative_that_needs_another_is_dropped() -> None:
    assert widen(["https?://ab", "ab"], 0) == widen(["ab"], 0)
