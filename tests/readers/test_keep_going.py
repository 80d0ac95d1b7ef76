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
