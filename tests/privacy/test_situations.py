"""What is found in texts as people tune on them: code, logs, tables, chats, other languages."""

import json
from pathlib import Path

import polars as pl
import pytest

from ftaudit.privacy.findings.field_labels import label_of
from ftaudit.privacy.findings.identifying import identifying
from ftaudit.privacy.search import Search
from ftaudit.privacy.secrets.secret_scanner import SecretScanner
from tests.privacy import situations


def read(name: str) -> list[dict[str, str]]:
    """Return the situations of a file beside this one, one a line."""
    lines = Path(__file__).with_name(name).read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


LINES = read("situations_by_kind.jsonl")
"""One situation each: `found` (`sure`: and it identifies), `not`, or `nobody` (found, and
identifies nobody), an entity type or SECRET, `text`, the `value` where another might be taken for
it, and the name of its `field` where that is a cue; `nothing`: no secret, and whatever is found
identifies nobody."""
LIMITS = read("situations_known_limits.jsonl")
"""What is judged wrongly, and is known to be: `missed` or `wrongly` found, and `text`."""
MOST_LIMITS = 4
"""The limits of the day they were listed: a change may mend some, and add none."""
NOTHING = [line["text"] for line in LINES if "nothing" in line]
FIELDS = [line for line in LINES if "field" in line]
NOBODY = [(line["nobody"], line["text"]) for line in LINES if "nobody" in line]
FOUND = (
    *situations.FOUND,
    *((line["found"], line["text"]) for line in LINES if "found" in line and "field" not in line),
)
NOT_FOUND = (
    *situations.NOT_FOUND,
    *((line["not"], line["text"]) for line in LINES if "not" in line and "field" not in line),
)
PERSONAL = sorted({entity for entity, _ in FOUND + NOT_FOUND} - {"SECRET"})
SECRETS = (*situations.SECRETS, *(text for kind, text in FOUND if kind == "SECRET"))
NO_SECRETS = (*situations.NO_SECRETS, *(text for kind, text in NOT_FOUND if kind == "SECRET"))


def entities(text: str, label: str = "") -> set[str]:
    spans = Search().find(pl.Series([text]), pl.Series([label]))
    return {span.entity for _, of_text in spans for span in of_text}


@pytest.fixture(scope="module")
def entities_of() -> dict[str, set[str]]:
    texts = pl.Series(list(dict.fromkeys(text for _, text in FOUND + NOT_FOUND)))
    spans_at = dict(Search().find(texts))
    return {text: {span.entity for span in spans_at.get(i, ())} for i, text in enumerate(texts)}


@pytest.fixture(scope="module")
def secrets_of() -> dict[str, int]:
    texts = pl.Series(list(dict.fromkeys(SECRETS + NO_SECRETS)))
    spans_at = dict(SecretScanner().find(texts))
    return {text: len(spans_at.get(i, ())) for i, text in enumerate(texts)}


@pytest.mark.parametrize("entity", PERSONAL)
def test_what_stands_in_a_text_is_found(entity: str, entities_of: dict[str, set[str]]) -> None:
    texts = [text for kind, text in FOUND if kind == entity]
    assert [text for text in texts if entity not in entities_of[text]] == []


def test_the_value_is_found_and_not_what_stands_near_it() -> None:
    lines = [line for line in LINES if "value" in line]
    spans_at = dict(Search().find(pl.Series([line["text"] for line in lines])))
    found = [
        [text[span.start : span.end] for span in spans_at.get(i, ()) if span.entity == entity]
        for i, (text, entity) in enumerate((line["text"], line["found"]) for line in lines)
    ]
    assert found == [[line["value"]] for line in lines]


@pytest.mark.parametrize("entity", PERSONAL)
def test_what_only_looks_alike_is_not_found(entity: str, entities_of: dict[str, set[str]]) -> None:
    texts = [text for kind, text in NOT_FOUND if kind == entity]
    assert [text for text in texts if entity in entities_of[text]] == []


def test_a_credential_is_found_however_it_is_written(secrets_of: dict[str, int]) -> None:
    assert [text for text in SECRETS if secrets_of[text] != 1] == []


def test_a_template_or_a_reference_is_no_credential(secrets_of: dict[str, int]) -> None:
    assert [text for text in NO_SECRETS if secrets_of[text]] == []


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


def test_fields_of_any_name_and_language_are_read_by_their_names() -> None:
    texts = pl.Series([line["text"] for line in FIELDS])
    labels = pl.Series([label_of(line["field"]) for line in FIELDS])
    kinds_at = [set[str]() for _ in FIELDS]
    for scanner in (Search(), SecretScanner()):
        secret = isinstance(scanner, SecretScanner)
        for position, spans in scanner.find(texts, labels):
            kinds_at[position] |= {"SECRET"} if secret else {span.entity for span in spans}
    for line, kinds in zip(FIELDS, kinds_at, strict=True):
        assert line.get("found") in {None, *kinds}, line
        assert line.get("not") not in kinds, line


def test_what_names_somebody_identifies_them() -> None:
    lines = [line for line in LINES if "sure" in line]
    spans_at = dict(Search().find(pl.Series([line["text"] for line in lines])))
    for position, line in enumerate(lines):
        spans = spans_at.get(position, [])
        sure = identifying(line["text"], spans)
        assert any(
            s and span.entity == line["found"] for s, span in zip(sure, spans, strict=True)
        ), line["text"]


def test_what_stands_for_anybody_identifies_nobody() -> None:
    spans_at = dict(Search().find(pl.Series([text for _, text in NOBODY])))
    for position, (entity, text) in enumerate(NOBODY):
        spans = spans_at.get(position, [])
        sure = identifying(text, spans)
        assert not any(s for s, span in zip(sure, spans, strict=True) if span.entity == entity), (
            text
        )


def test_ten_digits_alone_in_a_cell_identify_nobody_unless_a_name_calls_them_a_phone() -> None:
    values, labels = pl.Series(["4158675309", "4158675309"]), pl.Series(["", "phone"])
    spans_at = dict(Search().find(values, labels))
    assert [identifying(values[at], spans_at[at]) for at in range(2)] == [[False], [True]]


def test_what_looks_like_a_value_in_code_logs_and_prose_identifies_nobody() -> None:
    texts = pl.Series(NOTHING)
    spans_at = dict(Search().find(texts))
    sure_at = [identifying(text, spans_at.get(at, [])) for at, text in enumerate(NOTHING)]
    assert [text for text, sure in zip(NOTHING, sure_at, strict=True) if any(sure)] == []
    assert [NOTHING[at] for at, _ in SecretScanner().find(texts)] == []


def test_the_known_limits_are_listed_and_do_not_grow() -> None:
    texts = pl.Series([line["text"] for line in LIMITS])
    kinds_at = [set[str]() for _ in LIMITS]
    for position, spans in Search().find(texts):
        kinds_at[position] |= {span.entity for span in spans}
    for position, _ in SecretScanner().find(texts):
        kinds_at[position].add("SECRET")
    mended = [
        line["text"]
        for line, kinds in zip(LIMITS, kinds_at, strict=True)
        if line.get("missed") in kinds or line.get("wrongly") not in {None, *kinds}
    ]
    assert mended == [], "mended: move it to situations_by_kind.jsonl and lower MOST_LIMITS"
    assert len(LIMITS) <= MOST_LIMITS
