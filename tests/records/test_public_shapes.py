"""Records as public data sets, trainers and annotation tools write them: what is read as what.

`public_shapes.jsonl` holds four records of each shape (`{A1}` and its like stand for texts), how
they are read, and the first canonical row. Every text in it was written for this file.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import polars as pl
import pytest

from ftaudit.model.errors import InputError
from ftaudit.records.detect import recognise
from ftaudit.records.rows import CanonicalRows
from tests.records.held import Held
from tests.records.written import as_scanned

THINGS: Final = ("rivers", "bridges", "markets", "gardens", "harbours", "museums")
DEEDS: Final = ("flow", "stand", "open", "grow", "rest", "shine")
TEXTS: Final = {
    "A": "Where do the {thing} {deed} in the old town?",
    "B": "The {thing} {deed} near hall {i} of the old town.",
    "C": "Nobody knows the {thing}, sorry about that {i}.",
    "D": "A long passage about {thing} that {deed} all summer in hall {i}. It goes on for a while.",
}
FILE: Final = Path(__file__).with_name("public_shapes.jsonl")
LINES: Final = FILE.read_text(encoding="utf-8").strip().split("\n")
SHAPES: Final = {shape["name"]: shape for shape in map(json.loads, LINES)}


def spelled(match: re.Match[str]) -> str:
    i = int(match[2])
    return TEXTS[match[1]].format(thing=THINGS[i % 6], deed=DEEDS[i % 6], i=i)


def filled(value: object) -> object:
    """Put the texts in the places that stand for them."""
    if isinstance(value, str):
        return re.sub(r"\{([ABCD])(\d)\}", spelled, value)
    if isinstance(value, list):
        return [filled(item) for item in value]
    if isinstance(value, Mapping):
        return {key: filled(item) for key, item in value.items()}
    return value


REFUSED: Final = sorted(name for name, shape in SHAPES.items() if "refused" in shape)


def records_of(name: str) -> list[Mapping[str, object]]:
    records = filled(SHAPES[name]["records"])
    assert isinstance(records, list)
    return records


@pytest.mark.parametrize("name", REFUSED)
def test_a_shape_that_cannot_be_told_is_refused_with_its_columns(name: str) -> None:
    with pytest.raises(InputError, match=re.escape(SHAPES[name]["refused"])):
        as_scanned(records_of(name))


@pytest.mark.parametrize("name", sorted(SHAPES.keys() - REFUSED))
def test_a_shape_is_read_as_what_it_is(name: str) -> None:
    shape = SHAPES[name]
    recognised, rows = as_scanned(records_of(name))
    first = rows.row(0, named=True)
    assert recognised.description == shape["read"]
    assert {part: first[part] for part in shape["first"]} == filled(shape["first"])
    rules = {problem["rule"] for row in rows["problems"] for problem in row}
    assert sorted(rules) == shape.get("rules", [])
    # a repeated input that nothing tells apart would be reported as a duplicate
    told_apart = rows["variant"].null_count() < rows.height or rows["focus"].null_count() == 0
    assert rows["input"].n_unique() == rows.height or told_apart or shape.get("repeats")


FLAT: Final = sorted(
    name
    for name, shape in SHAPES.items()
    if "refused" not in shape
    and shape.get("flat", True)
    # tokens are no numbers where every cell is text; an object that is no turn is no prompt, and
    # a cell that holds one, or a list, is a prompt or an answer as it stands
    and name not in {"p3", "webgpt", "langsmith", "faithdial", "ultrafeedback-raw"}
)


@pytest.mark.parametrize("name", FLAT)
def test_cells_of_csv_are_read_as_the_same_records_in_json(name: str) -> None:
    records = records_of(name)
    columns = dict.fromkeys(key for record in records for key in record)
    cells = pl.DataFrame(
        [[cell(record.get(column)) for column in columns] for record in records],
        schema=dict.fromkeys(columns, pl.String),
        orient="row",
    )
    recognised = recognise(cells.schema, frozenset(), sample=cells, cells=frozenset(columns))
    assert recognised.description == SHAPES[name]["read"]
    rows = pl.concat(list(CanonicalRows(Held(cells), recognised).batches(["input", "label"])))
    first = {part: rows[part][0] for part in SHAPES[name]["first"] if part in rows.columns}
    assert first == {part: filled(SHAPES[name]["first"][part]) for part in first}


def cell(value: object) -> str | None:
    """Return what pandas writes into a cell of csv for a value, where lists are dumped as JSON."""
    return value if value is None or isinstance(value, str) else json.dumps(value)
