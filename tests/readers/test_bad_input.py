"""Every way in which data can be wrong ends in one clear line, which never quotes the data."""

import gzip
import os
import re
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
import zstandard

from ftaudit.model.errors import InputError, UsageError
from ftaudit.readers import byte_stream
from ftaudit.readers.inputs import open_inputs

ZSTD = zstandard.ZstdCompressor(write_checksum=True)
GOOD = b'{"text": "a", "label": "b"}\n'


@pytest.fixture
def refused(tmp_path: Path) -> Callable[..., str]:
    """Write a file, open it, and return the one line that says why it is refused."""

    def refuse(name: str, data: bytes) -> str:
        path = tmp_path / name
        path.write_bytes(data)
        with pytest.raises(InputError) as caught:
            open_inputs([path])
        line = str(caught.value)
        assert str(path) in line
        assert "\n" not in line
        assert caught.value.remedy
        assert "SECRET" not in line
        return line.replace(str(path), name)

    return refuse


def parquet(path: Path) -> bytes:
    pl.DataFrame({"text": ["a"] * 1000}).write_parquet(path)
    return path.read_bytes()


def test_a_missing_path_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.csv: no such file or folder\. Check the path"):
        open_inputs([tmp_path / "nowhere.csv"])


@pytest.mark.parametrize("name", ["d.csv", "d.jsonl", "d.json", "d.parquet", "d.arrow", "d.tsv"])
def test_an_empty_file_is_told_from_one_without_rows(
    refused: Callable[..., str], name: str
) -> None:
    assert refused(name, b"") == f"{name}: is empty (0 bytes). Give a file with data"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("d.csv", b"text,label\n"),
        ("d.csv", b"\n\n"),
        ("d.jsonl", b"\n  \n"),
        ("d.jsonl", b"\xef\xbb\xbf"),
        ("d.json", b" [ ] "),
        ("d.json", b"  "),
        ("d.csv.gz", gzip.compress(b"", mtime=0)),
    ],
)
def test_a_file_without_rows_says_so(refused: Callable[..., str], name: str, data: bytes) -> None:
    assert refused(name, data) == f"{name}: has no data rows. Give a file with data"


@pytest.mark.parametrize("kind", ["parquet", "arrow"])
def test_a_table_without_rows_says_so(
    refused: Callable[..., str], tmp_path: Path, kind: str
) -> None:
    frame = pl.DataFrame({"text": []}, schema={"text": pl.String})
    path = tmp_path / "empty"
    frame.write_parquet(path) if kind == "parquet" else frame.write_ipc(path)
    assert "has no data rows" in refused(f"d.{kind}", path.read_bytes())


