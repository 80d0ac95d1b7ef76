"""Normalisation against a plain Python one, and on the writing systems of the world."""

# ruff: noqa: RUF001 - ambiguous characters are the point

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ftaudit.similarity.text.normalisation import normalised, prepared
from tests.similarity import reference

OLD = st.characters(codec="utf-8", max_codepoint=0x1FFF, exclude_categories=("Cn", "Co", "Cs"))
WORLD = st.one_of(
    OLD,
    st.sampled_from(
        "我想要新卡ひらカター한국어ไทยำ้ภาษा हिन्दीעבריתالعربيةßſςΣΐᾳİıǅﬁ①½²Ⅷ£€¥₿＄™©“”‘’–—…"
    ),
    st.sampled_from("😀👍🏽❤️🇫🇷👨\u200d👩\u200d👧\u0301\u200b\u00ad\u202e\ufeff\u2028\x00\x1b"),
)


def normal(text: str) -> str:
    return str(normalised(pl.Series([text], dtype=pl.String))[0])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Has my top-up “gone” through?", "has my top up gone through"),
        ("Don’t – wait…", "don t wait"),
        ("STRASSE Straße", "strasse strasse"),
        ("ΟΔΟΣ οδός", "οδοσ οδόσ"),
        ("cafe\u0301 café", "café café"),
        ("ﬁne ｆｕｌｌ ①", "fine full 1"),
        ("so\u00adft\u200bhyphen", "softhyphen"),
        ("£5 €5 $5", "£5 €5 5"),
        ("great👍🏽!", "great 👍"),
        ("I ❤️ it", "i ❤ it"),
        ("我想要新卡。", "我 想 要 新 卡"),
        ("ภาษาไทย", "ภ า ษ า ไ ท ย"),
        ("שָׁלוֹם, עולם", "שָׁלוֹם עולם"),
        ("مرحبا\u200fبك", "مرحبابك"),
        ("हिन्दी में", "हिन्दी में"),
        ("한국어 텍스트", "한국어 텍스트"),
        ("\t\n ---", ""),
    ],
)
def test_every_script_is_normalised_by_the_documented_rule(text: str, expected: str) -> None:
    assert normal(text) == expected
    assert reference.normal(text) == expected


@given(st.text(WORLD, max_size=40))
def test_normalisation_equals_the_plain_reference(text: str) -> None:
    assert normal(text) == reference.normal(text)


@given(st.text(WORLD, max_size=40))
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normal(normal(text)) == normal(text)


def test_only_rows_that_need_it_are_normalised_before_the_kernels() -> None:
    texts = pl.Series(["Plain, ASCII!", None, "Café", ""])
    assert prepared(texts).to_list() == ["Plain, ASCII!", "", "café", ""]
    assert normalised(texts).to_list() == ["plain ascii", None, "café", ""]
