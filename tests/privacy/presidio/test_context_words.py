import random
from collections.abc import Iterator

import pytest
from presidio_analyzer.context_aware_enhancers import LemmaContextAwareEnhancer

from ftaudit.privacy.presidio.blank_nlp import BlankNlpEngine
from ftaudit.privacy.presidio.context_words import ContextWords, boosted, is_word

PIECES = [
    r"the",
    r"of",
    r"and",
    r"call",
    r"Card",
    r"number:",
    r"12:30",
    r"a:the",
    r":b:",
    r"be",
    r"Be",
    r"BE",
    r"don't",
    r"can't",
    r"e.g.",
    r"i.e.",
    r"a.m.",
    r"U.S.",
    r":)",
    r":-)",
    r":",
    r"(",
    r")",
    r":(",
    r";-;",
    r"''",
    r"'s",
    r"(see)",
    r"x=1",
    r"http://a.b/c?d=e",
    r"a@b.c",
    r"3,5",
    r"10km",
    r"50%",
    r"$5",
    r"---",
    r"...",
    r".",
    r",",
    r"!",
    r'"quoted"',
    r"s/he",
    r"Straße",
    r"naïve",
    r"日本語",
    r"İstanbul",
    r"'cause",
    r"o_O",
    r"8)",
    r"in/out",
    r"and/or",
    r"EE.",
    r"UU.",
    r"z.B.",
    r"d.h.",
]
PIECES += ["\u039f\u0394\u039f\u03a3", "\u039f\u0394\u039f\u03a3.\u0391"]
SPACES = (" ", " ", " ", " ", "  ", "\n", " \n ", "\t", "\u00a0", "\r\n", "\x1c", "", "   ")


def texts(seed: int, count: int) -> Iterator[str]:
    chance = random.Random(seed)  # noqa: S311 - made-up text
    for _ in range(count):
        parts = [
            p
            for _ in range(chance.randrange(1, 24))
            for p in (chance.choice(PIECES), chance.choice(SPACES))
        ]
        yield chance.choice(SPACES) + "".join(parts)


@pytest.mark.parametrize("language", ["en", "es", "de", "fr", "ko", "zh"])
def test_words_around_a_match_are_those_that_presidio_takes(language: str) -> None:
    engine, enhancer = BlankNlpEngine((language,)), LemmaContextAwareEnhancer()
    engine.load()
    context, chance = ContextWords(language), random.Random(4)  # noqa: S311 - made-up text
    wanted = (
        "call",
        "card",
        "number",
        "the",
        "b",
        "12",
        "straße",
        "\u03bf\u03b4\u03bf\u03c2",
        "\u03bf\u03b4\u03bf\u03c3",
        "'",
        ".",
        "x",
    )
    agreed = 0
    for text in texts(3, 250):
        artifacts = engine.process_text(text, language)
        reading, of_words = context.read(text), context.read(text)
        for start in chance.sample(range(len(text.rstrip())), k=min(6, len(text.rstrip()))):
            around = enhancer._extract_surrounding_words(artifacts, text[start:], start)  # noqa: SLF001 - what it must equal
            for word in wanted:
                expected = any(word in near.lower() for near in around)
                assert reading.supports(start, (word,)) == expected, (text, start, word)
                whole = any(is_word(word, near.lower()) for near in around)
                supported = of_words.supports(start, (word,), whole_words=True)
                assert supported == whole, (text, start, word)
                agreed += expected
    assert agreed > 100


RUNS = (
    *("apple", "cannot", "id", "Mr", "I", "im", "Ill", "10km", "user1@host.com", "212-555-0147"),
    *("bank.com", "well-known", "3/4", "a-b-c-d-e", "he's-here", "1,000", "A.B", "x.Y", "$5", "İd"),
    *("don't", "o'clock", "-", "...", "a.m", "é-é", "U.S", "e.g", "C++", "a~b", "im-id"),
)


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_plain_runs_are_cut_as_spacy_cuts_them(language: str) -> None:
    context = ContextWords(language)
    words = {word for text in texts(5, 200) for word in text.split()}
    words |= {f"{word}{mark}" for word in RUNS for mark in ("", *".,;:!?)']%", "..")}
    for word in words:
        assert context._cut_run(word) == context.cut(word), word  # noqa: SLF001 - spaCy's own cut
    assert context._plain is not None  # noqa: SLF001 - as above
    assert sum(bool(context._plain.parts(word)) for word in words) > 100  # noqa: SLF001 - as above


def test_a_score_is_raised_as_presidio_raises_it() -> None:
    assert boosted(0.01) == 0.4
    assert boosted(0.5) == 0.85
    assert boosted(0.9) == 1.0


def test_a_match_of_a_last_space_has_no_token() -> None:
    with pytest.raises(LookupError):
        ContextWords("en").read("card ").supports(4, ("card",))


def test_what_spacy_remembers_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    context = ContextWords("en")
    before = context._vocab  # noqa: SLF001 - what must be replaced
    monkeypatch.setattr("ftaudit.privacy.presidio.context_words.STRINGS", 10)
    assert context.read("my card 12").supports(8, ("card",))
    assert context._vocab is not before  # noqa: SLF001 - as above


@pytest.mark.parametrize(
    ("word", "token", "expected"),
    [
        ("lic", "public", False),
        ("us", "customers", False),
        ("phone", "phone_number", True),
        ("phone", "phones", True),
        ("phone", "smartphone", True),
        ("phone", "phonetic", False),
        ("nummer", "telefonnummer", True),
        ("account#", "account#", True),
        ("주민", "주민등록번호", True),
    ],
)
def test_whole_words_are_words_plurals_and_heads_of_compounds(
    word: str, token: str, expected: bool
) -> None:
    assert is_word(word, token) is expected
