"""What the path of a field says of its values."""

import polars as pl
import pytest

from ftaudit.privacy.findings.field_labels import LONGEST, NAME, label_of, labels


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("ssn", "ssn"),
        ("customer_name", "customer_name"),
        ("customer.phoneNumber", "phoneNumber"),
        ("phones[0]", "phones"),
        ("phone2", "phone"),
        ("patient.name", "patient_name"),
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


def test_prose_gets_no_label() -> None:
    rows, paths = pl.Series([0, 1]), pl.Series(["address", "address"])
    texts = pl.Series(["x" * (LONGEST + 1), "two\nlines"])
    assert labels(rows, paths, texts).to_list() == ["", ""]


def test_a_key_for_other_numbers_labels_numbers_only() -> None:
    rows, paths = pl.Series([0, 1]), pl.Series(["order_id", "order_id"])
    assert labels(rows, paths, pl.Series(["2025550147", "A word"])).to_list() == ["order_id", ""]
