"""Files as people have them: read, or refused in one line that names what to do."""

import gzip
import json
from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pytest

from ftaudit.model.errors import InputError
from ftaudit.readers.inputs import Inputs, open_inputs

RECORDS = [
    {"text": f"Where do the rivers flow, north of hall {i}?", "label": ("yes", "nay")[i % 2]}
    for i in range(4)
]
LINES = "".join(json.dumps(record) + "\n" for record in RECORDS)
TEXTS = [record["text"] for record in RECORDS]
LABELS = [record["label"] for record in RECORDS]
CSV = "text,label\n" + "".join(f'"{r["text"]}",{r["label"]}\n' for r in RECORDS)
COLUMNS = {"text": TEXTS, "label": LABELS}
TURNS = [{"role": "user", "content": "Hello to all of you."}]
BY_NUMBER = {name: {str(i): v for i, v in enumerate(c)} for name, c in COLUMNS.items()}

READ: dict[str, tuple[str, str | bytes]] = {
    "lists of columns": ("a.json", json.dumps(COLUMNS)),
    "columns by number": ("a.json", json.dumps(BY_NUMBER)),
    "records by number": ("a.json", json.dumps(dict(enumerate(RECORDS)))),
    "records by key": ("a.json", json.dumps({f"q{i}": r for i, r in enumerate(RECORDS)})),
    "columns and rows": (
        "a.json",
        json.dumps({"columns": ["text", "label"], "data": [list(r.values()) for r in RECORDS]}),
    ),
    "records under a key": ("a.json", json.dumps({"version": 1, "data": RECORDS})),
    "records two keys deep": ("a.json", json.dumps({"v": 1, "data": {"items": RECORDS}})),
    "rows of the viewer": (
        "a.json",
        json.dumps({"rows": [{"row_idx": i, "row": r} for i, r in enumerate(RECORDS)]}),
    ),
    "objects over lines": ("a.jsonl", "\n".join(json.dumps(r, indent=1) for r in RECORDS)),
    "objects on one line": ("a.json", "".join(map(json.dumps, RECORDS))),
    "objects on one line of .jsonl": ("a.jsonl", " ".join(map(json.dumps, RECORDS))),
    "objects with commas between": ("a.jsonl", ",\n".join(map(json.dumps, RECORDS))),
    "lines in .json": ("a.json", LINES),
    "lines with a mark": ("a.jsonl", b"\xef\xbb\xbf" + LINES.encode()),
    "blank lines": ("a.jsonl", "\n" + LINES + "\n\n"),
    "name in capitals": ("A.JSONL", LINES),
    "lines end in CR LF": ("a.csv", CSV.replace("\n", "\r\n")),
    "line ends that differ": ("a.csv", CSV.replace("\n", "\r\n", 2)),
    "csv with a mark": ("a.csv", b"\xef\xbb\xbf" + CSV.encode()),
    "a first name that is empty": (
        "a.csv",
        CSV.replace("text,", ",text,").replace('"Where', '1,"Where'),
    ),
}


def opened(folder: Path, name: str, content: str | bytes) -> Inputs:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return open_inputs([path])


@pytest.mark.parametrize("kind", sorted(READ))
def test_a_kind_of_file_is_read(kind: str, tmp_path: Path) -> None:
    tables = pl.concat(list(opened(tmp_path, *READ[kind]).tables()))
    assert tables["text"].to_list() == TEXTS
    assert tables["label"].to_list() == LABELS


