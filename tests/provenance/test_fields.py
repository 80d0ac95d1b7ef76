from pathlib import Path

import pytest

from ftaudit.model.errors import UsageError
from ftaudit.provenance.fields import check_names, known_fields, missing_fields
from ftaudit.provenance.provenance_record import ProvenanceRecord, load_record
from tests.provenance.documents import COMPLETE, written

EMPTY = ProvenanceRecord(schema_="ftaudit.provenance/v1")


def test_every_field_of_the_built_in_policies_exists() -> None:
    check_names(["dataset.id", "sources.collected", "files.sha256", "personal_data.lawful_basis"])
    assert "sources.license" in known_fields()


def test_a_required_field_that_does_not_exist_names_the_nearest() -> None:
    with pytest.raises(UsageError, match=r"sources\.licence.*did you mean sources\.license"):
        check_names(["sources.licence"])


def test_a_complete_record_lacks_nothing(tmp_path: Path) -> None:
    required = ["dataset.id", "sources.license", "sources.collected", "files.sha256", "geography"]
    assert missing_fields(load_record(written(tmp_path)), required) == ()


def test_an_empty_record_lacks_all_that_is_required() -> None:
    required = ["dataset.id", "sources.license", "confidentiality", "approvals"]
    assert missing_fields(EMPTY, required) == (
        "dataset.id",
        "sources",
        "confidentiality",
        "approvals",
    )


def test_each_source_that_lacks_a_field_is_named(tmp_path: Path) -> None:
    text = COMPLETE.replace("    license: CC-BY-4.0\n", "").replace(", end: 2025-02-02", "")
    record = load_record(written(tmp_path, text))
    found = missing_fields(record, ["sources.license", "sources.collected"])
    assert found == ("sources[web].license", "sources[model].collected")


def test_details_of_personal_data_are_not_missing_where_there_is_none(tmp_path: Path) -> None:
    without = load_record(written(tmp_path, personal_data={"present": False}))
    unsaid = load_record(written(tmp_path, personal_data={"categories": ["contact"]}))
    required = ["personal_data.present", "personal_data.lawful_basis"]
    assert missing_fields(without, required) == ()
    assert missing_fields(unsaid, required) == tuple(required)


def test_only_synthetic_sources_need_a_generator(tmp_path: Path) -> None:
    text = COMPLETE.replace("generator: small-model@1, ", "")
    record = load_record(written(tmp_path, text))
    assert missing_fields(record, ["sources.synthetic.generator"]) == (
        "sources[model].synthetic.generator",
    )