def test_a_truncated_parquet_names_the_file(refused: Callable[..., str], tmp_path: Path) -> None:
    whole = parquet(tmp_path / "whole")
    line = refused("d.parquet", whole[: len(whole) // 2])
    assert line.startswith("d.parquet: is not a complete parquet file. Write or copy it again")


def test_a_parquet_that_is_none_names_the_file(refused: Callable[..., str]) -> None:
    assert "is text, and not parquet as its name" in refused("d.parquet", b"text,label\nSECRET,b\n")
    assert "is not a complete parquet file" in refused("d.parquet", b"PAR1" + bytes(99))


@pytest.mark.parametrize("cut", [4, 100, -20, -1])
def test_a_truncated_arrow_file_names_the_file(
    refused: Callable[..., str], tmp_path: Path, cut: int
) -> None:
    path = tmp_path / "whole"
    pl.DataFrame({"text": ["a"] * 1000}).write_ipc(path)
    assert "is not a complete Arrow IPC file" in refused("d.feather", path.read_bytes()[:cut])


def test_feather_version_1_is_refused_by_name(refused: Callable[..., str]) -> None:
    assert "is a Feather version 1 file. Write it again" in refused("d.feather", b"FEA1" + b"x" * 9)


def test_bad_json_is_counted_and_its_first_ten_lines_are_named(
    refused: Callable[..., str],
) -> None:
    lines = [b'{"text": "SECRET' if i % 2 else GOOD.strip() for i in range(40)]
    line = refused("d.jsonl", b"\n".join(lines))
    assert "20 lines are not a JSON object: line 2 (ends too early); line 4" in line
    assert "line 20 (ends too early), and 10 more. Write one JSON object" in line
    assert "line 22" not in line


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (b'{"text": "SECRET}', "ends too early"),
        (b'{"text": SECRET}', "malformed at byte 9"),
        (b'{"text": "a"} {"text": "SECRET"}', "malformed at byte 15"),
        (b'["SECRET"]', "list alone"),
        (b'"SECRET"', "string alone"),
        (b"12", "number alone"),
        (b"null", "null alone"),
        (b'{"text": "SECRET\xff"}', "byte 16 is not UTF-8"),
        (b'{"text": "\\ud800"}', "an escape that is half of a surrogate pair"),
        (b'{"text": "SECRET\x00"}', "malformed at byte 16"),
        (b'{"text": 1e999}', "a number beyond the range of numbers"),
        (b'{"text": NaN}', "NaN or Infinity, which is no JSON: write null"),
        (b'{"text": "SECRET", "text": "b"}', "the key text stands twice"),
        (b'{"t": ' + b"[" * 1000 + b"]" * 1000 + b"}", "nested deeper than 100 levels"),
        (b'{"t": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested deeper than 100 levels"),
        (b'{"t": ' + b'{"a":' * 101 + b"1" + b"}" * 101 + b"}", "nested deeper than 100 levels"),
    ],
)
def test_each_kind_of_bad_line_is_told(refused: Callable[..., str], bad: bytes, why: str) -> None:
    line = refused("d.jsonl", b"\n" + GOOD * 200 + b"\r\n" + bad + b"\n" + GOOD)
    assert f"1 line is not a JSON object: line 203 ({why})" in line


def test_nesting_is_limited_inside_text_columns_too(refused: Callable[..., str]) -> None:
    mixed = b'{"m": [1, "a", {"b": [2]}]}\n' * 200
    deep = b'{"m": ' + b"[" * 101 + b"]" * 101 + b"}\n"
    assert "line 201 (nested deeper than 100 levels)" in refused("d.jsonl", mixed + deep)


def test_mixed_types_name_the_column_both_types_and_lines(refused: Callable[..., str]) -> None:
    data = GOOD * 300 + b'{"text": 7, "label": "SECRET"}\n' + GOOD
    assert refused("d.jsonl", data) == (
        "d.jsonl, column text: string (line 1) and number (line 301) in one column. "
        "Give the column one JSON type"
    )


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (["true", "1"], "true/false (row 0) and number (row 1)"),
        (["null", '"SECRET"', '["SECRET"]'], "string (row 1) and list or object (row 2)"),
    ],
)
def test_mixed_types_in_an_array_name_rows(
    refused: Callable[..., str], values: list[str], found: str
) -> None:
    text = ",\n".join(f'{{"text": {value}}}' for value in values)
    assert found in refused("d.json", f"[{text}]".encode())


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b'[{"text": "a"}, {"text": "SECRET"}', "row 1: the JSON array ends before its closing"),
        (b'[{"text": "a"}, {"text": SECRET}]', "1 row is not a JSON object: row 1 (malformed at"),
        (b'[{"text": "a"},\n{"text": SECRET},\n{"text": "b" "c"}]', "2 rows are not a JSON object"),
        (b'[{"text": "a"},]', "row 1: the JSON array is malformed"),
        (b'[{"text": "a"}] SECRET', "row 1: the JSON array goes on after its closing bracket"),
        (b'[{"text": "a"}, 3]', "1 row is not a JSON object: row 1 (number alone)"),
        (b'{\n"data": [\n{"text": "SECRET"]\n}', "line 3: is one JSON object over several lines"),
        (b"[" * 5000, "the JSON array ends before its closing bracket"),
        (b"[" * 5000 + b"]" * 5000, "the JSON array is malformed"),
    ],
)
def test_a_broken_array_says_where(refused: Callable[..., str], data: bytes, what: str) -> None:
    assert what in refused("d.json", data)


def test_more_than_ten_thousand_keys_are_refused(refused: Callable[..., str]) -> None:
    fields = ",".join(f'"k{i}": 1' for i in range(10_001))
    assert "line 1: more than 10,000 different keys" in refused("d.jsonl", f"{{{fields}}}".encode())
    header = ",".join(f"k{i}" for i in range(10_001))
    assert "line 1: the header has 10,001 columns" in refused("d.csv", header.encode() + b"\n")


@pytest.mark.parametrize("name", ["d.csv", "d.tsv"])
def test_invalid_utf8_names_line_and_byte(refused: Callable[..., str], name: str) -> None:
    line = refused(name, b'a\n"x\ny"\nSECR\xffET\n')
    problem = f"{name}, line 4, byte 4: is not UTF-8 text. Save it as UTF-8"
    assert line == f"{problem}, or read it with --encoding cp1252"


def test_invalid_utf8_is_found_in_irregular_csv_too(refused: Callable[..., str]) -> None:
    assert "line 3, byte 2: is not UTF-8 text" in refused("d.csv", b'a\n5" x\nok\xff\n')