REFUSED: dict[str, tuple[str, str | bytes, Sequence[str]]] = {
    "rows that are lists": ("a.json", json.dumps([[1, 2], [3, 4]]), ["list alone", "records"]),
    "lists on lines": ("a.jsonl", '["a", "b"]\n["c", "d"]\n', ["list alone", "messages"]),
    "conversations alone": ("a.json", json.dumps([TURNS, TURNS]), ["list alone", "messages"]),
    "texts alone": ("a.jsonl", '"one"\n"two"\n', ["string alone", '{"text": "…"}']),
    "an array in .jsonl": ("a.jsonl", json.dumps(RECORDS), ["array", ".json"]),
    "splits of records": (
        "a.json",
        json.dumps({"train": RECORDS, "test": RECORDS}),
        ["test, train"],
    ),
    "splits of columns": (
        "a.json",
        json.dumps({"train": COLUMNS, "test": COLUMNS}),
        ["test, train"],
    ),
    "texts by text": (
        "a.json",
        json.dumps({f"Where is hall {i}?": "In the north." for i in range(4)}),
        ["texts by text", "prompt"],
    ),
    "printed by Python": ("a.jsonl", f"{RECORDS[0]}\n", ["single quotes", "json.dumps"]),
    "cut off": ("a.jsonl", LINES + '{"text": "cut', ["line 5", "ends too early"]),
    "not a number": ("a.jsonl", '{"text": "a b", "n": NaN}\n', ["NaN"]),
    "half a pair": ("a.jsonl", '{"text": "\\ud83d a"}\n', ["surrogate"]),
    "a number too large": ("a.jsonl", '{"text": "a", "n": 1e999}\n', ["range of numbers"]),
    "a key twice": ("a.jsonl", '{"text": "a", "m": {"k": 1, "k": 2}}\n', ["k stands twice"]),
    "two types": ("a.jsonl", '{"a": 1}\n{"a": "b"}\n', ["column a", "number", "string"]),
    "UTF-16": ("a.jsonl", LINES.encode("utf-16"), ["UTF-16"]),
    "UTF-16 without mark": ("a.csv", CSV.encode("utf-16-le"), ["--encoding utf-16-le"]),
    "UTF-32": ("a.csv", CSV.encode("utf-32"), ["--encoding utf-32"]),
    "Latin-1": ("a.csv", "text,label\nun café,a\n".encode("latin-1"), ["--encoding cp1252"]),
    "gzip by content": ("a.jsonl", gzip.compress(LINES.encode()), ["gzip", ".gz"]),
    "gzip by name": ("a.jsonl.gz", LINES, ["is text", "not gzip"]),
    "csv by another name": ("a.parquet", CSV, ["is text", "not parquet"]),
    "Avro by content": ("a.json", b"Obj\x01\x04", ["Avro"]),
    "LFS": ("a.csv", "version https://git-lfs.github.com/spec/v1\n", ["git lfs pull"]),
    "a web page": ("a.csv", "<!DOCTYPE html><html>", ["web page"]),
    "an archive": ("a.zip", b"PK\x03\x04", ["archive", "Unpack"]),
    "an archive of Unix": ("a.tar.gz", b"\x1f\x8b", ["archive", "Unpack"]),
    "bzip2": ("a.jsonl.bz2", b"BZh9", ["Decompress"]),
    "a workbook": ("a.xlsx", b"PK\x03\x04", ["Excel", "csv"]),
    "a database": ("a.sqlite", b"SQLite", ["sqlite3 -header -csv"]),
    "a pickle": ("a.pkl", b"\x80\x04", ["Python objects"]),
    "a text file": ("a.txt", "hello", ['{"text": "…"}']),
    "ORC": ("a.orc", b"ORC", ["read_orc"]),
    "semicolons": ("a.csv", CSV.replace('",', '";').replace("t,l", "t;l"), ["--delimiter ';'"]),
    "sep=": ("a.csv", "sep=;\ntext;label\na b;c\n", ["--delimiter ';'", "Excel"]),
    "no header": ("a.csv", CSV.partition("\n")[2], ["--no-header"]),
    "CR alone": ("a.csv", CSV.replace("\n", "\r"), ["CR alone", "tr "]),
    "backslashes": ("a.csv", 'text,label\n"a \\"b\\" c",d\n', ["backslash"]),
    "a title above": (
        "a.csv",
        "Export of May\n" + CSV.replace('"', "").replace("flow,", "flow"),
        ["title"],
    ),
    "an open quote": ("a.csv", 'text,label\n"a b,c\n', ["Close the quote"]),
    "a name twice": ("a.csv", "text,text\na,b\n", ["text more than once"]),
}


@pytest.mark.parametrize("kind", sorted(REFUSED))
def test_a_kind_of_file_is_refused_with_a_remedy(kind: str, tmp_path: Path) -> None:
    name, content, words = REFUSED[kind]
    with pytest.raises(InputError) as refusal:
        opened(tmp_path, name, content)
    message = str(refusal.value)
    assert "\n" not in message
    assert "rivers" not in message
    assert "café" not in message
    for word in words:
        assert word in message


def array(values: Sequence[object], dtype: object = None) -> Callable[[], pa.Array]:
    return lambda: pa.array(values, dtype)


