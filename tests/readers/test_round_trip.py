"""Any records, in any kind of file, cut into blocks anywhere, read back as the same rows."""

import csv
import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ftaudit.model.errors import InputError
from ftaudit.readers import byte_stream, parquet
from ftaudit.readers.inputs import Inputs, open_inputs

TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
HARD = st.one_of(TEXT, st.sampled_from(['a,"b"\r\n', "\\", '\\"', "],[", '{"', "\r", "\0", "007"]))
NESTED = st.lists(st.fixed_dictionaries({"role": HARD, "content": HARD | st.none()}), max_size=3)
RECORD = st.fixed_dictionaries(
    {"s": HARD | st.none()},
    optional={
        "i": st.integers(-(2**63), 2**63 - 1) | st.none(),
        "f": st.floats(allow_nan=False, allow_infinity=False) | st.none(),
        "b": st.booleans() | st.none(),
        "m": NESTED | st.none(),
    },
)
RECORDS = st.lists(RECORD, min_size=1, max_size=12)
SETTINGS = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])

Pack = Callable[[bytes], bytes]
PACKS: dict[str, Pack] = {
    "": lambda data: data,
    ".gz": gzip.compress,
    ".zst": lambda data: zstandard.compress(data[:7]) + zstandard.compress(data[7:]),
}


def rows_of(inputs: Inputs) -> list[dict[str, Any]]:
    return pl.concat(inputs.tables()).drop("__split", "__file").to_dicts()


def expected(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    names = list(dict.fromkeys(name for record in records for name in record))
    return [{"__row": i} | {n: r.get(n) for n in names} for i, r in enumerate(records)]


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(PACKS[path.suffix if path.suffix in PACKS else ""](data))
    return path


@SETTINGS
@given(
    records=RECORDS,
    pack=st.sampled_from(sorted(PACKS)),
    array=st.booleans(),
    indent=st.sampled_from([None, 1]),
    escaped=st.booleans(),
    block=st.integers(4, 200),
)
def test_json_reads_back_whatever_the_blocks(  # noqa: PLR0913, PLR0917 - one argument per dimension
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    records: list[dict[str, Any]],
    pack: str,
    array: bool,
    indent: int | None,
    escaped: bool,
    block: int,
) -> None:
    if array:
        name, text = "d.json", json.dumps(records, indent=indent, ensure_ascii=escaped)
    else:
        lines = [json.dumps(record, ensure_ascii=escaped) for record in records]
        name, text = "d.jsonl", "\n\n".join(lines)
    path = write(tmp_path / f"{name}{pack}", text.encode())
    monkeypatch.setattr(byte_stream, "BLOCK", block)
    inputs = open_inputs([path])
    assert rows_of(inputs) == expected(records)
    if not array:
        lines_of = inputs.files[0].lines
        assert lines_of is not None
        found = lines_of.line(pl.concat(inputs.tables())["__row"].to_numpy())
        assert found.tolist() == [1 + 2 * i for i in range(len(records))]


CELL = st.one_of(TEXT, st.sampled_from(["", 'a,"b"\r\nc', '"', "\r", "x\ty", "007", " ", "\n"]))


@SETTINGS
@given(
    rows=st.lists(st.tuples(CELL, CELL | st.none(), CELL), min_size=1, max_size=12),
    pack=st.sampled_from(sorted(PACKS)),
    separator=st.sampled_from([",", "\t"]),
    end=st.sampled_from(["\n", "\r\n"]),
    mark=st.sampled_from([b"", b"\xef\xbb\xbf"]),
    block=st.integers(4, 200),
)
def test_csv_reads_back_whatever_the_blocks(  # noqa: PLR0913, PLR0917 - one argument per dimension
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    rows: list[tuple[str, str | None, str]],
    pack: str,
    separator: str,
    end: str,
    mark: bytes,
    block: int,
) -> None:
    def cell(value: str | None) -> str:
        if value is None:
            return ""
        plain = value and not any(c in value for c in '",\t\r\n')
        return value if plain else '"' + value.replace('"', '""') + '"'

    text = end.join(separator.join(map(cell, row)) for row in [("a", "b", "c"), *rows])
    suffix = "csv" if separator == "," else "tsv"
    path = write(tmp_path / f"d.{suffix}{pack}", mark + text.encode())
    monkeypatch.setattr(byte_stream, "BLOCK", block)
    inputs = open_inputs([path])
    assert [tuple(r[n] for n in "abc") for r in rows_of(inputs)] == rows
    lines = inputs.files[0].lines
    assert lines is not None
    starts = [
        2 + sum(text_lines(r, cell, separator, end) for r in rows[:i]) for i in range(len(rows))
    ]
    assert lines.line(pl.Series(range(len(rows)), dtype=pl.UInt64).to_numpy()).tolist() == starts


def text_lines(
    row: tuple[str, str | None, str], cell: Callable[[str | None], str], separator: str, end: str
) -> int:
    return (separator.join(map(cell, row)) + end).count("\n")


@SETTINGS
@given(text=st.text(st.sampled_from('ab",\r\n'), min_size=1, max_size=60), block=st.integers(4, 70))
def test_hostile_csv_gives_the_same_answer_for_every_block_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, block: int
) -> None:
    path = write(tmp_path / "d.csv", b"a,b\n" + text.encode())

    def answer(size: int) -> object:
        monkeypatch.setattr(byte_stream, "BLOCK", size)
        try:
            return rows_of(open_inputs([path]))
        except InputError as error:
            return repr(error)

    assert answer(block) == answer(1 << 20)


