import json
from collections.abc import Callable
from importlib import resources

import jsonschema
import pytest

from ftaudit.reports import json as report
from ftaudit.wire import manifest
from tests.reports import sample


def committed() -> dict[str, object]:
    file = resources.files("ftaudit.wire") / "schemas" / "manifest-v1.schema.json"
    value: dict[str, object] = json.loads(file.read_text("utf-8"))
    return value


def test_the_manifest_itself_does_not_change(golden: Callable[[str, str], None]) -> None:
    golden("manifest.json", report.render(sample.manifest()))


def test_the_manifest_reads_back_as_it_was() -> None:
    assert manifest.from_json(report.render(sample.manifest()).encode()) == sample.manifest()


def test_the_schema_in_the_package_is_the_schema_of_the_code() -> None:
    assert committed() == json.loads(json.dumps(manifest.schema()))


@pytest.mark.parametrize("text", sample.HOSTILE, ids=range(len(sample.HOSTILE)))
def test_manifests_keep_to_their_schema(text: str) -> None:
    validator = jsonschema.Draft202012Validator(committed())
    validator.validate(json.loads(report.render(sample.manifest())))
    validator.validate(json.loads(report.render(sample.poisoned(text))))


def test_the_schema_refuses_what_is_not_a_manifest() -> None:
    value = json.loads(report.render(sample.manifest()))
    value["predicate"]["checks"][0]["status"] = "fine"
    with pytest.raises(jsonschema.ValidationError, match="fine"):
        jsonschema.Draft202012Validator(committed()).validate(value)
