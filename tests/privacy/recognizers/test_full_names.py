"""What is a given name and a surname where companies, products and sentences stand, too."""

import polars as pl
import pytest

from ftaudit.privacy.findings.identifying import identifying
from ftaudit.privacy.recognizers.common_words import (
    BRANDS,
    COMMON,
    COMMON_ABROAD,
    FAMOUS,
    OF_FIRMS,
)
from ftaudit.privacy.recognizers.full_names import is_department, is_full_name
from ftaudit.privacy.search import Search

NAMES = (
    "Lucinda Merriweather",
    "Ottmar Brandauer",
    "Ifeoma Nwachukwu",
    "Joaquín Etxeberria",
    "Anneliese van der Brouwer",
    "Светлана Арбузова",
    "Rosalind Wood",
    "Bo Lindqvist",
    "MIREMBE KASOZI",
)
CLIENTS: tuple[str, ...] = (
    "Customer",
    "Client",
    "Kunde",
    "Kundin",
    "Cliente",
    "Klant",
    "Kund",
    "Klient",
    "Клиент",
)
PEOPLE: tuple[str, ...] = (
    "Plaintiff",
    "Beklagter",
    "Buyer",
    "Seller",
    "Käufer",
    "Patient",
    "Pt",
    "Student",
)
PEOPLE += ("Élève", "Schüler", "Guest", "Claimant", "Insured", "Assuré", "Reviewed-by")


@pytest.mark.parametrize("name", NAMES)
def test_a_given_name_and_a_surname_are_a_full_name(name: str) -> None:
    assert is_full_name(name)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("form", ["GmbH", "Ltd", "Inc.", "AG", "LLC", "SA", "Bank", "Logistics"])
def test_a_legal_form_or_a_trade_makes_a_company_of_a_name(name: str, form: str) -> None:
    assert not is_full_name(f"{name} {form}")


def test_what_everybody_knows_is_no_full_name() -> None:
    assert [name for name in FAMOUS if is_full_name(name)] == []


@pytest.mark.parametrize("words", [COMMON, COMMON_ABROAD, BRANDS])
def test_no_name_begins_with_a_common_word_or_a_brand(words: frozenset[str]) -> None:
    begun = [f"{word.title()} Brandauer" for word in sorted(words) if len(word) > 2]
    assert [name for name in begun if is_full_name(name)] == []


@pytest.mark.parametrize("words", [COMMON, BRANDS, COMMON_ABROAD, OF_FIRMS, FAMOUS])
def test_the_words_are_written_once_and_as_they_are_looked_up(words: frozenset[str]) -> None:
    assert "" not in words
    spelled = {word.title() if words is FAMOUS else word.casefold() for word in words}
    assert spelled == set(words)


@pytest.mark.parametrize("team", ["Ufficio Acquisti", "Afdeling Verkoop", "Служба Поддержки"])
def test_a_department_signs_letters_and_is_nobody(team: str) -> None:
    assert is_department(team)
    assert not any(map(is_department, NAMES))


def test_a_full_name_after_the_word_for_a_party_identifies_and_a_company_does_not() -> None:
    def sure(value: str, parties: tuple[str, ...]) -> list[bool]:
        texts = [f"{party}: {value}" for party in parties]
        spans_at = dict(Search().find(pl.Series(texts)))
        return [any(identifying(text, spans_at.get(i, []))) for i, text in enumerate(texts)]

    assert all(sure("Lucinda Merriweather", CLIENTS + PEOPLE))
    for company in ("Nordlicht Reederei", "Home Depot", "Broken Screen", "Banco Santander"):
        assert not any(sure(company, CLIENTS))


@pytest.mark.parametrize("between", [", ", "\n- "])
def test_everybody_in_a_list_of_who_was_there_is_found(between: str) -> None:
    names = [name for name in NAMES if name.istitle() and name.isascii()]
    assert len(names) > 3
    text = "Attendees:" + (" " if between == ", " else between) + between.join(names)
    [(_, spans)] = Search().find(pl.Series([text]))
    assert [text[span.start : span.end] for span in spans] == names
