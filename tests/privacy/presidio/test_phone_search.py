import random

import phonenumbers
import pytest

from ftaudit.privacy.patterns.prefilter import Finder
from ftaudit.privacy.presidio import phone_metadata
from ftaudit.privacy.presidio.phone_search import PhoneSearch, longest_only

DEFAULT = ("US", "GB", "DE", "FR", "IL", "IN", "CA", "BR")
"""Regions of Presidio's recognizer."""
ODD = ("AR", "IT", "ZA", "MX", "SG")
"""A prefix that is replaced, leading zeros, five-digit numbers, many short ones."""


def matcher(text: str, regions: tuple[str, ...]) -> set[tuple[int, int]]:
    return {
        (match.start, match.end)
        for region in regions
        for match in phonenumbers.PhoneNumberMatcher(text, region, leniency=1)
    }


_KNOWN = ["164", "1641", "+49", "0", "00", "011", "+1", "+44", "0015", "415", "555", "2671", "800"]
_AFTER = [" ", "-", "/", ".", ") ", "  ", "\n", ", ", "a", "\u2013", "#", ":", ",", "\t", "~"]
_AFTER += [" x", "xx", "x:", "x.", "x,", ", x", " ~", "~\t", "int", ", int:", "ext", "extension "]
_AFTER += ["\uff58", "\uff03", "\uff45\uff58\uff54", "\u0434\u043e\u0431. ", "\u00a0", "\uff0f"]


def numbers(seed: int, count: int) -> list[str]:
    chance = random.Random(seed)  # noqa: S311 - made-up text
    texts = []
    for _ in range(count):
        text = ""
        for _ in range(chance.randrange(1, 6)):
            some = "".join(chance.choices("0123456789", k=chance.randrange(1, 12)))
            before = chance.choice(["", "", "(", "+", " ", "[", "x"])
            text += before + chance.choice([some, chance.choice(_KNOWN)]) + chance.choice(_AFTER)
        texts.append(text)
    return texts


@pytest.mark.parametrize("regions", [DEFAULT, ODD], ids=["default", "odd"])
def test_it_finds_what_phonenumbers_finds_and_the_prefilter_misses_none(
    regions: tuple[str, ...],
) -> None:
    search = PhoneSearch(regions)
    prefilter = phone_metadata.shape(regions)
    finder = Finder(prefilter) if prefilter else None
    found = 0
    for text in numbers(11, 1_250):
        expected = matcher(text, regions)
        assert search.find(text) == expected, text
        if expected and finder:
            assert finder.is_in(text.encode()), text
        found += len(expected)
    assert found > 75


@pytest.mark.parametrize(
    "text",
    [
        "tax~+49 164int 12_K1996",
        "x5, x634. 06529125 - 1641/++44-",
        "1 extension 2, 2 x 300 x 400 x 5",
        "call 2012-01-02 08:00 or 3/10/2011 or 12(3): 211-227 (2003)",
        "abc8005001234def $8005001234 8005001234%",
        "(530) 583-6985 x302/x2303, 651-234-2345/332-445-1234",
        "0015 11 2345-6789 and +55 (11) 96123-4567 and 0 15 11 96123 4567",
        "\uff0b\uff14\uff19\u3000\uff13\uff10 901820; +٤٩ ٣٠ ٩٠١٨٢٠",
        "+ 49 30 901820, ++49 30 901820, (+49) 30 901820",
        "",
    ],
)
def test_numbers_that_are_easily_mistaken_are_found_as_phonenumbers_does(text: str) -> None:
    assert PhoneSearch(DEFAULT).find(text) == matcher(text, DEFAULT)


def test_a_text_with_more_candidates_than_phonenumbers_tries_is_left_to_it() -> None:
    assert PhoneSearch(DEFAULT).find("12-34-5 " * 20_000) is None
    assert PhoneSearch(DEFAULT).find("words without numbers " * 20_000) == set()


def test_spans_inside_others_are_dropped() -> None:
    assert longest_only({(4, 9), (0, 5), (0, 3), (6, 9), (4, 8)}) == [(0, 5), (4, 9)]


