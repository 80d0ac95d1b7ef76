"""JSON files that are one object, in every shape that tools write."""

import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ftaudit.model.errors import InputError
from ftaudit.readers.inputs import Inputs, open_inputs

ROWS: list[dict[str, object]] = [
    {"text": "one two", "n": 1},
    {"text": "three", "n": 2},
    {"text": "[four]", "n": None},
]


def written(tmp_path: Path, value: object, *, name: str = "a.json", indent: int | None = 1) -> Path:
    path = tmp_path / name
    path.write_text(value if isinstance(value, str) else json.dumps(value, indent=indent))
    return path


def rows(path: Path) -> list[dict[str, object]]:
    frames = [f.drop("__split", "__file", "__row") for f in open_inputs([path]).tables()]
    return pl.concat(frames).to_dicts()


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize(
    "value",
    [
        {"text": [r["text"] for r in ROWS], "n": [r["n"] for r in ROWS]},
        {"version": "1", "data": ROWS},
        {"schema": {"fields": []}, "data": ROWS},
        {"columns": ["text", "n"], "index": [0, 1, 2], "data": [[r["text"], r["n"]] for r in ROWS]},
        {"text": {str(i): r["text"] for i, r in enumerate(ROWS)},
         "n": {str(i): r["n"] for i, r in enumerate(ROWS)}},
        {str(i): r for i, r in enumerate(ROWS)},
        {f"key-{i}": r for i, r in enumerate(ROWS)},
        {"features": [], "num_rows_total": 3,
         "rows": [{"row_idx": i, "row": r, "truncated_cells": []} for i, r in enumerate(ROWS)]},
        {"train": ROWS},
    ],
    ids=["lists", "data", "table", "split", "columns", "index", "keys", "viewer", "train"],
)  # fmt: skip
def test_one_object_is_read_as_its_records(
    tmp_path: Path, value: object, indent: int | None
) -> None:
    assert rows(written(tmp_path, value, indent=indent)) == ROWS


def test_articles_of_squad_are_read_as_their_questions(tmp_path: Path) -> None:
    asked = [{"id": str(i), "question": f"Where {i}?", "answers": []} for i in range(4)]
    halves = [{"context": "a b", "qas": asked[:1]}, {"context": "c d", "qas": asked[1:3]}]
    articles = [
        {"title": "T", "paragraphs": halves},
        {"title": "U", "paragraphs": [{"context": "e f", "qas": asked[3:]}]},
    ]
    read = rows(written(tmp_path, {"version": "v2.0", "data": articles}))
    assert [row["question"] for row in read] == [q["question"] for q in asked]
    assert [row["title"] for row in read] == ["T", "T", "T", "U"]
    assert [row["context"] for row in read] == ["a b", "c d", "c d", "e f"]


def test_objects_over_several_lines_are_records(tmp_path: Path) -> None:
    text = "\n".join(json.dumps(row, indent=2) for row in ROWS)
    assert rows(written(tmp_path, text)) == ROWS


@pytest.mark.parametrize(
    "record",
    [
        {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]},
        {"tokens": ["a", "b"], "tags": [1, 2, 3]},
        {"text": "a", "meta": {"source": "b"}},
    ],
)
def test_one_record_is_one_row(tmp_path: Path, record: dict[str, object]) -> None:
    assert rows(written(tmp_path, record)) == [record]


def test_one_line_of_lines_is_a_record_whatever_it_holds(tmp_path: Path) -> None:
    record = {"tokens": ["a", "b"], "tags": ["x", "y"]}
    assert rows(written(tmp_path, record, name="a.jsonl", indent=None)) == [record]


def test_records_under_several_keys_are_refused_with_the_keys(tmp_path: Path) -> None:
    path = written(tmp_path, {"train": ROWS, "test": ROWS})
    with pytest.raises(InputError, match="records stand under test, train"):
        open_inputs([path])


def test_an_array_called_lines_is_refused_with_its_right_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"one JSON array.*Name it \.json"):
        open_inputs([written(tmp_path, ROWS, name="a.jsonl")])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text("SECRET x", max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", max_size=2), inner, max_size=3)
    ),
    max_leaves=12,
)


def opened(path: Path) -> Inputs | str:
    """Open a file; return the refusal where there is one."""
    try:
        return open_inputs([path])
    except InputError as error:
        return str(error)


@given(JSON, st.sampled_from([None, 2]), st.sampled_from(["a.json", "a.jsonl"]))
def test_any_json_is_read_or_refused_in_one_line_without_its_text(
    tmp_path_factory: pytest.TempPathFactory, value: object, indent: int | None, name: str
) -> None:
    path = written(tmp_path_factory.mktemp("json"), value, name=name, indent=indent)
    result = opened(path)
    if isinstance(result, str):
        assert "\n" not in result
        assert "SECRET" not in result
    elif result.schema:
        assert sum(batch.height for batch in result.tables()) == result.files[0].rows
