"""What the path of a field says of its values."""

import polars as pl
import pytest

from ftaudit.privacy.findings.field_labels import LONGEST, NAME, describes, label_of, labels


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("ssn", "ssn"),
        ("customer_name", "person_name"),
        ("customer.phoneNumber", "phone_number"),
        ("phones[0]", "phone_number"),
        ("phone2", "phone_number"),
        ("patient.name", "person_name"),
        ("messages[1].content", ""),
        ("text", ""),
        ("label", ""),
        ("product_name", ""),
        ("db.password", "password"),
        ("name", NAME),
        ("", ""),
    ],
)
def test_the_last_key_labels_what_a_field_holds(path: str, label: str) -> None:
    assert label_of(path) == label


def test_a_name_counts_only_in_rows_that_describe_a_person() -> None:
    rows = pl.Series([0, 0, 1, 1])
    paths = pl.Series(["name", "ssn", "name", "price"])
    texts = pl.Series(["Ana Ruiz", "536903399", "Garden Hose", "12"])
    assert labels(rows, paths, texts).to_list() == [NAME, "ssn", "", ""]


@pytest.mark.parametrize(
    "path",
    ["phone_model", "cardType", "has_ssn", "isPhoneVerified", "user.phone.type", "address_count"],
)
def test_an_aspect_of_a_value_is_not_the_value(path: str) -> None:
    assert not describes(label_of(path))


@pytest.mark.parametrize("path", ["bank_account", "cardNumber", "resident", "insurance_plan_no"])
def test_a_value_is_told_from_its_aspects(path: str) -> None:
    assert describes(label_of(path))


def test_prose_gets_no_label() -> None:
    rows, paths = pl.Series([0, 1]), pl.Series(["address", "address"])
    texts = pl.Series(["x" * (LONGEST + 1), "two\nlines"])
    assert labels(rows, paths, texts).to_list() == ["", ""]


def test_a_key_for_other_numbers_labels_numbers_only() -> None:
    rows, paths = pl.Series([0, 1]), pl.Series(["order_id", "order_id"])
    assert labels(rows, paths, pl.Series(["2025550147", "A word"])).to_list() == ["order_id", ""]