@SETTINGS
@given(text=st.text(st.sampled_from('ab"a1,:{}[]\\ \n'), min_size=1, max_size=40))
def test_hostile_json_gives_the_same_answer_for_every_block_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    for name, whole in (("d.jsonl", text), ("d.json", f'[{{"a":1}},{text}]')):
        path = write(tmp_path / name, whole.encode())
        answers = []
        for size in (4, 9, 1 << 20):
            monkeypatch.setattr(byte_stream, "BLOCK", size)
            try:
                answers.append(str(rows_of(open_inputs([path]))))
            except InputError as error:
                answers.append(str(error) if name == "d.jsonl" else "InputError")
        assert len(set(answers)) == 1


@SETTINGS
@given(
    records=RECORDS, kind=st.sampled_from(["parquet", "arrow", "arrows"]), rows=st.integers(1, 9)
)
def test_columnar_files_read_back_whatever_the_batches(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    records: list[dict[str, Any]],
    kind: str,
    rows: int,
) -> None:
    monkeypatch.setattr(parquet, "BATCH_ROWS", rows)
    frame = pl.DataFrame(
        expected(records),
        schema_overrides={
            "s": pl.String,
            "i": pl.Int64,
            "f": pl.Float64,
            "b": pl.Boolean,
            "m": pl.List(pl.Struct({"role": pl.String, "content": pl.String})),
        },
        infer_schema_length=None,
    ).drop("__row")
    frame = frame.select(n for n in frame.columns)
    path = tmp_path / f"d.{kind}"
    buffer = io.BytesIO()
    match kind:
        case "parquet":
            frame.write_parquet(buffer)
        case "arrow":
            frame.write_ipc(buffer)
        case _:
            frame.write_ipc_stream(buffer)
    path.write_bytes(buffer.getvalue())
    for inputs in (open_inputs([path]), open_inputs([frame]), open_inputs([frame.lazy()])):
        assert pl.concat(inputs.tables()).drop("__split", "__file", "__row").equals(frame)


def test_python_s_own_csv_module_agrees_on_the_real_data(shared: Path) -> None:
    path = shared / "banking77_train.csv"
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    inputs = open_inputs([path])
    table = pl.concat(inputs.tables()).select("text", "category")
    assert [list(row) for row in table.rows()] == rows[1:]
    assert inputs.files[0].rows == 10_003
