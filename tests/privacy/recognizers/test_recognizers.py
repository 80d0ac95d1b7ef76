import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ftaudit.privacy.findings.card_numbers import luhn
from ftaudit.privacy.recognizers.checksums import digits
from ftaudit.privacy.recognizers.cued_scanner import CuedScanner, discover

FOUND = {
    "CREDIT_CARD": [
        "Pay with 4111 1111 1111 1111 please",
        "my card is 503890547220, thanks",
        "number 180020497005751 on file",
        "2720418695252980 was charged",
        "Amex 3782-822463-10005 expires soon",
        "4735615260219382870",
    ],
    "PHONE_NUMBER": [
        "call me on 555 0142 98",
        "Phone: 72 128 827",
        "my mobile number is 0489 25 37 29",
        "(37) 788-0635 office",
        "Tel.: +49 30 1234567",
        "Fax:\n\n(08) 8747 6301",
        "tel (+49 30 1234567)",
    ],
    "PERSON": [
        "My name is Orla Testperson and I live here",
        "Dear Ms. Testperson,",
        "ask Dr. Quill Sampleton about it",
        "Name: Vera de Exemplar\nAge: 3",
        "Kind regards,\nVera Exemplar",
        "I spoke to my brother Quill yesterday",
    ],
    "STREET_ADDRESS": [
        "I live at 12 Sample Street, Apt. 4",
        "send it to 4500 North Example Avenue",
        "Musterstraße 12, third floor",
        "12, then Rue de Modele 5 on the left",
        "write to P.O. Box 1234",
        "PSC 5217, Box 4854",
    ],
    "DATE_OF_BIRTH": [
        "she was born on 7/14/1995 at noon",
        "DOB: 1990-02-28",
        "date of birth is 3 March 1988",
        "Birthday: June 5th, 2001",
        "geb. 12.03.1981",
        "birthdate=1981-03-12T00:00:00Z",
    ],
    "AGE": ["a 36-year-old man", "aged 54", "I just turned 47", "a 31 y/o patient", "Age: 28"],
    "US_DRIVER_LICENSE": ["my driver's license number is F162823540116"],
    "ZIP_CODE": ["my zip code is 76400", "Postcode: SW1A 1AA", "PLZ 10115", "postal code LV-1010"],
    "IBAN_CODE": ["iban: de 44 5001 0517 5407 3249 31 please", "IBAN fr1420041010050500013m02606"],
    "PASSPORT": ["passport number C01234567", "Passport No. 533380006"],
    "US_SSN": ["SSN: 536-90-4399", "my social security number is 536904399"],
    "BR_CPF": ["CPF 529.982.247-25", "cpf: 52998224725"],
    "CN_RESIDENT_ID": ["id 11010519491231002X ok"],
    "FR_NIR": ["NIR 2 55 08 14 168 025 38"],
    "NL_BSN": ["BSN 111222333"],
    "MX_CURP": ["CURP HEGG560427MVZRRL04"],
    "BE_NATIONAL_NUMBER": ["rijksregister 85.07.30-033.28"],
    "CH_AHV": ["AHV 756.9217.0769.85"],
    "CL_RUT": ["RUT 12.345.678-5"],
    "PT_NIF": ["NIF: 123456789"],
    "NO_FODSELSNUMMER": ["fødselsnummer 01010750160"],
    "COORDINATES": ["GPS 52.520008, 13.404954", "lat: 52.520008, lon: 13.404954"],
    "CRYPTO": ["send it to 0x52908400098527886E0F7030069857D2E4169EE7"],
    "EMAIL_ADDRESS": [
        "j.doe [at] initech [dot] com",
        "mail j.doe(at)initech.com",
        "jdoe @ initech.com",
        "reach me: jdoe at initech dot com",
        "jane dot roe at initech dot com",
    ],
    "IL_ID_NUMBER": ["ת.ז. 123456782", "Israeli ID 123456782"],
    "DEVICE_ID": ["IMEI: 356938035643809", "imsi=262011234567890"],
    "MEDICAL_RECORD_NUMBER": ["MRN 00123456", '"patientId": "00482913"'],
    "NATIONAL_ID": ["DNI: 12345678Z", "codice_fiscale = RSSMRA85T10A562S", "national id 12345678"],
    "US_BANK_NUMBER": ['"bankAccountNumber": "004512367812"', "Kontonummer: 1234567890"],
    "US_MBI": ["Medicare 1EG4-TE5-MK73"],
    "VEHICLE_ID": ["VIN 1HGCM82633A004352", "chassis no. WVWZZZ1JZXW000001", "1M8GDM9AXKP042788"],
}
NOTHING = [
    "4111 1111 1111 1112 is no card",
    "timestamp 1700000000000 and hash 4111111111111111abc",
    "0000 0000 0000 0000",
    "<<409500-400000=9500>>9500",
    "In 1984 it sold 1,234,567 copies.",
    "call 12 people about 300 things",
    "version 1.2.3.4 of 2020-01-02",
    "Dear Sir, thank you.",
    "I am Going home, My name is not important",
    "Good morning everyone, Hello World",
    "the road was 12 miles long on the street",
    "She has 36 apples, 5 years later 47.",
    "the ratio is 12.345.678-9",
    "CPF 529.982.247-26",
    "AHV 756.9217.0769.86",
    "BSN 111222334",
    "85.07.30-033.29",
    "11010519491231002Y",
]


