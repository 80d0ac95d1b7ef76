"""What other readers skip, or read otherwise, does not hide rows: it is refused, or read."""

import gzip
import io
import struct
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.csv
import pyarrow.ipc
import pytest
import zstandard

from ftaudit.model.errors import InputError
from ftaudit.readers.inputs import open_inputs

HEAD = b"text,label\n"
FIRST, SECOND = HEAD + b"a,x\n", b"c,y\n"
ROWS = pa.table({"text": ["a", "c"], "label": ["x", "y"]})


def rows(path: Path) -> list[tuple[Any, ...]]:
    inputs = open_inputs([path])
    return [row for frame in inputs.tables(list(inputs.schema)) for row in frame[:, 3:].rows()]


def arrow(table: pa.Table, *, stream: bool) -> bytes:
    sink = io.BytesIO()
    with (pa.ipc.new_stream if stream else pa.ipc.new_file)(sink, table.schema) as out:
        out.write_table(table)
    return sink.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(arrow(ROWS, stream=True) * 2, id="a second stream"),
        pytest.param(arrow(ROWS, stream=True) + b"junk", id="junk behind a stream"),
        pytest.param(arrow(ROWS, stream=True) + arrow(ROWS, stream=False), id="a file behind it"),
        pytest.param(arrow(ROWS, stream=False) * 2, id="a second file"),
        pytest.param(arrow(ROWS, stream=False) + b"junk", id="junk behind a file"),
    ],
)
def test_bytes_behind_the_end_of_arrow_data_are_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "d.arrow"
    path.write_bytes(data)
    with pytest.raises(InputError):
        rows(path)


def test_a_record_batch_that_the_footer_does_not_name_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "d.arrow"
    sink = io.BytesIO()
    with pa.ipc.new_file(sink, ROWS.schema) as out:
        for start in (0, 1):
            out.write_table(ROWS.slice(start, 1))
    whole = sink.getvalue()
    path.write_bytes(whole)
    assert len(rows(path)) == 2
    length = struct.unpack_from("<i", whole, len(whole) - 10)[0]
    footer = whole[-10 - length : -10]
    schema = 8 + 8 + struct.unpack_from("<I", whole, 12)[0]
    two = footer.index(struct.pack("<Iq", 2, 0)[:4] + struct.pack("<q", schema))
    path.write_bytes(whole[: -10 - length] + footer[:two] + b"\1" + footer[two + 1 :] + whole[-10:])
    with pa.ipc.open_file(str(path)) as reader:
        assert reader.num_record_batches == 1
    with pytest.raises(InputError, match="in none of its record batches"):
        rows(path)


