"""Paths of parts that a user names as not used: only those that the data has."""

import json
from collections.abc import Iterator

import polars as pl
import pytest

from ftaudit.model.errors import UsageError
from ftaudit.records.part_paths import check_parts

TURNS = [{"role": "user", "content": "Hello there", "note": "seen"}]
TYPED = pl.DataFrame({"messages": [TURNS], "meta": [{"who": {"name": "x"}}], "text": ["a"]})
LATE = pl.DataFrame({"messages": [json.dumps(TURNS), json.dumps([{"late": 1}])]})


def check(part: str, table: pl.DataFrame, *decoded: str, first: int = 1) -> None:
    def tables(columns: list[str]) -> Iterator[pl.DataFrame]:
        yield table.select(columns)

    check_parts([part], table.schema, frozenset(decoded), table.head(first), tables)


@pytest.mark.parametrize(
    "part", ["messages[].note", "messages.note", "meta.who", "meta.who.name", "meta.*.name"]
)
def test_a_part_that_the_type_has_may_be_named(part: str) -> None:
    check(part, TYPED)


@pytest.mark.parametrize("part", ["messages[].note", "messages[].late"])
def test_a_part_of_any_row_of_json_text_may_be_named(part: str) -> None:
    check(part, LATE, "messages")


@pytest.mark.parametrize(
    ("part", "nearest"),
    [
        ("messages[].noet", "did you mean messages[].note?"),
        ("meta.who.nme", "did you mean meta.who.name?"),
        ("text.note", "text has no parts"),
    ],
)
def test_a_misspelt_path_is_refused_with_the_nearest(part: str, nearest: str) -> None:
    with pytest.raises(UsageError) as refused:
        check(part, TYPED)
    assert nearest in str(refused.value)


def test_a_path_in_no_row_of_json_text_is_refused() -> None:
    with pytest.raises(UsageError, match=r"messages\[\]\.lte: no such part"):
        check("messages[].lte", LATE, "messages")
