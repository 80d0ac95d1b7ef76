"""Files with fewer rows, or other cells, are in all else what they were."""

import gzip
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet as pq
import pytest
import zstandard

from ftaudit.model.errors import InputError
from ftaudit.readers.csv_dialect import CsvDialect
from ftaudit.readers.inputs import InputLike, open_inputs
from ftaudit.writers.cell_edits import CELL_EDITS, CellEdits
from ftaudit.writers.row_writer import frame_rows, write_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

Edit = tuple[int, str, int, int, str]


def edits_of(*edits: Edit) -> CellEdits:
    return CellEdits(pl.DataFrame(list(edits), schema=CELL_EDITS, orient="row"))


def mask(text: str) -> npt.NDArray[np.bool_]:
    return np.array([character == "+" for character in text])


def written(path: Path, kept: str, *edits: Edit, dialect: CsvDialect | None = None) -> Path:
    """Return the file without the rows marked `-`, under its own name in another folder."""
    source = open_inputs([path], dialect=dialect or CsvDialect()).sources[0]
    target = path.parent / "out" / path.name
    target.parent.mkdir(exist_ok=True)
    write_rows(source, mask(kept), target, edits_of(*edits))
    return target


def packed(text: bytes, ending: str) -> bytes:
    match ending:
        case ".gz":
            return gzip.compress(text)
        case ".zst":
            return zstandard.ZstdCompressor().compress(text)
        case _:
            return text


def unpacked(data: bytes, ending: str) -> bytes:
    match ending:
        case ".gz":
            return gzip.decompress(data)
        case ".zst":
            return zstandard.ZstdDecompressor().stream_reader(io.BytesIO(data)).read()
        case _:
            return data


LAST = b'{"input": "c", "n": 3}'
LINES = b'\xef\xbb\xbf{"input": "a", "n": 1.0}\r\n\n  {"n": 1e2,"input":"\\u00e9"}\n' + LAST


@pytest.mark.parametrize(
    ("kept", "expected"),
    [
        ("+++", LINES),
        ("-++", b'\xef\xbb\xbf\n  {"n": 1e2,"input":"\\u00e9"}\n{"input": "c", "n": 3}'),
        ("++-", b'\xef\xbb\xbf{"input": "a", "n": 1.0}\r\n\n  {"n": 1e2,"input":"\\u00e9"}\n'),
    ],
)
@pytest.mark.parametrize("ending", ["", ".gz", ".zst"])
def test_lines_of_json_that_stay_are_the_bytes_they_were(
    tmp_path: Path, kept: str, expected: bytes, ending: str
) -> None:
    path = tmp_path / f"train.jsonl{ending}"
    path.write_bytes(packed(LINES, ending))
    assert unpacked(written(path, kept).read_bytes(), ending) == expected


def test_an_edit_of_a_json_line_leaves_the_rest_of_it(tmp_path: Path) -> None:
    path = tmp_path / "train.jsonl"
    path.write_bytes(LINES)
    out = written(
        path, "+++", (0, "input", 0, 1, "b\n"), (0, "n", 0, 1, "*"), (1, "input", 1, 1, "x")
    )
    first, _, second, third = out.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\n")
    assert first == b'{"input": "b\\n", "n": null}\r'
    assert second == b'  {"n": 1e2,"input":"\\u00e9x"}'
    assert third == LINES.split(b"\n")[-1]


ARRAY = b' [\n  {"input": "a, [b]"},\n  {"input": "b"},\n  {"input": "c"}\n]\n'


@pytest.mark.parametrize(
    ("kept", "expected"),
    [
        ("-++", b' [\n  {"input": "b"},\n  {"input": "c"}\n]\n'),
        ("+-+", b' [\n  {"input": "a, [b]"},\n  {"input": "c"}\n]\n'),
        ("+--", b' [\n  {"input": "a, [b]"}\n]\n'),
    ],
)
def test_items_of_an_array_that_stay_are_the_bytes_they_were(
    tmp_path: Path, kept: str, expected: bytes
) -> None:
    path = tmp_path / "train.json"
    path.write_bytes(ARRAY)
    assert written(path, kept).read_bytes() == expected


def test_records_under_a_key_stay_under_it(tmp_path: Path) -> None:
    path = tmp_path / "train.json"
    path.write_bytes(b'{"v": 1.0, "data": [\n {"input": "a"},\n {"input": "b"}\n], "z": [1]}\n')
    out = written(path, "-+", (1, "input", 0, 1, "c"))
    assert out.read_bytes() == b'{"v": 1.0, "data": [\n {"input": "c"}\n], "z": [1]}\n'


