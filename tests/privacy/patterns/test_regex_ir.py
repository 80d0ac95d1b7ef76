import random

import pytest
import regex  # type: ignore[import-untyped] # no stubs among the dependencies
from hypothesis import given, settings
from hypothesis import strategies as st

from ftaudit.privacy.patterns.prefilter import Finder
from ftaudit.privacy.patterns.regex_ir import (
    Chars,
    Underivable,
    ends_with_group,
    is_within_words,
    least,
    parse,
    to_re2,
)
from tests.conftest import examples

FOLD, DOTALL = 2, 16
PRESIDIO = FOLD | 8 | DOTALL


def finds(pattern: str, flags: int, text: str) -> bool:
    return Finder(to_re2(parse(pattern, flags))).is_in(text.encode())


_ATOMS = st.sampled_from(
    [
        *"abkKsSiI0 9.-é\u0130\u212a",
        *(r"\d", r"\w", r"\s", r"\S", r"\W", r"\D", r"[^\s\d]", r"[\w.-]", r"[^\W_]"),
        *("[a-f]", "[^a]", ".", r"\b", r"(?<!\d)", "(?=a)", "^", "$", "[\u017f-\u0180]"),
        *("(?![a-fkI])", r"(?!\d|k0|[^a])", "(?!(?:a|b))"),
    ]
)
_PATTERNS = st.recursive(
    _ATOMS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4).map("".join),
        st.lists(inner, min_size=2, max_size=3).map(lambda b: f"(?:{'|'.join(b)})"),
        st.tuples(inner, st.sampled_from(["?", "*", "+", "{2}", "{1,3}", "+?", "{0,40}"])).map(
            lambda pair: f"(?:{pair[0]}){pair[1]}"
        ),
        inner.map(lambda x: rf"({x})\1"),
        inner.map(lambda x: f"(?i:{x})"),
    ),
    max_leaves=8,
)
_TEXTS = st.text(
    alphabet=st.sampled_from(
        list("abcdefkKsSiI019 .-_\n\t\x1c\x1f\x85éÉ\u017f\u212a\u0130\u0131ß\u00a0٣日")
    ),
    max_size=12,
)


@settings(max_examples=examples(150))
@given(_PATTERNS, st.sampled_from([0, FOLD, DOTALL, PRESIDIO]), st.lists(_TEXTS, max_size=8))
def test_what_a_pattern_matches_its_shape_matches(
    pattern: str, flags: int, texts: list[str]
) -> None:
    try:
        compiled = regex.compile(pattern, flags=flags)
        shape = to_re2(parse(pattern, flags))
    except (Underivable, regex.error):
        return
    finder = Finder(shape)
    for text in texts:
        if compiled.search(text):
            assert finder.is_in(text.encode())


@pytest.mark.parametrize(
    "pattern",
    [
        "[[:alpha:]]x",
        "(?:colour){e<=1}",
        r"\p{Lu}+",
        r"\X",
        r"(?|(a)|(b))",
        r"\L<names>",
        "a[b-[c]]",
        r"(?<year>\d{4})",
        "(?V1)a",
        "(a(?i)b)c",
        "[(?i)]",
        "(",
    ],
)
def test_syntax_that_the_parser_reads_otherwise_is_refused(pattern: str) -> None:
    with pytest.raises(Underivable):
        parse(pattern, PRESIDIO)


@pytest.mark.parametrize("flag", [regex.V1, regex.FULLCASE, regex.BESTMATCH, regex.REVERSE])
def test_a_flag_that_changes_the_meaning_is_refused(flag: int) -> None:
    with pytest.raises(Underivable):
        parse("strasse", int(flag))


def test_an_information_separator_is_not_white_space_for_the_regex_module() -> None:
    assert regex.search(r"a\Sb", "a\x1cb")
    assert finds(r"a\Sb", 0, "a\x1cb")
    assert finds(r"a\sb", 0, "a\x1cb"), "nor may it be missed where `re` would count it"


