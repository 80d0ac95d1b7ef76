"""Values that their own digits verify, and numbers that are said in words."""

import polars as pl
import pytest

from ftaudit.privacy.recognizers.cued_scanner import CuedScanner

LINE = "9250764733GBR6411035F3001019<<<<<<<<<<<<<<08"
"""A second line of a passport, of nobody, with right check digits (ICAO 9303)."""
IBANS = ("DE44500105175407324931", "GB29NWBK60161331926819", "FR1420041010050500013M02606")


def found(entity: str, *texts: str) -> list[list[str]]:
    spans_at = dict(CuedScanner((entity,)).find(pl.Series(texts)))
    return [
        sorted({text[span.start : span.end] for span in spans_at.get(i, ())})
        for i, text in enumerate(texts)
    ]


def test_a_line_of_a_passport_is_found_and_no_line_with_two_wrong_digits() -> None:
    def changed(*places: int) -> str:
        return "".join(str((int(c) + 1) % 10) if at in places else c for at, c in enumerate(LINE))

    assert found("PASSPORT", LINE, changed(9), changed(19)) == [[LINE], [changed(9)], [changed(19)]]
    wrong = [changed(0, 13), changed(9, 27), changed(5, 26), changed(18, 21), changed(9, 19, 27)]
    assert found("PASSPORT", *wrong) == [[]] * len(wrong)


@pytest.mark.parametrize("iban", IBANS)
def test_an_iban_is_found_however_it_is_grouped_and_ends_where_its_country_says(iban: str) -> None:
    fours = " ".join(iban[i : i + 4] for i in range(0, len(iban), 4))
    written = [iban, fours, fours.lower(), f"{iban[:2]} {iban[2:]}", fours.replace(" ", "-")]
    texts = [f"my iban is {value} please pay" for value in written]
    assert found("IBAN_CODE", *texts) == [[value] for value in written]
    wrong = iban[:-1] + str((int(iban[-1]) + 1) % 10)
    assert found("IBAN_CODE", f"IBAN: {wrong}") == [[]]


@pytest.mark.parametrize(
    ("said", "digits"),
    [
        ("four one five, double five two, eight six seven one", 11),
        ("oh seven seven double oh, nine double three, one two five", 12),
        ("null eins sieben neun, vier eins zwei, drei drei, eins acht", 11),
        ("one two three four five six seven", 0),
        ("four two six", 0),
    ],
)
def test_a_number_that_is_dictated_is_one_of_seven_digits_or_more(said: str, digits: int) -> None:
    expected = [said] if digits else []
    assert found("PHONE_NUMBER", f"my number is {said}, thanks") == [expected]
    assert found("PHONE_NUMBER", f"the code of the lock: {said}") == [[]]


def test_no_short_line_of_capitals_is_a_name() -> None:
    line = "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"
    assert found("PERSON", line, line[:-1], "COUT<<ENDL<<<<<<") == [
        ["ERIKSSON<<ANNA<MARIA"],
        [],
        [],
    ]
