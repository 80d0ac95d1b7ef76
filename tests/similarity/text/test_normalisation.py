"""Normalisation against a plain Python one, and on the writing systems of the world."""

# ruff: noqa: RUF001 - ambiguous characters are the point

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ftaudit.similarity.plain.operators import marked, operators
from ftaudit.similarity.plain.written_symbols import POINT
from ftaudit.similarity.text.normalisation import normalised, prepared
from tests.conftest import examples
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
        ("ΟΔΟΣ οδός", "oδoσ oδόσ"),
        ("cafe\u0301 café", "café café"),
        ("ﬁne ｆｕｌｌ ①", "fine full 1"),
        ("so\u00adft\u200bhyphen", "softhyphen"),
        ("£5 €5 §5", "£5 €5 5"),
        ("great👍🏽!", "great 👍"),
        ("I ❤️ it", "i ❤ it"),
        ("我想要新卡。", "我 想 要 新 卡"),
        ("ภาษาไทย", "ภ า ษ า ไ ท ย"),
        ("שָׁלוֹם, עולם", "שלום עולם"),
        ("לְכֻלָּם", "לכולם"),
        ("إِلَى المَدْرَسَةِ الصبـــاح", "الى المدرسة الصباح"),
        ("pаypаl Вank сорy", "paypal bank copy"),
        ("5 µm", "5 μm"),
        ("مرحبا\u200fبك", "مرحبابك"),
        ("हिन्दी में", "हिंदी में"),
        ("한국어 텍스트", "한국어 텍스트"),
        ("\t\n ---", ""),
    ],
)
def test_every_script_is_normalised_by_the_documented_rule(text: str, expected: str) -> None:
    assert normal(text) == expected
    assert reference.normal(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What is 7 + 5?", "what is 7 + 5"),
        ("7-5 = 2; 7*5, 7/5", "7 - 5 = 2 7 * 5 7 / 5"),
        ("7 × 5 ÷ 2 − 1", "7 * 5 / 2 - 1"),
        ("-7 + 5 and (-x)", "- 7 + 5 and - x"),
        ("Solve x^2 = 9", "solve x ^ 2 = 9"),
        ("7.5 and 1.2.3, 7. 5", "7.5 and 1.2.3 7 5"),
        ("2 * (3 + 4) - 1", "2 * ( 3 + 4 ) - 1"),
        ("if (a && !b || x != y) { i++; }", "if a & & ! b | | x ! = y i + +"),
        ("C++, C# and F#; A+ or A", "c + + c # and f # a + or a"),
        ("rose 5% in 9 % 2", "rose 5 % in 9 % 2"),
        ("½ ≠ π ± 1", "1 / 2 ≠ π ± 1"),
        ("a -> b, x<=y", "a - > b x < = y"),
        ("top-up – now - and/or e-mail, Hi! (see)", "top up now and or e mail hi see"),
        ("* one\n* two\n- three -- four\n====\n> five", "one two three four five"),
        ("**bold** _it_ 10 (ten) #1 :-)", "bold it 10 ten 1"),
    ],
)
def test_operators_are_words_and_the_same_signs_as_punctuation_are_none(
    text: str, expected: str
) -> None:
    plain = "".join("." if c == POINT else c for c in normal(text))
    assert (
        "".join(chr(ord(c) - 0x2800) if 0x2800 < ord(c) < 0x2880 else c for c in plain) == expected
    )
    assert reference.normal(text) == normal(text)


@given(st.text(st.sampled_from("aZ79 \t\n_é+*=<>&|^~-/!%()[].#$,:;'\"{}?@\\`−×"), max_size=24))
@settings(max_examples=examples(100))
def test_the_kernel_marks_the_operators_of_the_plain_rule(text: str) -> None:
    plain = text if text.isascii() and operators(text) else None
    (ours,) = prepared(pl.Series([text]))
    assert ours == (marked(text) if plain else ours)
    assert reference.normal(ours) == reference.normal(text)


SIMPLE = "".join(map(chr, range(0x80, 0x100))) + "".join(map(chr, range(0x2000, 0x2040))) + "−€™"


@given(st.lists(st.text(st.sampled_from(SIMPLE + "aZ7 +-/.()\n"), max_size=12), min_size=1))
@settings(max_examples=examples(100))
def test_typographic_text_is_normalised_alike_by_either_way(texts: list[str]) -> None:
    column = pl.Series(texts, dtype=pl.String)
    ours = [reference.normal(text) for text in prepared(column)]
    assert ours == normalised(column).to_list() == [reference.normal(text) for text in texts]


@given(st.text(WORLD, max_size=40))
def test_normalisation_equals_the_plain_reference(text: str) -> None:
    assert normal(text) == reference.normal(text)


@given(st.text(WORLD, max_size=40))
@example("\u0412\u0307 \u0456\u0307")
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normal(normal(text)) == normal(text)


def test_the_column_that_is_prepared_stays_as_it_is() -> None:
    texts = ["Café", "7 + 5", "“a”", "漢"]
    column = pl.Series(texts)
    assert prepared(column).to_list() != texts
    assert column.to_list() == texts


def test_only_rows_that_need_it_are_normalised_before_the_kernels() -> None:
    texts = pl.Series(["Plain, ASCII!", None, "Café", ""])
    assert prepared(texts).to_list() == ["Plain, ASCII!", "", "café", ""]
    assert normalised(texts).to_list() == ["plain ascii", None, "café", ""]
