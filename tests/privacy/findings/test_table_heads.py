"""The head of the column that a number stands under, and the cells around it."""

import pytest

from ftaudit.privacy.findings.table_heads import cells_around, head_above


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("order_id,total\n17,3\n4158675309,9", "order_id"),
        ("| name | ticket |\n|---|---|\n| Ann | 4158675309 |", "ticket"),
        ("a\tb\n1\t4158675309", "b"),
        ("Hello, world\n\n1,4158675309", ""),
        ("one line, 4158675309", ""),
        ("a,b\n4158675309", ""),
    ],
)
def test_the_first_line_with_as_many_separators_is_the_head(text: str, head: str) -> None:
    assert head_above(text, text.index("4158675309")) == head


def test_a_long_row_is_no_table() -> None:
    text = "a,b\n" + "1" * 5_000 + ",4158675309"
    assert head_above(text, text.index("4158675309")) == ""


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ('1,20\n7,4158675309\n3,"40"', ["20", "40"]),
        ("7,4158675309\n3,40", ["40"]),
        ("1,20\n7,4158675309", ["20"]),
        ("20\n4158675309\n40", []),
        ("1,2,20\n7,4158675309\n3;40", []),
        ("7,4158675309", []),
    ],
)
def test_cells_of_one_column_stand_in_lines_with_as_many_separators(
    text: str, cells: list[str]
) -> None:
    assert cells_around(text, text.index("4158675309")) == cells
