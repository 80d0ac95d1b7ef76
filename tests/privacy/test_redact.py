from pathlib import Path

import polars as pl
import pytest

import ftaudit.privacy
from ftaudit.model.errors import UsageError
from ftaudit.privacy.findings.surrogate import OPERATORS, Operator
from ftaudit.privacy.redaction import redact
from ftaudit.privacy.search import Search
from ftaudit.privacy.secrets.secret_scanner import SecretScanner
from tests.privacy.annotated import read

KEY = b"0" * 32
TEXT = "My name is Orla Testperson, call me on 202-555-0142 or write to orla@mail.example.com"


def texts(frame: pl.DataFrame) -> list[str]:
    return frame["text"].to_list()


@pytest.fixture
def frame() -> pl.DataFrame:
    rows = [
        TEXT,
        None,
        "nothing here",
        'pay 4111 1111 1111 1111, password = "x7Gh2kQ9zz"',
        TEXT.upper(),
    ]
    return pl.DataFrame({"text": rows, "n": [1, 2, 3, 4, 5]})


@pytest.mark.parametrize("operator", OPERATORS)
def test_a_second_search_finds_nothing(frame: pl.DataFrame, operator: Operator) -> None:
    redacted = redact(frame, operator=operator)
    assert list(Search().find(redacted["text"])) == []
    assert list(SecretScanner().find(redacted["text"])) == []


@pytest.mark.parametrize("operator", OPERATORS)
def test_a_second_search_of_the_annotated_set_finds_nothing(
    operator: Operator, shared: Path
) -> None:
    column = pl.DataFrame({"text": [row.text for row in read(shared)]})
    redacted = redact(column, operator=operator)
    assert list(Search().find(redacted["text"])) == []


@pytest.mark.parametrize("operator", OPERATORS)
def test_no_value_is_left(frame: pl.DataFrame, operator: Operator) -> None:
    whole = "\n".join(t or "" for t in texts(redact(frame, operator=operator)))
    for value in ("Orla", "555-0142", "orla@", "mail.example", "4111", "x7Gh2kQ9zz"):
        assert value not in whole


def test_what_is_no_finding_is_unchanged(frame: pl.DataFrame) -> None:
    redacted = redact(frame, operator="replace")
    assert texts(redacted)[1:3] == [None, "nothing here"]
    assert redacted["n"].equals(frame["n"])
    assert texts(redacted)[0] == (
        "My name is <PERSON>, call me on <PHONE_NUMBER> or write to <EMAIL_ADDRESS>"
    )


def test_a_mask_keeps_the_length() -> None:
    [masked] = texts(redact(pl.DataFrame({"text": ["card 4111 1111 1111 1111."]})))
    assert masked == "card **** **** **** ****."


def test_equal_values_have_equal_surrogates_and_different_ones_do_not() -> None:
    rows = ["jo@example.com", "JO@example.com", "al@example.com"]
    a, b, c = texts(redact(pl.DataFrame({"text": rows}), operator="surrogate"))
    assert a == b != c
    assert a.startswith("<EMAIL_ADDRESS:")


def test_a_key_makes_surrogates_equal_over_calls_and_no_key_does_not(frame: pl.DataFrame) -> None:
    assert redact(frame, operator="hash", key=KEY).equals(redact(frame, operator="hash", key=KEY))
    assert not redact(frame, operator="hash").equals(redact(frame, operator="hash"))


def test_the_name_of_a_column_is_a_cue_for_its_values() -> None:
    frame = pl.DataFrame(
        {"ssn": ["536903399"], "customer_name": ["Marisol Quintero"], "note": ["536903399"]}
    )
    redacted = redact(frame, operator="replace")
    assert redacted.row(0) == ("<US_SSN>", "<PERSON>", "536903399")


def test_strings_within_lists_and_structs_are_redacted() -> None:
    messages = [[{"role": "user", "content": "I am at orla@mail.example.com"}], None, []]
    frame = pl.DataFrame({"messages": messages, "tag": ["a", "b", "c"]})
    redacted = redact(frame, operator="replace")
    assert redacted.schema == frame.schema
    assert redacted["messages"].to_list() == [
        [{"role": "user", "content": "I am at <EMAIL_ADDRESS>"}],
        None,
        [],
    ]


def test_only_the_columns_asked_for_are_redacted() -> None:
    frame = pl.DataFrame({"a": ["jo@example.com"], "b": ["jo@example.com"]})
    redacted = redact(frame, columns=["a"], operator="replace")
    assert redacted.row(0) == ("<EMAIL_ADDRESS>", "jo@example.com")


def test_a_column_that_does_not_exist_is_refused(frame: pl.DataFrame) -> None:
    with pytest.raises(UsageError, match="did you mean text"):
        redact(frame, columns=["txt"])


def test_an_unknown_operator_is_refused(frame: pl.DataFrame) -> None:
    with pytest.raises(UsageError, match="did you mean mask"):
        redact(frame, operator="masc")  # type: ignore[arg-type] # the test's point


def test_redact_is_offered_by_the_package() -> None:
    assert ftaudit.privacy.redact is redact
    with pytest.raises(AttributeError, match="no attribute"):
        ftaudit.privacy.nothing  # noqa: B018 - the access is the test
