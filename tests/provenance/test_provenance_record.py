import json
from importlib import resources
from pathlib import Path

import jsonschema
import pytest
import yaml

from ftaudit.model.errors import InputError
from ftaudit.provenance.provenance_record import (
    ProvenanceRecord,
    filled_values,
    json_schema,
    load_record,
)
from tests.provenance.documents import COMPLETE, written


def test_the_committed_schema_is_that_of_the_models() -> None:
    path = resources.files("ftaudit.wire") / "schemas" / "provenance.schema.json"
    assert json.loads(path.read_text("utf-8")) == json_schema()


def test_a_complete_record_is_read_and_fits_the_schema(tmp_path: Path) -> None:
    record = load_record(written(tmp_path))
    assert [s.id for s in record.sources] == ["web", "model"]
    plain = filled_values(record)
    jsonschema.validate(plain, json_schema())


def test_nothing_but_the_schema_is_needed_to_be_a_record(tmp_path: Path) -> None:
    record = load_record(written(tmp_path, "schema: ftaudit.provenance/v1"))
    assert record == ProvenanceRecord(schema_="ftaudit.provenance/v1")


def test_what_still_says_todo_reads_as_missing(tmp_path: Path) -> None:
    text = COMPLETE.replace("Example Ltd", '"TODO(you): who answers"').replace(
        "confidentiality: internal", 'confidentiality: "todo: decide"'
    )
    record = load_record(written(tmp_path, text))
    assert record.dataset is not None
    assert record.dataset.issuer is None
    assert record.confidentiality is None


@pytest.mark.parametrize(
    ("wrong", "right", "told"),
    [
        ("licence: MIT", "license: CC-BY-4.0", "licence"),
        ("kind: website", "kind: public-dataset", "kind"),
        ("confidentiality: secretish", "confidentiality: internal", "confidentiality"),
        ("schema: ftaudit.provenance/v9", "schema: ftaudit.provenance/v1", "schema"),
    ],
)
def test_a_wrong_key_or_value_names_the_line(
    tmp_path: Path, wrong: str, right: str, told: str
) -> None:
    path = tmp_path / "provenance.yaml"
    text = COMPLETE.replace(right, wrong)
    path.write_text(text, encoding="utf-8")
    line = next(i for i, row in enumerate(text.splitlines(), 1) if wrong in row)
    with pytest.raises(InputError, match=told) as raised:
        load_record(path)
    assert f"line {line}" in str(raised.value)


def test_a_list_item_marked_todo_is_left_out(tmp_path: Path) -> None:
    value = yaml.safe_load(COMPLETE)
    value["geography"]["origin"] = ["TODO(you)", "FR"]
    record = load_record(written(tmp_path, yaml.safe_dump(value)))
    assert record.geography is not None
    assert record.geography.origin == ("FR",)