def entities(text: str) -> set[str]:
    return {span.entity for _, spans in CuedScanner().find(pl.Series([text])) for span in spans}


@pytest.mark.parametrize(("entity", "text"), [(e, t) for e, ts in FOUND.items() for t in ts])
def test_each_kind_is_found_in_the_forms_people_write(entity: str, text: str) -> None:
    assert entity in entities(text)


@pytest.mark.parametrize("text", NOTHING)
def test_what_only_looks_alike_is_not_found(text: str) -> None:
    assert entities(text) == set()


def test_every_recognizer_has_a_case() -> None:
    assert {recognizer.entity for recognizer in discover()} == set(FOUND)


@given(st.text(max_size=300))
def test_the_prefilter_loses_nothing(text: str) -> None:
    direct = {span for recognizer in discover() for span in recognizer.find(text)}
    assert set(dict(CuedScanner().find(pl.Series([text]))).get(0, [])) == direct


CUES = ["my name is ", "Mr. ", "card ", "phone: ", "born on ", "passport no ", "zip code ", "NIF "]
VALUES = [
    "Orla Testperson",
    "4111111111111111",
    "555 0142 98",
    "1/2/1990",
    "C01234567",
    "76400",
    "٣٣٣",
]


@given(
    st.lists(st.sampled_from([*CUES, *VALUES, " ", "\n", ", ", "x", "é", "\u2028"]), max_size=12)
)
def test_the_prefilter_loses_nothing_near_cues(pieces: list[str]) -> None:
    text = "".join(pieces)
    direct = {span for recognizer in discover() for span in recognizer.find(text)}
    assert set(dict(CuedScanner().find(pl.Series([text]))).get(0, [])) == direct


def test_only_the_entities_asked_for_are_searched() -> None:
    text = pl.Series(["Dear Ms. Testperson, I just turned 47"])
    [(_, spans)] = CuedScanner(("AGE",)).find(text)
    assert [span.entity for span in spans] == ["AGE"]
    assert CuedScanner(("AGE",)).coverage() == {"AGE": ("AgeRecognizer",)}
    assert list(CuedScanner(("URL",)).find(text)) == []


@pytest.mark.parametrize("piece", ["A", "A ", "1", "1 ", "1-", "Mr. ", "12 A ", "a@", "x" * 50])
def test_a_long_monotonous_text_is_searched_to_its_end(piece: str) -> None:
    text = piece * (100_000 // len(piece)) + " Dear Ms. Testperson,"
    assert "PERSON" in entities(text)


def test_a_value_is_reported_without_its_cue() -> None:
    text = "My name is Orla Testperson's assistant"
    [(_, [span])] = CuedScanner(("PERSON",)).find(pl.Series([text]))
    assert text[span.start : span.end] == "Orla Testperson"


def test_digits_of_other_scripts_are_read() -> None:
    assert digits("٤1 ①") == "41"


@given(st.integers(0, 10**14))
def test_luhn_accepts_one_check_digit_of_ten(number: int) -> None:
    assert sum(luhn(f"{number}{check}") for check in range(10)) == 1


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("postal code PLZ 10115", "10115"),
        ("postal code (ZIP) 94107", "94107"),
        ("Postcode: SW1A 1AA", "SW1A 1AA"),
        ("zip code is 94107-1234", "94107-1234"),
        ("phone: (212) 555-0187", "(212) 555-0187"),
        ("(phone (212) 555-0187)", "(212) 555-0187"),
        ("(call 212 555 0187)", "212 555 0187"),
        ("Tel.: (0)30 1234567", "(0)30 1234567"),
        ("tel (+49 30 1234567)", "+49 30 1234567"),
        ("date of birth 1981-03-12T00:00:00Z", "1981-03-12T00:00:00Z"),
        ("DOB: 03/12/1981 12:30", "03/12/1981 12:30"),
    ],
)
def test_a_span_holds_the_whole_value_and_nothing_of_its_cue(text: str, value: str) -> None:
    [(_, spans)] = CuedScanner().find(pl.Series([text]))
    assert {text[span.start : span.end] for span in spans} == {value}