@pytest.mark.parametrize("mark", ["utf-16-le", "utf-16-be"])
def test_utf16_is_refused_by_name(refused: Callable[..., str], mark: str) -> None:
    data = "\ufefftext\nSECRET\n".encode(mark)
    message = "is UTF-16 text, and UTF-8 was expected. Save it as UTF-8"
    assert refused("d.jsonl", data).endswith(message)
    assert refused("d.csv", data).endswith(f"{message}, or read it with --encoding utf-16")


def test_ragged_rows_are_counted_and_the_first_ten_named(refused: Callable[..., str]) -> None:
    rows = ['"a\nb",c' if i % 2 else "SECRET,b,c" for i in range(30)]
    line = refused("d.csv", ("text,label\n" + "\n".join(rows)).encode())
    assert "15 records have not the 2 fields of the header: line 2 (3 fields); line 5" in line
    assert "line 29 (3 fields), and 5 more. Quote cells" in line


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ("SECRET", "1 field"),
        ("a,b,", "3 fields"),
        ('"a"SECRET,b', "text after a closing quote"),
    ],
)
def test_each_kind_of_ragged_row_is_told(refused: Callable[..., str], bad: str, why: str) -> None:
    line = refused("d.csv", f"text,label\na,b\n\n{bad}\nc,d\n".encode())
    assert f"1 record has not the 2 fields of the header: line 4 ({why})" in line


def test_a_quote_that_never_closes_names_its_line(refused: Callable[..., str]) -> None:
    line = refused("d.csv", b'text,label\na,b\n"SECRET,b\nc,d\n')
    assert "line 3: the file ends inside the quoted cell of a record that begins here" in line


def test_double_header_names_are_refused(refused: Callable[..., str]) -> None:
    line = refused("d.csv", b"\ntext,label,text\na,b,c\n")
    assert "d.csv, line 2: the header names text more than once" in line


@pytest.mark.parametrize(
    ("name", "what"),
    [
        (
            "d.cvs",
            "the extension .cvs is not one that is read (did you mean .csv?). Known are .parq",
        ),
        ("d", "has no extension. Known are"),
        ("d.gz", ".gz is read only after one of .jsonl, .json, .csv, .tsv"),
        ("d.parquet.zst", ".zst is read only after"),
    ],
)
def test_an_unknown_extension_lists_the_known_ones(
    refused: Callable[..., str], name: str, what: str
) -> None:
    assert what in refused(name, GOOD)


@pytest.mark.parametrize("name", ["d.jsonl.gz", "d.csv.zst"])
@pytest.mark.parametrize("broken", ["cut", "none", "flipped"])
def test_broken_compression_is_told(refused: Callable[..., str], name: str, broken: str) -> None:
    packed = gzip.compress(GOOD * 99) if name.endswith("gz") else ZSTD.compress(GOOD * 99)
    middle = len(packed) // 2
    data = {
        "cut": packed[:-5],
        "none": GOOD,
        "flipped": packed[:middle] + bytes([packed[middle] ^ 255]) + packed[middle + 1 :],
    }[broken]
    if broken == "flipped" and name.endswith("zst"):
        data = packed[: middle // 2] + b"\xff" * middle + packed[middle + middle // 2 :]
    message = "is text, and not" if broken == "none" else "data. Compress or copy the file again"
    assert message in refused(name, data)


def test_files_of_different_columns_name_columns_and_files(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(GOOD)
    (tmp_path / "b.csv").write_bytes(b"text,topic\na,b\n")
    with pytest.raises(InputError) as caught:
        open_inputs([tmp_path / "b.csv", tmp_path / "a.jsonl"])
    assert str(caught.value) == (
        "b.csv: its columns are not those of a.jsonl: it lacks label and has topic besides. "
        "Give every file the same columns, or name the files to be read"
    )


def test_files_of_different_types_name_column_types_and_files(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"text": "x"}')
    (tmp_path / "b.jsonl").write_bytes(b'{"text": 1}')
    with pytest.raises(
        InputError,
        match=r"b.jsonl, column text: its type differs between files: "
        r"String in a.jsonl and Int64 in b.jsonl",
    ):
        open_inputs([tmp_path])


def test_the_same_file_cannot_have_two_roles(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(GOOD)
    (tmp_path / "link.jsonl").symlink_to(path)
    for other in (path, tmp_path / "link.jsonl", tmp_path / ".." / tmp_path.name / "a.jsonl"):
        with pytest.raises(InputError, match="the same file is given as training and as holdout"):
            open_inputs([path], holdout=[other])


def test_the_same_content_cannot_have_two_roles(tmp_path: Path) -> None:
    for name in ("a.jsonl", "b.jsonl"):
        (tmp_path / name).write_bytes(GOOD)
    with pytest.raises(InputError, match=r"b.jsonl: the same content as a.jsonl is given as train"):
        open_inputs([tmp_path / "a.jsonl"], validation=[tmp_path / "b.jsonl"])


@pytest.mark.parametrize("folder", ["", "sub"])
def test_a_folder_without_data_says_what_is_known(tmp_path: Path, folder: str) -> None:
    (tmp_path / "README.md").write_text("no data")
    (tmp_path / ".hidden.csv").write_text("a\n1\n")
    (tmp_path / "sub").mkdir()
    with pytest.raises(InputError, match=r"holds no file of a known kind. Known are .parquet"):
        open_inputs([tmp_path / folder])


def test_a_pattern_that_matches_nothing_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"\*\.csv: no file matches this pattern"):
        open_inputs([tmp_path / "*.csv"])


def test_a_refusal_of_the_system_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"text\na\n")

    def deny(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    for seam in (Path, os):
        with monkeypatch.context() as patch:
            patch.setattr(seam, "open" if seam is Path else "stat", deny)
            with pytest.raises(
                InputError, match=r"may not be read \(permission denied\). Give the"
            ):
                open_inputs([str(path)])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_read_permission_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"text\na\n")
    path.chmod(stat.S_IWUSR)
    with pytest.raises(InputError, match="permission denied"):
        open_inputs([path])


def test_a_loop_of_links_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.csv").symlink_to(tmp_path / "b.csv")
    (tmp_path / "b.csv").symlink_to(tmp_path / "a.csv")
    with pytest.raises(InputError, match="a chain of symbolic links that never ends"):
        open_inputs([tmp_path / "a.csv"])


def test_a_loop_of_folders_ends(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "d.csv").write_bytes(b"text\na\n")
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    assert [file.name for file in open_inputs([tmp_path]).files] == ["a/d.csv"]


def test_a_dangling_link_in_a_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"text\na\n")
    (tmp_path / "b.csv").symlink_to(tmp_path / "gone.csv")
    with pytest.raises(InputError, match=r"b\.csv: no such file"):
        open_inputs([tmp_path])


