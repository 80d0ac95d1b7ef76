"""Some of the rows of a dataset, whole or in parts."""

import gzip
import pickle
from pathlib import Path
from typing import ClassVar

import polars as pl
import pytest

from ftaudit.model.parts import PartSizes, PlacedPart
from ftaudit.model.row_id import row_id, row_id_of
from ftaudit.readers import byte_stream
from ftaudit.readers.inputs import open_inputs
from ftaudit.readers.parquet import Slice
from ftaudit.records.detect import recognise
from ftaudit.records.rows import CanonicalRows

ROWS = 4_000


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


def test_parts_that_are_sent_carry_the_ids_of_their_own_rows(rows: CanonicalRows) -> None:
    every = pl.DataFrame({"id": [row_id(f, r) for f in (0, 1) for r in range(ROWS // 2)]})
    chosen = every.cast(pl.UInt64)
    parts = [part.of_ids(chosen) for part in rows.parts(Small(1 << 30, 1), ["id", "text"])]
    assert len(parts) >= 2
    carried = [len(pickle.loads(pickle.dumps(part)).ids) for part in parts]  # noqa: S301 - our own
    assert max(carried) <= ROWS // 2
    assert sum(carried) == ROWS


def test_few_rows_are_read_without_the_parts_that_hold_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PartSizes, "least", 1 << 10)
    monkeypatch.setattr(PartSizes, "seek", 1 << 10)
    path = tmp_path / "rows.parquet"
    pl.DataFrame({"text": [f"text number {i}" for i in range(ROWS)]}).write_parquet(path)
    inputs = open_inputs([path])
    few = CanonicalRows(inputs, recognise(inputs.schema, inputs.json_columns, files=["rows"]))
    read: list[int] = []
    original = Slice.read

    def counted(part: Slice) -> pl.DataFrame:
        read.append(part.rows)
        return original(part)

    monkeypatch.setattr(Slice, "read", counted)
    ids = pl.DataFrame({"id": [row_id(0, 7), row_id(0, 3_900)]}, schema={"id": pl.UInt64})
    rows = pl.concat(few.chosen(["id", "text"], ids, inputs.memory))
    assert rows["id"].to_list() == ids["id"].to_list()
    assert rows["text"].to_list() == ["text number 7", "text number 3900"]
    assert len(read) == 2
    assert sum(read) < ROWS / 10


@pytest.mark.parametrize("suffix", ["parquet", "arrow", "jsonl", "csv", "json", "csv.gz"])
def test_parts_know_which_rows_they_have_before_they_are_read(
    suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(byte_stream, "BLOCK", 1 << 12)
    for name in ("a", "b"):
        table = pl.DataFrame({"text": [f"{name} text\nnumber {i}" for i in range(ROWS // 4)]})
        write(table, tmp_path / f"{name}.{suffix}")
    inputs = open_inputs([tmp_path])
    parts = list(inputs.parts(Small(1 << 30, 1)))
    assert len(parts) > 4
    numbers = list(inputs.parts(Small(1 << 30, 1), []))
    assert len(numbers) > 2
    assert max(len(pickle.dumps(part)) for part in numbers) < 1 << 10
    for part in parts + numbers:
        assert isinstance(part, PlacedPart)
        ids = pl.concat(part.frames()).select(id=row_id_of("__file", "__row"))["id"]
        assert part.row_ids() == (ids[0], ids[-1] + 1)


def write(table: pl.DataFrame, path: Path) -> None:
    match path.suffix:
        case ".parquet":
            table.write_parquet(path)
        case ".arrow":
            table.write_ipc(path, record_batch_size=100)
        case ".jsonl":
            table.write_ndjson(path)
        case ".json":
            table.write_json(path)
        case ".csv":
            table.write_csv(path)
        case _:
            path.write_bytes(gzip.compress(table.write_csv().encode()))
