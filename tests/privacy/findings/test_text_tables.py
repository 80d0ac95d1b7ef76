"""Tables within texts: which cells are found, and where."""

import polars as pl
import pytest

from ftaudit.privacy.findings.text_tables import labelled_cells, may_hold_tables
from ftaudit.privacy.search import Search
from ftaudit.privacy.secrets.secret_scanner import SecretScanner
from tests.growth import assert_linear

HEADS = ("name", "ssn", "phone", "dob", "password")
CELLS = ("Tomas Berg", "536903399", "5552671", "1987-02-13", "Zk7pQ2mX9w")
FOUND = {"PERSON", "US_SSN", "PHONE_NUMBER", "DATE_OF_BIRTH", "PASSWORD"}


def markdown(heads: tuple[str, ...], cells: tuple[str, ...]) -> str:
    return f"See:\n\n| {' | '.join(heads)} |\n|{'---|' * len(heads)}\n| {' | '.join(cells)} |\n"


def lines(mark: str, heads: tuple[str, ...], cells: tuple[str, ...]) -> str:
    return f"{mark.join(heads)}\n{mark.join(cells)}"


def html(heads: tuple[str, ...], cells: tuple[str, ...]) -> str:
    head = "".join(f"<th>{name}</th>" for name in heads)
    row = "".join(f"<td>{cell}</td>" for cell in cells)
    return f"<table><tr>{head}</tr><tr>{row}</tr></table>"


def insert(heads: tuple[str, ...], cells: tuple[str, ...]) -> str:
    values = ", ".join(f"'{cell}'" for cell in cells)
    return " ".join(("INSERT INTO people", f"({', '.join(heads)})", "VALUES", f"({values});"))


TABLES = {
    "markdown": markdown(HEADS, CELLS),
    "csv": lines(",", HEADS, CELLS),
    "quoted csv": lines(",", HEADS, tuple(f'"{cell}"' for cell in CELLS)),
    "semicolons": lines(";", HEADS, CELLS),
    "tabs": lines("\t", HEADS, CELLS),
    "bars": lines(" | ", HEADS, CELLS),
    "html": html(HEADS, CELLS),
    "sql": insert(HEADS, CELLS),
}


@pytest.mark.parametrize("table", TABLES)
def test_the_head_of_a_column_is_a_cue_for_its_cells(table: str) -> None:
    text = TABLES[table]
    column = pl.Series([text])
    spans = [
        span for found in (Search(), SecretScanner()) for _, of in found.find(column) for span in of
    ]
    assert {span.entity for span in spans} == FOUND
    assert {text[span.start : span.end] for span in spans} == set(CELLS)


def test_heads_that_describe_nobody_label_no_cell() -> None:
    heads, cells = ("name", "type", "default"), ("Timeout", "integer", "4155552671")
    texts = [markdown(heads, cells), lines(",", heads, cells), html(heads, cells)]
    assert [labelled_cells(text) for text in texts] == [[], [], []]


def test_prose_and_code_hold_no_table() -> None:
    prose = "Dear team,\nplease call me, or mail me,\nwhen the phone, the fax, and the door work."
    code = "def f(name, phone):\n    return name, phone\nprint(f(1, 2), 3)"
    assert labelled_cells(prose) == []
    assert labelled_cells(code) == []


def test_every_cell_of_a_long_table_is_read_at_its_place() -> None:
    rows = [f"{i},{536900000 + i}" for i in range(500)]
    text = "id,ssn\n" + "\n".join(rows)
    cells = labelled_cells(text)
    assert [text[cell.start : cell.end] for cell in cells] == [row.split(",")[1] for row in rows]


PAIRS = {
    "cust_nm=Marisol Quintero;x=1": "Marisol Quintero",
    '{"klantnaam": "Marisol Quintero", "n": 1}': "Marisol Quintero",
    '{\\"custNm\\": \\"Marisol Quintero\\"}': "Marisol Quintero",
    "geb_datum: 1987-02-13\nx: 2": "1987-02-13",
    "顧客名\uff1a山田花子": "山田花子",
}
"""Text → the value of a key that is read as the name of a column."""


@pytest.mark.parametrize("text", PAIRS)
def test_a_key_is_read_as_the_name_of_a_column(text: str) -> None:
    assert may_hold_tables(pl.Series([text]))[0]
    assert [text[cell.start : cell.end] for cell in labelled_cells(text)] == [PAIRS[text]]


@pytest.mark.parametrize(
    "text", ["custNm = get_name(x)", "file_name: Garden", "has_phone=1", "Note: call", "a_b c_d"]
)
def test_a_key_of_nobody_or_a_call_has_no_cell(text: str) -> None:
    assert labelled_cells(text) == []


HOSTILE = {
    "rules": ("a|b\n", "--"),
    "quotes": ("insert into t (ssn, b) values (", "'"),
    "pairs of quotes": ("insert into t (ssn, b) values (", "''"),
    "statements": ("", "insert into "),
    "cells": ("ssn,b\n", '"",'),
    "tags": ("<th>ssn</th>", "<t"),
    "rows": ("ssn|b\n", "1|2\n"),
    "heads": ("", "ssn,b\n"),
    "blanks": ("ssn|b\n", " "),
    "keys": ("", "a_b "),
    "pairs": ("", "cust_nm= "),
    "quoted pairs": ("custNm", "='"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_twice_the_hostile_text_takes_at_most_three_times_as_long(kind: str) -> None:
    head, unit = HOSTILE[kind]
    assert_linear(lambda size: labelled_cells(head + (unit * (size // len(unit) + 1))[:size] + "!"))


def test_texts_without_lines_or_heads_are_not_looked_at() -> None:
    texts = pl.Series(["a, b", None, "one line\nand another", "name,ssn\n1,2", "<th>ssn</th>"])
    assert may_hold_tables(texts).to_list() == [False, False, False, True, True]
