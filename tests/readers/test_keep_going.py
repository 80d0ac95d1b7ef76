"""Records that cannot be read: all are counted, the others audited, and such data never passes."""

import json
from pathlib import Path

import polars as pl
import pytest

import ftaudit
from ftaudit.model.breach import UNREAD_ROWS
from ftaudit.model.errors import InputError
from ftaudit.model.options import Options
from ftaudit.model.parts import PartSizes
from ftaudit.readers import json_pieces
from ftaudit.readers.csv_dialect import CsvDialect
from ftaudit.readers.inputs import Inputs, open_inputs

TEXTS = [f"Where do the rivers flow, north of hall {i}?" for i in range(30)]
LINES = [json.dumps({"text": text, "label": "ab"[i % 2]}) for i, text in enumerate(TEXTS)]
BROKEN = ('{"text": "cut', "[1, 2]", '{"text": "a", "text": "b"}', '{"text": NaN}', "\x00")
PLACES = (0, 3, 11, 12, 29)
"""Rows that cannot be read, among 35."""


def with_broken(lines: list[str]) -> list[str]:
    rows = list(lines)
    for place, line in zip(PLACES, BROKEN, strict=True):
        rows.insert(place, line)
    return rows


@pytest.fixture(params=["a.jsonl", "a.csv"])
def broken(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / str(request.param)
    rows = with_broken(LINES)
    if path.suffix == ".csv":
        cells = [f'"{text}",{"ab"[i % 2]}' for i, text in enumerate(TEXTS)]
        lines = with_broken(cells)
        bad = dict(zip(PLACES, ["x,y,z", "alone", "x,y,z", '"a" b,c', "p,q,r"], strict=True))
        rows = ["text,label", *(bad.get(i, line) for i, line in enumerate(lines))]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def kept(path: Path) -> Inputs:
    return open_inputs([path], dialect=CsvDialect(keep_going=True))


def test_without_the_option_all_bad_records_are_counted(broken: Path) -> None:
    with pytest.raises(InputError, match=r"5 (lines|records).*--keep-going audits the others"):
        open_inputs([broken])


def test_the_others_are_read_with_their_own_numbers(broken: Path) -> None:
    inputs = kept(broken)
    tables = pl.concat(list(inputs.tables()))
    assert tables["text"].to_list() == TEXTS
    assert tables["__row"].to_list() == [i for i in range(35) if i not in PLACES]
    assert inputs.files[0].rows == 35
    assert "5 " in inputs.broken[0]
    assert "rivers" not in inputs.broken[0]


def test_parts_hold_the_same_rows(broken: Path) -> None:
    inputs = kept(broken)
    parts = [frame for part in inputs.parts(PartSizes(200, 2)) for frame in part.frames()]
    assert pl.concat(parts).equals(pl.concat(list(inputs.tables())))
    one = pl.concat(list(inputs.tables(["label"])))
    assert one["label"].to_list() == ["ab"[i % 2] for i in range(30)]


def test_lines_of_rows_are_those_of_the_file(broken: Path) -> None:
    lines = kept(broken).files[0].lines
    assert lines is not None
    first = 1 if broken.suffix == ".jsonl" else 2
    rows = pl.Series([1, 34], dtype=pl.UInt64).to_numpy()
    assert lines.line(rows).tolist() == [1 + first, 34 + first]


OPEN = "text,label\n" + "".join(f'"{t}",a\n' for t in TEXTS[:4])
TAIL = '"cut in hall 7,b\nwhere do the bells ring,c\n"and the\nlamps",d\nlast of them,e\n'


def test_a_quote_that_never_closes_costs_its_own_line_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(OPEN + TAIL.replace('"and the\nlamps"', "and the lamps"), encoding="utf-8")
    with pytest.raises(
        InputError, match=r"line 6: .*Close the quote; --keep-going audits"
    ) as error:
        open_inputs([path])
    assert "hall" not in str(error.value)
    inputs = kept(path)
    tables = pl.concat(list(inputs.tables()))
    others = ["where do the bells ring", "and the lamps", "last of them"]
    assert tables["text"].to_list() == [*TEXTS[:4], *others]
    assert tables["__row"].to_list() == [0, 1, 2, 3, 5, 6, 7]
    reason = "line 6 (a quoted cell that is never closed)"
    assert inputs.broken == (f"a.csv: 1 record cannot be read: {reason}",)
    parts = [frame for part in inputs.parts(PartSizes(40, 2)) for frame in part.frames()]
    assert pl.concat(parts).equals(tables)


def test_the_line_is_named_on_which_the_quote_opens(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(OPEN + '"one\ntwo","three\nfour\n', encoding="utf-8")
    with pytest.raises(InputError, match="line 7: the file ends inside the quoted cell that begin"):
        open_inputs([path])


def test_a_file_without_any_record_is_refused_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"a\n[1]\n', encoding="utf-8")
    with pytest.raises(InputError, match="has no data rows"):
        kept(path)


def test_such_data_never_passes_whatever_the_policy(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(with_broken(LINES)) + "\n", encoding="utf-8")
    options = Options(keep_going=True, policy="report-only", only=("schema", "pii"), workers=1)
    with ftaudit.scan(str(path), options=options) as audit:
        assert audit.exit_code == 3
        assert [breach.rule for breach in audit.verdict.breaches] == [UNREAD_ROWS]
        schema = next(c for c in audit.manifest.predicate.checks if c.id == "schema")
    assert schema.metrics["schema.unreadable_rows"] == 5
    assert "5 records cannot be read" in schema.headline
    assert any("line 1 (ends too early)" in note for note in schema.notes)


def arrays() -> dict[str, str]:
    """Return arrays of 14 records, two of which are broken, as files write them."""
    rows = [*LINES[:4], '{"text": cut}', *LINES[4:7], '{"text": "a" "label": "b"}', *LINES[7:12]]
    spread = [row.replace("{", "{\n    ").replace("}", "\n  }") for row in rows]
    return {
        "lines": "[\n" + ",\n".join(rows) + "\n]\n",
        "indented": "[\n  " + ",\n  ".join(spread) + "\n]",
        "side by side": "[" + spread[0] + ", " + ", ".join(spread[1:]) + "]",
        "one line": "[" + ", ".join(rows) + "]",
    }


@pytest.mark.parametrize("layout", sorted(arrays()))
def test_what_is_sound_of_a_broken_array_is_read(layout: str, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(arrays()[layout], encoding="utf-8")
    with pytest.raises(InputError, match=r"2 rows are not .*row 4 .*row 8 .*--keep-going audits"):
        open_inputs([path])
    inputs = kept(path)
    tables = pl.concat(list(inputs.tables()))
    assert tables["text"].to_list() == TEXTS[:12]
    assert tables["__row"].to_list() == [i for i in range(14) if i not in {4, 8}]
    assert inputs.files[0].rows == 14


def test_an_array_is_cut_alike_wherever_its_blocks_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.json"
    path.write_text(arrays()["lines"], encoding="utf-8")
    whole = pl.concat(list(kept(path).tables()))
    monkeypatch.setattr(json_pieces, "BLOCK", 64)
    assert pl.concat(list(kept(path).tables())).equals(whole)


def test_an_array_that_is_cut_off_is_read_up_to_there(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("[\n" + ",\n".join(LINES)[:-9], encoding="utf-8")
    assert pl.concat(list(kept(path).tables()))["text"].to_list() == TEXTS[:-1]


def test_records_of_csv_that_are_not_utf_8_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = [f'"{text}",a'.encode() for text in TEXTS]
    rows[3] = '"Wo flie\u00dfen die Fl\u00fcsse, Halle 3?",a'.encode("latin-1")
    path.write_bytes(b"\n".join([b"text,label", *rows]))
    with pytest.raises(InputError, match="line 5, byte 8: is not UTF-8"):
        open_inputs([path])
    inputs = kept(path)
    assert inputs.broken == ("a.csv: 1 record cannot be read: line 5 (not UTF-8 text)",)
    tables = pl.concat(list(inputs.tables()))
    assert tables["text"].to_list() == [*TEXTS[:3], *TEXTS[4:]]
    assert tables["__row"].to_list() == [*range(3), *range(4, 30)]


def test_a_header_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"t\xe9xt,label\n" + b"a,b\n" * 3)
    with pytest.raises(InputError, match="line 1, byte 1: is not UTF-8"):
        kept(path)


def test_expectations_hold_of_the_rows_that_are_read_and_never_pass_alone(tmp_path: Path) -> None:
    path, suite = tmp_path / "a.jsonl", tmp_path / "suite.json"
    path.write_text("\n".join(with_broken(LINES)) + "\n", encoding="utf-8")
    expectation = {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "text"}}
    suite.write_text(json.dumps({"name": "s", "expectations": [expectation], "meta": {}}))
    options = Options(keep_going=True, policy="report-only", only=("expectations",), workers=1)
    with ftaudit.scan(str(path), options=options, expectations=(str(suite),)) as audit:
        assert audit.exit_code == 3
        assert [breach.rule for breach in audit.verdict.breaches] == [UNREAD_ROWS]
        record = audit["expectations"]
    assert record.status == "passed"
    assert any(note.startswith("Not of rows left out by --keep-going") for note in record.notes)