def test_objects_over_several_lines_stay_so(tmp_path: Path) -> None:
    path = tmp_path / "train.json"
    path.write_bytes(b'{\n "input": "a"\n}\n{\n "input": "b"\n}\n')
    assert written(path, "+-").read_bytes() == b'{\n "input": "a"\n}\n'


def test_columns_of_values_stay_columns(tmp_path: Path) -> None:
    path = tmp_path / "train.json"
    path.write_bytes(b'{"input": ["a", "b"],\n "tags": [["c"], ["d", "e"]]}\n')
    out = written(path, "-+", (1, "input", 0, 1, "e"), (1, "tags[1]", 0, 1, "f"))
    assert out.read_bytes() == b'{"input": [ "e"],\n "tags": [ ["d", "f"]]}\n'


def test_records_by_key_stay_so(tmp_path: Path) -> None:
    path = tmp_path / "train.json"
    first, second = b'{"x.1": {"input": "a"}', b',\n "2": {"input": "b",  "n": 2.0}'
    path.write_bytes(first + second + b', "3": {"input": "d"}}\n')
    out = written(path, "++-", (1, "input", 0, 1, "c"))
    assert out.read_bytes() == first + second.replace(b'"b"', b'"c"') + b"}\n"


def test_a_layout_that_could_not_be_read_again_is_named(tmp_path: Path) -> None:
    path = tmp_path / "train.json"
    path.write_bytes(b'{"0": {"input": "a", "n": 1}, "1": {"input": "b", "n": 2}}')
    with pytest.raises(InputError, match=r"train\.json: is one JSON object of a layout"):
        written(path, "+-")


def test_columns_of_values_by_row_stay_so(tmp_path: Path) -> None:
    path = tmp_path / "train.json"
    path.write_bytes(b'{"input": {"0": "a", "1": "b"}, "tags": {"0": ["c"], "1": ["d", "e"]}}')
    out = written(path, "-+", (1, "input", 0, 1, "f"), (1, "tags[1]", 0, 1, "g"))
    assert out.read_bytes() == b'{"input": { "1": "f"}, "tags": { "1": ["d", "g"]}}'


@pytest.mark.parametrize("index", [b'"index": [7, 8],\n ', b""])
def test_the_orient_split_of_pandas_stays_so(tmp_path: Path, index: bytes) -> None:
    """With two rows and two columns all lists are equally long."""
    path = tmp_path / "train.json"
    text = b'{"columns": ["input", "tags"], %s"data": [["a", ["b"]], ["c", ["d", "e"]]]}\n'
    path.write_bytes(text % index)
    out = written(path, "-+", (1, "input", 0, 1, "f"), (1, "tags[1]", 0, 1, "g"))
    kept = index.replace(b"7, 8", b" 8")
    expected = b'{"columns": ["input", "tags"], %s"data": [ ["f", ["d", "g"]]]}\n'
    assert out.read_bytes() == expected % kept


CSV = 'input,label\r\n"a ""1"", x",l\r\nb,\r\n"c\nd",m'


