"""A small file that stands for terabytes is refused before it takes them."""

import io
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ftaudit.model.errors import InputError
from ftaudit.readers import decoded_size
from ftaudit.readers.column_types import refuse_arrow_types
from ftaudit.readers.inputs import open_inputs


@pytest.fixture
def terabyte() -> pa.Table:
    """A million rows of one text of a million bytes."""
    codes = pa.array([0] * 1_000_000, pa.int32())
    return pa.table({"text": pa.DictionaryArray.from_arrays(codes, pa.array(["x " * 500_000]))})


def test_parquet_that_becomes_terabytes_is_refused(tmp_path: Path, terabyte: pa.Table) -> None:
    path = tmp_path / "terabyte.parquet"
    pq.write_table(terabyte, path)
    assert path.stat().st_size < 100_000
    with pytest.raises(InputError, match="decodes to more than 4 GiB"):
        open_inputs([path])


@pytest.mark.parametrize("compression", [None, "zstd"])
def test_arrow_that_becomes_terabytes_is_refused(
    tmp_path: Path, terabyte: pa.Table, compression: str | None
) -> None:
    path = tmp_path / "terabyte.arrow"
    options = pa.ipc.IpcWriteOptions(compression=compression)
    with pa.ipc.new_file(str(path), terabyte.schema, options=options) as out:
        out.write_table(terabyte)
    with pytest.raises(InputError, match="decodes to more than 4 GiB"):
        open_inputs([path])


def test_a_million_runs_of_one_value_are_no_bomb(tmp_path: Path) -> None:
    path = tmp_path / "runs.parquet"
    pl.DataFrame({"text": ["the same text"] * 1_000_000, "n": [0] * 1_000_000}).write_parquet(path)
    assert path.stat().st_size < 20_000
    assert open_inputs([path]).files[0].rows == 1_000_000


def test_rows_that_a_file_only_claims_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoded_size, "MOST", 1 << 20)
    path = tmp_path / "runs.parquet"
    pl.DataFrame({"n": [0] * 1_000_000}).write_parquet(path)
    with pytest.raises(InputError, match="decodes to more than"):
        open_inputs([path])


@pytest.mark.parametrize("kind", ["parquet", "arrow", "jsonl", "csv"])
def test_a_cell_beyond_the_bound_is_refused_where_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(decoded_size, "CELL", 1 << 20)
    monkeypatch.setattr("ftaudit.readers.byte_stream.MAX_RECORD", 1 << 20)
    monkeypatch.setattr("ftaudit.readers.byte_stream.BLOCK", 1 << 16)
    path = tmp_path / f"d.{kind}"
    frame = pl.DataFrame({"text": ["a", "SECRET" * 400_000], "label": ["x", "y"]})
    match kind:
        case "parquet":
            frame.write_parquet(path)
        case "arrow":
            frame.write_ipc(path)
        case "csv":
            frame.write_csv(path)
        case _:
            frame.write_ndjson(path)
    with pytest.raises(InputError, match=r"row 1, column text: a cell of|a record is longer") as e:
        open_inputs([path])
    assert "SECRET" not in str(e.value)


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_a_name_with_a_nul_is_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"d.{kind}"
    match kind:
        case "csv":
            path.write_bytes(b"text,la\0bel\na,x\n")
        case "jsonl":
            path.write_text('{"text": "a", "la\\u0000bel": "x"}\n')
        case _:
            pl.DataFrame({"text": ["a"], "la\0bel": ["x"]}).write_parquet(path)
    with pytest.raises(InputError, match=r"column 2: its name holds a NUL"):
        open_inputs([path])


def test_damaged_footers_are_no_footers() -> None:
    sink = io.BytesIO()
    pl.DataFrame({"text": ["a", "b"] * 50}).write_parquet(sink)
    whole = sink.getvalue()
    for at in range(4, len(whole)):
        for byte in (0, 0x7F, 0xFF):
            damaged = whole[:at] + bytes([byte]) + whole[at + 1 :]
            assert decoded_size.parquet_bytes(io.BytesIO(damaged), len(damaged)) >= 0


def test_more_columns_than_any_record_has_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "wide.parquet"
    pl.DataFrame({f"c{i}": [1] for i in range(10_001)}).write_parquet(path)
    with pytest.raises(InputError, match="has 10,001 columns"):
        open_inputs([path])


def test_columns_are_counted_before_one_of_them_is_looked_at() -> None:
    only_names = SimpleNamespace(names=[f"c{i}" for i in range(70_000)])
    with pytest.raises(InputError, match="has 70,000 columns"):
        refuse_arrow_types("wide.arrow", only_names)