@pytest.mark.parametrize("letter", ["\u212a", "\u017f", "\u0130", "\u0131"])
def test_letters_that_fold_to_ascii_are_found(letter: str) -> None:
    for plain in "kKsSiI":
        if regex.search(plain, letter, flags=regex.I):
            assert finds(plain, FOLD, letter)


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        (r"age(?![a-z])[ ]?[a-z]*:", "age: x", True),
        (r"age(?![a-z])[ ]?[a-z]*:", "age of:", True),
        (r"age(?![a-z])[ ]?[a-z]*:", "agent:", False),
        (r"age(?![a-z]|[A-Z]{2})[A-Za-z]+:", "ageAB:", True),
        (r"(?i)age(?![a-z])[a-z]+:", "ageNT:", True),
        (r"x(?!y)(?:y|zz|[yz]k){1,2}\d", "xyk1", False),
        (r"x(?!y)(?:y|zz|[yz]k){1,2}\d", "xzky1", True),
        (r"x(?!y)y?", "xy", True),
        (r"a(?:b(?!c))?cd", "abcd", True),
    ],
)
def test_what_must_not_come_next_is_kept_out_where_it_is_certain(
    pattern: str, text: str, found: bool
) -> None:
    assert finds(pattern, 0, text) is found


def test_flags_in_the_middle_are_read() -> None:
    pattern = r"a\b(?i)-b"
    assert regex.search(pattern, "a-B")
    assert finds(pattern, 0, "a-B")
    assert finds(pattern, 0, "A-B"), "versions of `regex` differ in what the flag is of"


def test_a_back_reference_under_folding_may_match_in_another_case() -> None:
    assert regex.search(r"(a)-(?i:\1)", "a-A")
    assert finds(r"(a)-(?i:\1)", 0, "a-A")


def test_the_shortest_match_is_counted() -> None:
    assert least(parse(r"\d{3}(?:-\d{2})?", 0)) == 3
    assert least(parse("a*", 0)) == 0
    assert parse("[a-c]", 0).items[0] == Chars(frozenset(b"abc"), other=False)  # type: ignore[union-attr] # a sequence


@pytest.mark.parametrize(
    ("pattern", "within"),
    [
        (r"\b[\w.]+@[\w.]+\b", True),
        (r"(?<!\d)\d{3}-\d{4}(?!\d)", True),
        (r"\d+(?=\s)", False),
        (r"\d+ \d+", False),
        (r"\d+\s?", False),
        ("^a", False),
        ("a.b", False),
        ("[^a]b", False),
        (r"[^\s]b", True),
        (r"(a)\1", False),
        ("a(?!$)", False),
    ],
)
def test_whether_a_pattern_can_look_beyond_a_word_is_known(pattern: str, *, within: bool) -> None:
    assert is_within_words(pattern, PRESIDIO) is within


def test_a_pattern_within_words_finds_in_words_what_it_finds_in_the_text() -> None:
    chance = random.Random(5)  # noqa: S311 - made-up text
    pattern = regex.compile(r"(?<![\w.])\w+\b-?\w(?!-)", flags=PRESIDIO)
    for _ in range(1_000):
        text = "".join(chance.choices("ab-._ \t\n\r\u00a0\x1fé", k=14))
        words = regex.finditer(r"[^\t\n\r ]+", text)
        found = [
            (word.start() + match.start(), match.group())
            for word in words
            for match in pattern.finditer(word.group())
        ]
        assert found == [(match.start(), match.group()) for match in pattern.finditer(text)]


@pytest.mark.parametrize(
    ("pattern", "group", "ends"),
    [("0(1)?", 1, True), ("0(?:(1)(2))?", 2, True), ("0(?:(1)(2))?", 1, False), ("(0)1", 1, False)],
)
def test_whether_a_match_ends_with_a_group_is_known(
    pattern: str, group: int, *, ends: bool
) -> None:
    assert ends_with_group(pattern, group) is ends