TYPES: dict[str, tuple[Callable[[], pa.Array], str]] = {
    "map": (array([[("k", "v")]] * 4, pa.map_(pa.string(), pa.string())), ""),
    "list of maps": (array([[[("k", "v")]]] * 4, pa.list_(pa.map_(pa.string(), pa.string()))), ""),
    "decimal": (array([Decimal(1)] * 4, pa.decimal128(20, 2)), ""),
    "decimal256": (array([Decimal(1)] * 4, pa.decimal256(50, 2)), "decimal256"),
    "decimal256 in a struct": (
        array([{"a": Decimal(1)}] * 4, pa.struct([("a", pa.decimal256(50, 2))])),
        "decimal256",
    ),
    "list view": (array([["a"]] * 4, pa.list_view(pa.string())), "list_view"),
    "large list view": (array([["a"]] * 4, pa.large_list_view(pa.string())), "large_list_view"),
    "string view": (array(["a"] * 4, pa.string_view()), ""),
    "binary text": (array([b"some words of text"] * 4, pa.binary()), ""),
    "binary": (array([b"\xff\xfe\x00"] * 4, pa.binary()), ""),
    "binary of one size": (array([b"abcd"] * 4, pa.binary(4)), ""),
    "array": (array([[1, 2]] * 4, pa.list_(pa.int64(), 2)), ""),
    "dictionary": (lambda: pa.array(["a", "b"] * 2).dictionary_encode(), ""),
    "dictionary of numbers": (lambda: pa.array([1, 2] * 2).dictionary_encode(), ""),
    "duration": (array([timedelta(1)] * 4), ""),
    "interval": (array([(1, 2, 3)] * 4, pa.month_day_nano_interval()), "interval"),
    "union": (
        lambda: pa.UnionArray.from_sparse(
            pa.array([0, 1] * 2, pa.int8()), [pa.array(["a"] * 4), pa.array([1] * 4)]
        ),
        "sparse_union",
    ),
    "run ends": (
        lambda: pa.RunEndEncodedArray.from_arrays(pa.array([4], pa.int32()), pa.array(["a"])),
        "run_end_encoded",
    ),
    "JSON": (
        lambda: pa.ExtensionArray.from_storage(pa.json_(), pa.array(['{"a": 1}'] * 4)),
        "",
    ),
    "tensor": (
        lambda: pa.ExtensionArray.from_storage(
            pa.fixed_shape_tensor(pa.int32(), [2]), pa.array([[1, 2]] * 4, pa.list_(pa.int32(), 2))
        ),
        "",
    ),
    "empty struct": (array([{}] * 4, pa.struct([])), ""),
    "names twice": (
        lambda: pa.StructArray.from_arrays([pa.array(TEXTS), pa.array(TEXTS)], ["a", "a"]),
        "two fields of one name",
    ),
    "null": (lambda: pa.nulls(4), ""),
    "a year beyond all": (array([2**40] * 4, pa.timestamp("s")), ""),
}


@pytest.mark.parametrize("in_file", [False, True])
@pytest.mark.parametrize("kind", sorted(TYPES))
def test_a_type_is_read_or_named_with_its_column(
    kind: str, in_file: bool, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    make, refused = TYPES[kind]
    table = pa.table({"text": TEXTS, "remark": make()})
    data: Any = table
    if in_file:
        data = tmp_path / "a.arrow"
        with pa.ipc.new_file(str(data), table.schema) as writer:
            writer.write_table(table)
    if refused:
        with pytest.raises(InputError, match=f"column remark: is of type .*{refused}"):
            open_inputs([data])
    else:
        assert open_inputs([data]).sample(9)["text"].to_list() == TEXTS
    assert not capfd.readouterr().err


def test_a_frame_of_pandas_is_read_with_its_index() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(COLUMNS).set_index("label")
    assert open_inputs([frame]).sample(9)["label"].to_list() == LABELS


def test_a_frame_of_pandas_with_several_types_names_the_column() -> None:
    pandas = pytest.importorskip("pandas")
    mixed = pandas.DataFrame({"text": TEXTS, "x": [1, "a", None, 2.5]})
    with pytest.raises(InputError, match="column x: holds values of several types"):
        open_inputs([mixed])
    twice = pandas.DataFrame([["a", "b"]], columns=["text", "text"])
    with pytest.raises(InputError, match="several columns called text"):
        open_inputs([twice])


def test_what_describes_data_beside_it_is_no_data(tmp_path: Path) -> None:
    (tmp_path / "data.jsonl").write_text(LINES, encoding="utf-8")
    for name in ("metadata.json", "schema.json", "croissant.json", "dataset_info.json"):
        (tmp_path / name).write_text("{}", encoding="utf-8")
    inputs = open_inputs([tmp_path])
    assert [file.name for file in inputs.files] == ["data.jsonl"]
    assert len(inputs.left_out) == 4