def test_records_of_csv_that_stay_are_the_bytes_they_were(tmp_path: Path) -> None:
    path = tmp_path / "train.csv"
    path.write_bytes(CSV.encode())
    assert written(path, "+-+").read_bytes() == CSV.replace("b,\r\n", "").encode()
    assert written(path, "--+").read_bytes() == b'input,label\r\n"c\nd",m'
    out = written(path, "+++", (0, "input", 2, 5, '"2"'), (2, "label", 0, 1, "n,o"))
    assert out.read_bytes() == CSV.replace('""1""', '""2""').replace("m", '"n,o"').encode()


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_csv_keeps_its_encoding_and_delimiter(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "train.csv"
    rows = ["input;label", "été;x", "où, là;y", "ça;z", ""]
    path.write_bytes("\n".join(rows).encode(encoding))
    dialect = CsvDialect(";", encoding=encoding)
    out = written(path, "+-+", (2, "label", 0, 1, "ü"), dialect=dialect)
    assert out.read_bytes() == "input;label\nété;x\nça;ü\n".encode(encoding)


def test_a_cell_that_is_json_text_stays_json_text(tmp_path: Path) -> None:
    path = tmp_path / "train.csv"
    cell = '[{"role": "user", "content": "mail a@b.c"}]'
    doubled = cell.replace('"', '""')
    path.write_text(f'messages,n\n"{doubled}",1\n')
    out = written(path, "+", (0, "messages[0].content", 5, 10, "*****"))
    assert json.loads(pl.read_csv(out)["messages"][0]) == [
        {"role": "user", "content": "mail *****"}
    ]


def nested() -> pa.Table:
    """Return a table with the types that are easily lost."""
    turns = pa.list_(pa.struct([("role", pa.string()), ("content", pa.large_string())]))
    fields: list[Any] = [
        pa.field("messages", turns),
        pa.field("label", pa.dictionary(pa.int8(), pa.string()), metadata={b"k": b"v"}),
        pa.field("n", pa.int16(), nullable=False),
    ]
    rows: list[Mapping[str, Any]] = [
        {"messages": [{"role": "user", "content": f"text {n}"}], "label": "ab"[n % 2], "n": n}
        for n in range(10)
    ]
    return pa.Table.from_pylist(rows, schema=pa.schema(fields, metadata={b"huggingface": b"{}"}))


EDIT: Edit = (2, "messages[0].content", 5, 6, "two")
KEPT = "+-" + "+" * 8


def expected_rows() -> list[Any]:
    rows = nested().to_pylist()
    rows[2]["messages"][0]["content"] = "text two"
    return [rows[0], *rows[2:]]


def test_parquet_keeps_schema_metadata_row_groups_and_codecs(tmp_path: Path) -> None:
    path = tmp_path / "train.parquet"
    codecs = {"n": "gzip", "label": "none", "messages.list.element.role": "snappy"}
    codecs["messages.list.element.content"] = "zstd"
    pq.write_table(nested(), path, row_group_size=4, compression=codecs, use_dictionary=["label"])
    out = pq.ParquetFile(written(path, KEPT, EDIT))
    before, after = pq.ParquetFile(path), out
    assert after.schema_arrow.equals(before.schema_arrow, check_metadata=True)
    assert after.read().to_pylist() == expected_rows()
    assert [after.metadata.row_group(n).num_rows for n in range(3)] == [4, 4, 1]
    for column in range(4):
        old, new = (file.metadata.row_group(0).column(column) for file in (before, after))
        assert (old.compression, old.encodings) == (new.compression, new.encodings)
    assert after.metadata.metadata.keys() == before.metadata.metadata.keys()


@pytest.mark.parametrize("compression", [None, "lz4", "zstd"])
@pytest.mark.parametrize("is_file", [True, False])
def test_arrow_keeps_schema_batches_and_codec(
    tmp_path: Path, compression: str | None, is_file: bool
) -> None:
    path = tmp_path / "train.arrow"
    options = pa.ipc.IpcWriteOptions(compression=compression)
    new, opened = (
        (pa.ipc.new_file, pa.ipc.open_file) if is_file else (pa.ipc.new_stream, pa.ipc.open_stream)
    )
    with new(path, nested().schema, options=options) as writer:
        writer.write_table(nested(), max_chunksize=4)
    out = written(path, KEPT, EDIT)
    read = opened(out)
    table = read.read_all()
    assert table.schema.equals(nested().schema, check_metadata=True)
    assert table.to_pylist() == expected_rows()
    assert [len(chunk) for chunk in table.column(2).chunks] == [3, 4, 2]
    magics = {"lz4": b"\x04\x22\x4d\x18", "zstd": b"\x28\xb5\x2f\xfd"}
    packed = {name for name, magic in magics.items() if magic in out.read_bytes()}
    assert packed == ({compression} if compression and compression in _packs(path) else set())


def _packs(path: Path) -> set[str]:
    """Return the codecs whose frames stand in a file: short buffers stay plain."""
    magics = {"lz4": b"\x04\x22\x4d\x18", "zstd": b"\x28\xb5\x2f\xfd"}
    return {name for name, magic in magics.items() if magic in path.read_bytes()}


def test_a_frame_keeps_its_types() -> None:
    frame = pl.DataFrame(
        {"input": ["a", "b", "c"], "label": pl.Series(["x", "y", "x"], dtype=pl.Categorical)}
    )
    data: list[InputLike] = [frame]
    source = open_inputs(data).sources[0]
    out = frame_rows(source, mask("+-+"), edits_of((2, "input", 0, 1, "d")))  # type: ignore[arg-type] # a FrameSource
    assert out.schema == frame.schema
    assert out.rows() == [("a", "x"), ("d", "x")]
