"""What is found in texts as people tune on them: code, logs, tables, chats, other languages."""

import polars as pl
import pytest

from ftaudit.privacy.search import Search
from ftaudit.privacy.secrets.secret_scanner import SecretScanner
from tests.privacy.situations import FOUND, NO_SECRETS, NOT_FOUND, SECRETS


def entities(text: str, label: str = "") -> set[str]:
    spans = Search().find(pl.Series([text]), pl.Series([label]))
    return {span.entity for _, of_text in spans for span in of_text}


@pytest.mark.parametrize(("entity", "text"), FOUND)
def test_what_stands_in_a_text_is_found(entity: str, text: str) -> None:
    assert entity in entities(text)


@pytest.mark.parametrize(("entity", "text"), NOT_FOUND)
def test_what_only_looks_alike_is_not_found(entity: str, text: str) -> None:
    assert entity not in entities(text)


@pytest.mark.parametrize("text", SECRETS)
def test_a_credential_is_found_however_it_is_written(text: str) -> None:
    [(_, spans)] = SecretScanner().find(pl.Series([text]))
    assert len(spans) == 1


@pytest.mark.parametrize("text", NO_SECRETS)
def test_a_template_or_a_reference_is_no_credential(text: str) -> None:
    assert list(SecretScanner().find(pl.Series([text]))) == []


@pytest.mark.parametrize(
    ("label", "value", "entity"),
    [
        ("phone", "8675309", "PHONE_NUMBER"),
        ("contactPhone", "8675309", "PHONE_NUMBER"),
        ("ssn", "536903399", "US_SSN"),
        ("customer_name", "Marisol Quintero", "PERSON"),
        ("lastName", "Quintero", "PERSON"),
        ("date_of_birth", "1987-02-13", "DATE_OF_BIRTH"),
        ("passport.number", "C01X00T47", "PASSPORT"),
        ("address", "12 Sample Street", "STREET_ADDRESS"),
        ("vin", "WVWZZZ1JZXW000001", "VEHICLE_ID"),
    ],
)
def test_the_name_of_a_field_is_a_cue_for_its_value(label: str, value: str, entity: str) -> None:
    assert entity in entities(value, label)
    [(_, spans)] = Search().find(pl.Series([value]), pl.Series([label]))
    assert {value[span.start : span.end] for span in spans if span.entity == entity} == {value}


@pytest.mark.parametrize("label", ["order_id", "ticketNumber", "created_ts", "isbn"])
def test_a_field_named_for_another_number_holds_no_phone_number(label: str) -> None:
    assert "PHONE_NUMBER" not in entities("2025550147", label)
