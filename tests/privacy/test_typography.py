"""Values are found exactly as word processors, web pages, tool calls and Markdown spell them."""

import json
from collections.abc import Callable
from urllib.parse import quote

import polars as pl
import pytest

from ftaudit.privacy.search import Search

TEXTS = (
    ("US_SSN", "SSN: ", "536-90-3399", " on file"),
    ("PHONE_NUMBER", "Call me at ", "+1 415-867-3309", " tomorrow"),
    ("IBAN_CODE", "IBAN ", "DE89 3704 0044 0532 0130 00", " for rent"),
    ("CREDIT_CARD", "card ", "4532 0151 1283 0366", " exp 04/29"),
    ("EMAIL_ADDRESS", "write to ", "jane.roe@initech.com", " today"),
    ("PERSON", "my name is ", "Zoë Wójcik", ", hello"),
    ("PERSON", "customer_name: ", "Zoë Wójcik", ""),
)
"""(entity type, what stands before the value, the value, what stands behind it)."""

Spelling = Callable[[str], str]


def _in_json(character: str) -> str:
    return json.dumps(character)[1:-1]


SPELLINGS: dict[str, Spelling] = {
    "no-break spaces": lambda c: "\u00a0" if c == " " else c,
    "narrow spaces": lambda c: "\u202f" if c == " " else c,
    "no-break hyphens": lambda c: "\u2011" if c == "-" else c,
    "en dashes": lambda c: "\u2013" if c == "-" else c,
    "em dashes": lambda c: "\u2014" if c == "-" else c,
    "full width": lambda c: chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c,
    "digits of Arabic": lambda c: chr(0x660 + int(c)) if c in "0123456789" else c,
    "named entities": lambda c: {" ": "&nbsp;", "@": "&commat;", ".": "&period;"}.get(c, c),
    "numbered entities": lambda c: f"&#{ord(c)};" if c in "@.-: +" else c,
    "entities escaped twice": lambda c: f"&amp;#{ord(c)};" if c in "@.-: +" else c,
    "percent-encoding": lambda c: quote(c, safe=""),
    "percent-encoding, twice": lambda c: quote(quote(c, safe=""), safe="") if c in "@ +" else c,
    "letters escaped": _in_json,
    "letters escaped twice": lambda c: json.dumps(_in_json(c))[1:-1],
    "zero-width spaces": lambda c: f"{c}\u200b" if c in "@.- " else c,
    "marks escaped in Markdown": lambda c: f"\\{c}" if c in "-._@" else c,
}
"""What each character becomes."""


def _found(before: str, value: str, after: str, entity: str) -> list[str]:
    text = before + value + after
    spans = dict(Search().find(pl.Series([text]))).get(0, [])
    return [text[span.start : span.end] for span in spans if span.entity == entity]


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize(("entity", "before", "value", "after"), TEXTS)
def test_a_value_is_found_from_its_first_to_its_last_character(
    entity: str, before: str, value: str, after: str, spelling: str
) -> None:
    def spelt(text: str) -> str:
        return "".join(map(SPELLINGS[spelling], text))

    assert _found(spelt(before), spelt(value), spelt(after), entity) == [spelt(value)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Kind regards,\r\n\r\n", "\r\nHead of Sales"),
        ('{"body": "See you there.\\n\\nKind regards,\\n', '"}'),
        ('{"body": "See you there.\\r\\n\\r\\nKind regards,\\r\\n', '\\r\\n"}'),
        ('{"arguments": "{\\"body\\": \\"Kind regards,\\\\n', '\\"}"}'),
        ("Dear team,\\n\\nKind regards,\\n", "\\nHead of Sales"),
        ("| Name |\u00a0Role |\n|---|---|\n|\u00a0", "\u00a0|\u00a0CEO |"),
        ("\ufeffname,email\n", ",zw@initech.com"),
        ("{&quot;ssn&quot;: &quot;536-90-3399&quot;, &quot;name&quot;: &quot;", "&quot;}"),
    ],
)  # fmt: skip
def test_lines_and_tables_are_read_however_breaks_and_marks_are_written(
    before: str, after: str
) -> None:
    assert _found(before, "Marta Kowalczyk", after, "PERSON") == ["Marta Kowalczyk"]


def test_a_plus_that_leads_a_number_is_part_of_it() -> None:
    number = "+1-415-867-3309"
    assert _found("TEL;TYPE=cell:", number, "", "PHONE_NUMBER") == [number]
    assert _found("/call?phone=", "+49+151+23456789", "&ok=1", "PHONE_NUMBER") == [
        "+49+151+23456789"
    ]