@pytest.mark.parametrize("name", ["a.csv", "a.parquet", "a.arrow", "a.jsonl"])
def test_a_file_that_changes_while_it_is_audited_is_an_error(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    frame = pl.DataFrame({"text": ["a", "b"]})
    write: dict[str, Callable[..., object]] = {
        "csv": frame.write_csv,
        "parquet": frame.write_parquet,
        "arrow": frame.write_ipc,
    }
    put: Callable[[Path], object] = write.get(path.suffix[1:], frame.write_ndjson)
    put(path)
    inputs = open_inputs([path])
    path.write_bytes(path.read_bytes() + b"\n")
    with pytest.raises(InputError, match=rf"{re.escape(name)}: changed while it was read"):
        list(inputs.tables())


def test_a_record_without_end_is_not_held_in_memory(
    refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(byte_stream, "BLOCK", 1 << 10)
    monkeypatch.setattr(byte_stream, "MAX_RECORD", 1 << 14)
    endless = zstandard.compress(b'a\nb\n"' + b"x" * (1 << 24))
    line = refused("d.csv.zst", endless)
    assert "byte 4 of the text: a record is longer than" in line


def test_no_training_data_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"text\na\n")
    with pytest.raises(UsageError, match="no training data is given"):
        open_inputs([], holdout=[tmp_path / "a.csv"])
    with pytest.raises(UsageError, match="data is a path, a frame or an Arrow C stream, not int"):
        open_inputs([7])  # type: ignore[list-item] # the mistake under test


@pytest.mark.parametrize("name", ["__row", "__file", "__split"])
def test_names_kept_for_ftaudit_are_refused(name: str) -> None:
    with pytest.raises(InputError, match=f"has a column called {name}, a name kept"):
        open_inputs([pl.DataFrame({name: [1]})])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_told_to_be_one_and_never_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "d.csv"
    os.mkfifo(pipe)
    with pytest.raises(InputError, match="is a pipe or a device, and data is read more than once"):
        open_inputs([pipe])


@pytest.mark.parametrize("name", ["", " ", "\t"])
def test_an_empty_name_is_not_the_working_folder(name: str) -> None:
    with pytest.raises(InputError, match="an empty name is no path"):
        open_inputs([name])


def test_standard_input_is_refused_by_its_usual_name() -> None:
    with pytest.raises(InputError, match=r"^-: data is not read from standard input"):
        open_inputs(["-"])


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system refuses such names")
def test_a_file_name_that_is_no_text_is_told_before_anything_is_read(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"train\xff.csv")
    path.write_text("text\na\n")
    with pytest.raises(InputError, match=r"the path is not UTF-8 text\. Rename the file"):
        open_inputs([path])
