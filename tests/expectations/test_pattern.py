"""A pattern in the linear engine must find what Python's `re` finds, character for character."""

import re
import sys
import unicodedata

import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ftaudit.expectations.pattern import rust_pattern
from tests.conftest import examples

TEXTS = [
    "",
    "a",
    "A",
    "aa",
    "ab\n",
    "\n",
    "12",
    "12\n",
    "é",
    "É",
    "e\u0301",
    "ß",
    "\u017f",
    "s",
    "K",
    "k",
    "K",
    "\u0131",
    "i",
    "İ",
    "²",
    "Ⅻ",
    "٣",
    "_",
    " ",
    "\u00a0",
    "\x1c",
    "\u2028",
    "\r\n",
    "a.b",
    "x\x00y",
    "😀",
    "中文",
    "\u03a3\u03c2",
    "src-0001",
    "a b\tc",
]

TRANSLATED = [
    "a",
    "^a$",
    r"\d",
    r"\D",
    r"\w+",
    r"\W",
    r"\s",
    r"\S$",
    ".",
    "(?s).",
    "^$",
    "(?i)s",
    "(?i)K",
    "(?i)i",
    "(?i)[a-z]",
    "(?i)[^k]",
    "(?i)\u03c3",
    "[^a]",
    r"[\w.]",
    r"[^\d\s]",
    r"[^\W\d]",
    "a|b",
    "(?:a|b)+",
    "(a)(b)?",
    "a{2,3}",
    "a*?",
    r"\Aa",
    r"a\Z",
    "(?m)^$",
    "(?m)a$",
    "(?i:A)b",
    "[\\[\\]^-]",
    "(?x) a  b # c",
    "a$|b$",
    r"\x41",
    "\u00e9",
    "[😀-😂]",
    "",
    "a||b",
]


@pytest.mark.parametrize("pattern", TRANSLATED)
def test_a_translated_pattern_finds_the_same(pattern: str) -> None:
    translated = rust_pattern(pattern)
    assert translated is not None
    found = pl.Series(TEXTS, dtype=pl.String).str.contains(translated).to_list()
    assert found == [re.search(pattern, text) is not None for text in TEXTS]


@pytest.mark.parametrize(
    "pattern",
    [
        r"\bword",
        "(?=a)b",
        "(?<!a)b",
        r"(a)\1",
        "a$b",
        "(?a)\\w",
        "(?>a+)",
        "a++",
        "(?P<n>a)(?P=n)",
        "(?(1)a|b)",
        "a$\n",
        "(?i)[\x00-\uffff]",
        "(?:(?:a{1000}){1000}){1000}",
    ],
)
def test_what_has_no_equal_is_left_to_python(pattern: str) -> None:
    re.compile(pattern.replace("(?(1)", "()(?(1)"))
    assert rust_pattern(pattern.replace("(?(1)", "()(?(1)")) is None


def test_the_classes_are_those_of_python_for_every_code_point() -> None:
    points = [chr(c) for c in range(sys.maxunicode + 1) if not 0xD800 <= c <= 0xDFFF]
    known = [c for c in points if unicodedata.category(c) != "Cn"]
    series = pl.Series(known)
    for pattern in (r"\d", r"\w", r"\s"):
        translated = rust_pattern(pattern)
        assert translated is not None
        mine = series.str.contains(translated).to_list()
        python = re.compile(pattern)
        wrong = [c for c, found in zip(known, mine, strict=True) if found != bool(python.search(c))]
        assert not wrong, (pattern, wrong[:20])


atoms = st.sampled_from(
    [
        "a",
        "B",
        "é",
        "ß",
        "k",
        r"\d",
        r"\w",
        r"\S",
        ".",
        "[a-c]",
        "[^ab]",
        r"[\w-]",
        "(?:ab)",
        "^",
        "$",
        r"\Z",
    ]
)
pieces = st.tuples(atoms, st.sampled_from(["", "*", "+", "?", "{1,2}"])).map("".join)
patterns = st.tuples(
    st.sampled_from(["", "(?i)", "(?s)", "(?m)", "(?im)"]),
    st.lists(st.lists(pieces, min_size=1, max_size=3).map("".join), min_size=1, max_size=2).map(
        "|".join
    ),
).map("".join)


@settings(max_examples=examples(100))
@given(pattern=patterns, texts=st.lists(st.text("aAbBéÉß\u017fkK1_-. \n²", max_size=5), max_size=8))
def test_any_translated_pattern_finds_the_same(pattern: str, texts: list[str]) -> None:
    try:
        python = re.compile(pattern)
    except re.error:
        return
    translated = rust_pattern(pattern)
    assume(translated is not None)
    found = pl.Series(texts, dtype=pl.String).str.contains(str(translated)).to_list()
    assert found == [python.search(text) is not None for text in texts]
