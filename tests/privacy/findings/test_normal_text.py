"""Normalising text before the search, and finding the way back."""

import sys
import unicodedata

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ftaudit.privacy.findings.normal_text import need_normalising, normalise

PIECES = st.sampled_from(
    [
        *("a", "7", " ", "\u00a0", "\u2011", "\u200b", "\uff17", "&#64;", "&amp;", "&nope;"),
        *("\r\n", "\r", "%C3%A9", "%C3", "%2540", "&amp;nbsp;", '"', "\\n", "\\t", "\\_", "\u2014"),
        *('\\"x\\\\n\\"', '"x\\n"', "\\u7535", "\u7535", "\\+4", "\\&quot;", "%09"),
        *("%40", "%zz", '\\"', "\\\\n", "\\u0041", "[.]", "\\n7", "é", "🔑", "٣"),
    ]
)


@given(st.lists(PIECES, max_size=20).map("".join), st.booleans())
def test_every_span_of_the_normal_text_has_its_place_in_the_original(
    text: str, percent: bool
) -> None:
    normal = normalise(text, percent=percent)
    last = 0
    for offset in range(len(normal.text)):
        start, end = normal.place(offset, offset + 1)
        seam = normal.text[offset] == " " and start >= end  # put between two scripts
        assert last <= start < end <= len(text) or seam
        if not seam and not {*'\\["\u2014'} & {*text[start:end]}:  # read by what stands around them
            assert normalise(text[start:end], percent=percent).text.endswith(normal.text[offset])
        last = start
    if normal.text:
        assert normal.place(0, len(normal.text))[1] <= len(text)


@given(st.text(st.characters(max_codepoint=127, exclude_characters='&%[+\\"\r'), max_size=80))
def test_plain_text_is_searched_as_it_is(text: str) -> None:
    assert normalise(text).text == text
    assert not need_normalising(pl.Series([text]))[0]


@given(st.lists(PIECES, max_size=20).map("".join))
def test_what_normalising_changes_is_told_beforehand(text: str) -> None:
    if normalise(text).text != text:
        assert need_normalising(pl.Series([text]))[0]


def test_every_decimal_digit_of_the_basic_plane_becomes_ascii() -> None:
    digits = [chr(c) for c in range(0x10000) if unicodedata.category(chr(c)) == "Nd"]
    assert len(digits) > 300
    version = sys.version_info
    unread = [c for c in digits if normalise(c).text != str(unicodedata.digit(c))]
    assert unread == [], version


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("a&#64;b", "a@b"),
        ("a&#x40;b", "a@b"),
        ("a&commat;b", "a@b"),
        ("a%40b", "a@b"),
        ("4532\u00a00151", "4532 0151"),
        ("536\u201190", "536-90"),
        ("536\u201390", "536-90"),
        ("j\u200bdoe", "jdoe"),
        ("\uff14\uff15", "45"),
        ("addr=1600+Larch+Avenue", "addr=1600 Larch Avenue"),
        ("?tel=415+867+3309", "?tel=415 867 3309"),
        ("x=3+4", "x=3+4"),
        ('{\\"a\\": \\"b\\"}', '{"a": "b"}'),
        ('{\\\\\\"a\\\\\\": 1}', '{"a": 1}'),
        ("Zo%C3%AB %E7%94%B0", "Zoë 田"),
        ("%C3%28 %E9t%E9", "%C3( %E9t%E9"),
        ("a%2540b", "a@b"),
        ("a&amp;#64;b&amp;nbsp;c &amp;amp; d", "a@b c & d"),
        ("Zo\\u00eb W\\u00f3jcik", "Zoë Wójcik"),
        ("\\u7535\\u8bdd13800138000", "电话 13800138000"),
        ("one\r\ntwo\rthree", "one\ntwo\rthree"),
        ("415\u2014867\u20143309 \u2014 a\u2014b", "415-867-3309 \u2014 a\u2014b"),
        (r"ann\_lee\@initech\.com \+49 \*bold\* C:\_x", r"ann_lee@initech.com +49 \*bold\* C:\_x"),
        ('{"a": "b\\nc"}', '{"a": \nb\nc\n}'),
        ('{\\"a\\": \\"b\\\\n\\\\tc\\"}', '{"a": \nb\n\tc\n}'),
        ("TYPE=cell:+47+412", "TYPE=cell:+47 412"),
        ("100% sure & R&D", "100% sure & R&D"),
    ],
)
def test_one_spelling_for_what_is_written_in_many(written: str, plain: str) -> None:
    assert normalise(written).text == plain


def test_percent_encoding_stays_where_secrets_are_searched() -> None:
    assert normalise("p%40ss&#64;", percent=False).text == "p%40ss@"


def test_a_prefix_has_no_place_in_the_original() -> None:
    normal = normalise("555\u201101", prefix="phone: ")
    assert normal.text == "phone: 555-01"
    assert normal.place(7, 13) == (0, 6)


@pytest.mark.parametrize(
    "text", ["a&amp;b", "x\\u0041", r"84[.]23[.]17[.]201", r"a\n12", "%41", r"\"k\""]
)
@pytest.mark.parametrize("percent", [False, True])
def test_ascii_texts_are_normalised_as_texts_with_other_characters(
    text: str, *, percent: bool
) -> None:
    assert (
        normalise(f"{text} é", percent=percent).text == f"{normalise(text, percent=percent).text} é"
    )