def test_every_short_number_of_germany_is_known_to_the_prefilter() -> None:
    prefilter = phone_metadata.shape(("DE",))
    assert prefilter
    finder = Finder(prefilter)
    for number in range(1_000, 100_000):
        parsed = phonenumbers.PhoneNumber(country_code=49, national_number=number)
        if phonenumbers.is_valid_number(parsed):
            assert finder.is_in(str(number).encode()), number


def dialled(seed: int) -> list[str]:
    """Return digits that are valid somewhere, with and without prefixes, and others."""
    chance = random.Random(seed)  # noqa: S311 - made-up numbers
    plain = ["".join(chance.choices("0123456789", k=chance.randrange(1, 20))) for _ in range(150)]
    kinds = (0, 1, 4)  # PhoneNumberType: fixed line, mobile, premium
    numbers = [
        str(example.national_number)
        for region in (*DEFAULT, *ODD)
        for kind in kinds
        if (example := phonenumbers.example_number_for_type(region, kind)) is not None
    ]
    varied = [number[:-2] + f"{chance.randrange(100):02d}" for number in numbers]
    known = ("", "0", "00", "1", "011", "44", "49", "0049", "15")
    return plain + [prefix + number for prefix in known for number in (*numbers, *varied)]


@pytest.mark.parametrize("region", [*DEFAULT, *ODD])
def test_dialled_digits_are_valid_where_phonenumbers_parses_them(region: str) -> None:
    dialling = PhoneSearch((region,)).regions[0]
    outcomes = {digits: dialling.dials(digits) for digits in dialled(7)}
    assert outcomes == {digits: dialling.parses(digits) for digits in outcomes}
    assert any(outcomes.values())
    assert not all(outcomes.values())


def test_a_region_that_replaces_prefixes_has_no_pattern_of_what_is_dialled() -> None:
    assert phone_metadata.national("AR") is None
    assert phone_metadata.shape(("AR",)) is None
    assert phone_metadata.national("BR") is not None


@pytest.mark.parametrize("separator", [" ", ", ", "/"])
def test_a_text_of_many_numbers_is_searched_here_and_as_phonenumbers_does(separator: str) -> None:
    few = separator.join(["415-867-5309"] * 40)
    assert PhoneSearch(DEFAULT).find(few) == matcher(few, DEFAULT)
    assert PhoneSearch(DEFAULT).find(separator.join(["415-867-5309"] * 550)) is not None


@pytest.mark.parametrize("most", [3, 5, 7, 12])
def test_countries_that_cannot_have_the_shortest_number_are_not_read(most: int) -> None:
    codes = phone_metadata.calling_codes()
    least = min(len(code) + phone_metadata.shortest(code) for code in codes)
    assert phone_metadata.shortest_abroad(most) == min(least, most)


@pytest.mark.parametrize(
    "code", ["1", "7", "33", "39", "44", "49", "55", "91", "599", "800", "972"]
)
def test_national_numbers_are_valid_where_phonenumbers_says_so(code: str) -> None:
    chance, valid = random.Random(int(code)), 0  # noqa: S311 - made-up numbers
    examples = [
        str(description.example_number)
        for region in phone_metadata.calling_codes()[code]
        for kind in ("fixed_line", "mobile", "toll_free", "voip", "general_desc")
        if (
            description := getattr(
                phonenumbers.PhoneMetadata.metadata_for_region_or_calling_code(int(code), region),
                kind,
            )
        )
        and description.example_number
    ]
    for _ in range(120):
        digits = list(chance.choice(examples))
        digits[chance.randrange(len(digits))] = chance.choice("0123456789")
        digits = digits[: len(digits) - (chance.random() < 0.1)]
        national = "".join(digits)
        number = phonenumbers.PhoneNumber(country_code=int(code), national_number=int(national))
        phonenumbers.phonenumberutil._set_italian_leading_zeros_for_phone_number(national, number)  # noqa: SLF001 - as `parse` does
        expected = phonenumbers.is_valid_number(number)
        assert phone_metadata.is_valid(code, national) == expected, national
        valid += expected
    assert valid > 10
