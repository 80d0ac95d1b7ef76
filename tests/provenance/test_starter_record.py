from pathlib import Path

import polars as pl

from ftaudit.model.dataset import DataFile, Dataset
from ftaudit.model.documents import parse_document
from ftaudit.provenance.fields import missing_fields
from ftaudit.provenance.provenance_record import ProvenanceRecord, load_record
from ftaudit.provenance.starter_record import Seen, see_origins, starter
from tests.conftest import dataset
from tests.provenance.documents import SHA

FILES = (DataFile("data/train.csv", "train", SHA, 1200, 9),)


def text(seen: Seen, table: dict[str, pl.DataType] | None = None) -> str:
    known = {"text": pl.String(), "category": pl.String()} if table is None else table
    columns = {"input": "text", "label": "category"}
    return starter(FILES, format_="classification", columns=columns, table=known, seen=seen)


def test_a_starter_is_a_record_that_knows_the_files(tmp_path: Path) -> None:
    path = tmp_path / "provenance.yaml"
    path.write_text(text(Seen()), encoding="utf-8")
    (file,) = load_record(path).files
    assert (file.path, file.split, file.sha256, file.rows) == ("data/train.csv", "train", SHA, 1200)


def test_everything_a_person_must_say_is_missing() -> None:
    record = parse_document(text(Seen()), ProvenanceRecord, name="x", kind="provenance")
    required = ["dataset.id", "confidentiality", "sources.license", "retention.expires"]
    required += ["personal_data.present", "sources.collected", "geography", "sources.kind"]
    found = missing_fields(record, required)
    assert [name.replace("[all]", "") for name in found] == required


def rows() -> Dataset:
    return dataset(
        [
            {"input": "a", "source_id": "web", "license": "mit"},
            {"input": "b", "source_id": "web", "license": "mit"},
            {"input": "c", "source_id": "crm", "license": "MIT"},
            {"input": "d", "source_id": "crm", "license": "CC-BY-4.0"},
            {"input": "e", "source_id": "jane@example.com", "license": None},
        ]
    )


def test_sources_and_licences_that_rows_give_are_written() -> None:
    written = text(see_origins(rows().rows), {"source_id": pl.String(), "license": pl.String()})
    record = parse_document(written, ProvenanceRecord, name="x", kind="provenance")
    assert [(s.id, s.license) for s in record.sources] == [("crm", None), ("web", "MIT")]
    assert "the rows say CC-BY-4.0, MIT" in written
    assert record.row_columns is not None
    assert record.row_columns.source_id == "source_id"


def test_a_source_id_that_may_be_a_person_is_counted_and_not_quoted() -> None:
    written = text(see_origins(rows().rows))
    assert "jane" not in written
    assert "1 more source id" in written


def test_hostile_names_stay_inside_their_quotes() -> None:
    nasty = {'a: "b\n- c': pl.String(), "# x": pl.String()}
    files = (DataFile('x"\n: y.csv', "train", SHA, 1, 1),)
    written = starter(files, format_="text", columns={}, table=nasty, seen=Seen())
    record = parse_document(written, ProvenanceRecord, name="x", kind="provenance")
    assert record.files[0].path == 'x"\n: y.csv'
