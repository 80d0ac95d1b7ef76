"""Some of the rows of a dataset, whole or in parts."""

import pickle
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import polars as pl
import pytest

from ftaudit.model.parts import PartSizes
from ftaudit.model.row_id import row_id
from ftaudit.readers.inputs import open_inputs
from ftaudit.records.detect import recognise
from ftaudit.records.rows import CanonicalRows

if TYPE_CHECKING:
    from pathlib import Path

ROWS = 4_000


@dataclass
class Small(PartSizes):
    """Many parts of one size."""

    most: ClassVar[int] = 1 << 10


@pytest.fixture(scope="module", params=["parquet", "jsonl"])
def rows(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> CanonicalRows:
    """Return the rows of two files."""
    folder = tmp_path_factory.mktemp("rows")
    paths: list[Path] = []
    for name in ("a", "b"):
        texts = [f"{name} text number {i}" for i in range(ROWS // 2)]
        table = pl.DataFrame({"text": texts, "label": ["x", "y"] * (ROWS // 4)})
        paths.append(folder / f"{name}.{request.param}")
        if request.param == "parquet":
            table.write_parquet(paths[-1])
        else:
            table.write_ndjson(paths[-1])
    inputs = open_inputs(paths)
    names = [file.name for file in inputs.files]
    return CanonicalRows(inputs, recognise(inputs.schema, inputs.json_columns, files=names))


def test_parts_have_the_rows_that_are_chosen(rows: CanonicalRows) -> None:
    ids = [row_id(file, row) for file in (0, 1) for row in range(0, ROWS // 2, 7)]
    chosen = pl.DataFrame({"id": ids}, schema={"id": pl.UInt64})
    parts = [part.of_ids(chosen) for part in rows.parts(Small(1 << 30, 1), ["id", "text"])]
    read = pl.concat(frame for part in parts for frame in part.frames())
    assert read["id"].to_list() == ids
    assert read["text"][1].startswith("a text number 7\n")


def test_parts_that_are_sent_carry_ids_of_their_own_file_or_rows(
    rows: CanonicalRows, request: pytest.FixtureRequest
) -> None:
    every = pl.DataFrame({"id": [row_id(f, r) for f in (0, 1) for r in range(ROWS // 2)]})
    chosen = every.cast(pl.UInt64)
    parts = [part.of_ids(chosen) for part in rows.parts(Small(1 << 30, 1), ["id", "text"])]
    assert len(parts) >= 2
    carried = [len(pickle.loads(pickle.dumps(part)).ids) for part in parts]  # noqa: S301 - our own
    assert max(carried) <= ROWS // 2
    if request.node.callspec.params["rows"] == "parquet":
        assert sum(carried) == ROWS