@pytest.mark.parametrize("writer", ["pyarrow", "polars", "lz4", "empty", "dictionary"])
def test_what_writers_write_is_read(tmp_path: Path, writer: str) -> None:
    path = tmp_path / "d.arrow"
    if writer == "polars":
        pl.DataFrame(ROWS).write_ipc(path)
    elif writer == "dictionary":
        coded = ROWS.set_column(1, "label", ROWS["label"].combine_chunks().dictionary_encode())
        path.write_bytes(arrow(coded, stream=False))
    elif writer == "lz4":
        pl.DataFrame(ROWS).write_ipc(path, compression="lz4", record_batch_size=1)
    else:
        path.write_bytes(arrow(ROWS if writer == "pyarrow" else ROWS.slice(0, 0), stream=False))
    if writer == "empty":
        with pytest.raises(InputError, match="has no data rows"):
            rows(path)
    else:
        assert rows(path) == [("a", "x"), ("c", "y")]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("d.csv.gz", gzip.compress(FIRST, mtime=0) + gzip.compress(SECOND, mtime=0)),
        ("d.csv.zst", zstandard.compress(FIRST) + zstandard.compress(SECOND)),
        ("d.csv.zst", zstandard.compress(FIRST) + b"\x50\x2a\x4d\x18\2\0\0\0ab"
         + zstandard.compress(SECOND)),
    ],
)  # fmt: skip
def test_every_member_of_a_compressed_file_is_read(tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert rows(path) == [("a", "x"), ("c", "y")]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("d.csv.gz", gzip.compress(FIRST + SECOND, mtime=0) + b"junk"),
        ("d.csv.zst", zstandard.compress(FIRST + SECOND) + b"junkjunk"),
    ],
)
def test_junk_behind_compressed_data_is_refused(tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(InputError):
        rows(path)


ODD = {
    "a NUL in a cell": HEAD + b"a\0b,x\nc,y\n",
    "a NUL before the line end": HEAD + b"a,x\0\nc,y\n",
    "NULs behind the end": HEAD + b"a,x\nc,y\n\0\0\0\0",
    "many NULs between rows": HEAD + b"a,x\n" + b"\0" * 600 + b"c,y\n",
    "a quoted NUL": HEAD + b'"a\0",x\nc,y\n',
    "a NUL in the header": b"te\0xt,label\na,x\n",
    "control Z": HEAD + b"a,x\n\x1ac,y\n",
    "carriage returns for line ends": b"text,label\ra,x\rc,y\r",
    "a carriage return in a cell": HEAD + b"a\rb,x\nc,y\n",
    "a carriage return in the last cell": HEAD + b"a,x\ry\nc,z\n",
    "two carriage returns": b"text,label\r\r\na,x\r\r\nc,y\r\r\n",
    "a line of spaces": HEAD + b"a,x\n  \nc,y\n",
    "no line end at the end": HEAD + b"a,x\nc,y",
    "an open quote": HEAD + b'"a,x\nc,y\n',
    "a quoted line end": HEAD + b'"a\nb",x\nc,y\n',
    "text behind a quote": HEAD + b'"a"b,x\nc,y\n',
    "a quote escaped by a backslash": HEAD + b'"a\\"b",x\nc,y\n',
    "a field too many": HEAD + b"a,x,1\nc,y\n",
    "a field too few": HEAD + b"a\nc,y\n",
    "a byte order mark": b"\xef\xbb\xbf" + HEAD + b"a,x\n",
    "Latin-1": HEAD + b"caf\xe9,x\n",
    "a line separator": HEAD + "a\u2028b,x\nc,y\n".encode(),
    "a vertical tab": HEAD + b"a\x0bb,x\nc\x0cd,y\n",
    "a next line": HEAD + "a\u0085b,x\nc,y\n".encode(),
    "a line that looks like a comment": HEAD + b"#a,x\nc,y\n",
    "a name twice": b"text,text\na,b\n",
    "CR LF": b"text,label\r\na,x\r\nc,y\r\n",
    "blanks before a quote": HEAD + b' "a",x\nc,y\n',
}


def _pandas(path: Path) -> list[tuple[Any, ...]]:
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    return list(frame.itertuples(index=False, name=None))


def _polars(path: Path) -> list[tuple[Any, ...]]:
    return pl.read_csv(path, infer_schema=False).rows()


def _pyarrow(path: Path) -> list[tuple[Any, ...]]:
    names = pa.csv.read_csv(path).column_names
    options = pa.csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()))
    return [tuple(r.values()) for r in pa.csv.read_csv(path, convert_options=options).to_pylist()]


def _datasets(path: Path) -> list[tuple[Any, ...]]:
    import datasets

    datasets.disable_progress_bars()
    options: Any = {"dtype": str, "keep_default_na": False, "cache_dir": str(path.parent / "cache")}
    return [tuple(row.values()) for row in datasets.Dataset.from_csv(str(path), **options)]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("reader", [_pandas, _polars, _pyarrow, _datasets])
@pytest.mark.parametrize("data", ODD.values(), ids=ODD)
def test_an_odd_csv_is_read_as_others_read_it_or_refused(
    tmp_path: Path, data: bytes, reader: Callable[[Path], list[tuple[Any, ...]]]
) -> None:
    path = tmp_path / "d.csv"
    path.write_bytes(data)
    try:
        ours = [tuple("" if cell is None else cell for cell in row) for row in rows(path)]
    except InputError:
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = reader(path)
    except Exception:  # noqa: BLE001 - a reader that refuses the file trains on no row of it
        return
    assert theirs == ours
