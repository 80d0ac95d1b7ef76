"""csv files written in other ways: read when told, else refused with the option that reads them."""

from pathlib import Path

import polars as pl
import pytest

from ftaudit.model.errors import InputError, UsageError
from ftaudit.model.parts import PartSizes
from ftaudit.readers.csv_dialect import CsvDialect, refuse_missing_header
from ftaudit.readers.inputs import open_inputs

ROWS = [("Où est la clé", "a"), ("Grüße, wie geht es", "b"), ("¿Cómo está?", "a")]


def read(tmp_path: Path, data: bytes, dialect: CsvDialect, name: str = "a.csv") -> list[object]:
    path = tmp_path / name
    path.write_bytes(data)
    inputs = open_inputs([path], dialect=dialect)
    frames = list(inputs.tables())
    parts = [f for part in inputs.parts(PartSizes(1, 2)) for f in part.frames()]
    assert pl.concat(parts).equals(pl.concat(frames))
    return [row[3:] for row in pl.concat(frames).iter_rows()]


def refusal(tmp_path: Path, data: bytes, name: str = "a.csv") -> str:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(InputError) as caught:
        open_inputs([tmp_path / name])
    return str(caught.value)


@pytest.mark.parametrize("delimiter", [";", "|", "tab", "\t"])
def test_a_delimiter_is_taken_as_it_is_given(tmp_path: Path, delimiter: str) -> None:
    sign = "\t" if delimiter == "tab" else delimiter
    text = "\n".join([f"text{sign}label", *(f'"{text}"{sign}{label}' for text, label in ROWS)])
    assert read(tmp_path, text.encode(), CsvDialect(delimiter)) == ROWS


@pytest.mark.parametrize(("sign", "typed"), [(";", ";"), ("\t", "tab"), ("|", "|")])
def test_another_separator_is_proposed(tmp_path: Path, sign: str, typed: str) -> None:
    text = "\n".join([f"text{sign}label", *(f"some text here{sign}a" for _ in range(4))])
    assert f"--delimiter '{typed}'" in refusal(tmp_path, text.encode())


def test_a_comma_in_a_tsv_is_proposed(tmp_path: Path) -> None:
    assert "--delimiter ','" in refusal(tmp_path, b"text,label\nx y z,a\nu v w,b\n", "a.tsv")


def test_the_line_of_excel_is_named(tmp_path: Path) -> None:
    message = refusal(tmp_path, b"sep=;\ntext;label\nx y;a\n")
    assert "sep=;" in message
    assert "--delimiter ';'" in message


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-16", "utf-8"])
def test_an_encoding_is_taken_as_it_is_given(tmp_path: Path, encoding: str) -> None:
    text = "\n".join(["text,label", *(f'"{text}",{label}' for text, label in ROWS)])
    assert read(tmp_path, text.encode(encoding), CsvDialect(encoding=encoding)) == ROWS


def test_windows_1252_is_proposed(tmp_path: Path) -> None:
    assert "--encoding cp1252" in refusal(tmp_path, "text\nGrüße\n".encode("cp1252"))


def test_without_a_header_columns_are_numbered_and_the_first_record_counts(tmp_path: Path) -> None:
    data = "\n".join(f'"{text}",{label}' for text, label in ROWS).encode()
    assert read(tmp_path, data, CsvDialect(header=False)) == ROWS
    assert list(open_inputs([tmp_path / "a.csv"], dialect=CsvDialect(header=False)).schema) == [
        "column_1",
        "column_2",
    ]


def test_a_first_record_in_place_of_a_header_is_not_shown(tmp_path: Path) -> None:
    data = b"Mia Example called about it,complaint\nx y z,complaint\nu v w,question\n"
    message = refusal(tmp_path, data)
    assert "--no-header" in message
    assert "Mia" not in message
    assert "complaint" not in message


def test_line_ends_of_cr_and_escaped_quotes_are_named(tmp_path: Path) -> None:
    assert "CR alone" in refusal(tmp_path, b"text,label\rx y,a\rz,b\r")
    assert "backslash" in refusal(tmp_path, b'text,label\n"he said \\"go\\" twice",a\n')


@pytest.mark.parametrize("dialect", [{"delimiter": ";;"}, {"delimiter": '"'}, {"encoding": "x"}])
def test_what_cannot_be_meant_is_refused(dialect: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        CsvDialect(**dialect)  # type: ignore[arg-type] # what a user may type


def test_a_short_class_beside_a_sentence_comes_again_where_the_header_is_missing() -> None:
    rows = [("How do I pay by card in the app?", "a"), ("Where is the card now?", "b")] * 3
    with pytest.raises(InputError, match="--no-header"):
        refuse_missing_header("a.csv", ("Why was my card declined today?", "a"), rows)
    refuse_missing_header("a.csv", ("text", "a"), rows)
