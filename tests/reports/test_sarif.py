import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ftaudit.reports import sarif
from tests.reports import sample

SCHEMA = json.loads((Path(__file__).parent / "sarif-2.1.0.schema.json").read_text("utf-8"))


def run() -> dict[str, Any]:
    log = json.loads(sarif.render(sample.manifest()))
    found: dict[str, Any] = log["runs"][0]
    return found


def result(rule: str) -> dict[str, Any]:
    return next(one for one in run()["results"] if one["ruleId"] == rule)


def test_the_log_of_a_fixed_manifest_does_not_change(golden: Callable[[str, str], None]) -> None:
    golden("report.sarif", sarif.render(sample.manifest()))


@pytest.mark.parametrize("text", [*sample.HOSTILE, "", " ", "a:b/../c?#%"])
def test_the_log_keeps_to_the_schema_of_the_standard(text: str) -> None:
    validator = jsonschema.Draft202012Validator(
        SCHEMA, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    validator.validate(json.loads(sarif.render(sample.manifest())))
    validator.validate(json.loads(sarif.render(sample.poisoned(text))))


def test_there_is_one_result_per_rule_with_its_count() -> None:
    results = run()["results"]
    keys = [(one["ruleId"], one["message"]["text"]) for one in results]
    assert len(keys) == len(set(keys))
    assert result("pii.EMAIL_ADDRESS")["occurrenceCount"] == 2
    assert result("pii.EMAIL_ADDRESS")["message"]["text"] == "2 findings: E-mail address."


def test_rows_are_logical_locations_and_lines_are_regions() -> None:
    location = result("label_conflicts.clash")["locations"][0]
    assert location["logicalLocations"][0]["fullyQualifiedName"] == "tickets_train.csv#row=17"
    assert location["physicalLocation"]["region"] == {"startLine": 19}
    whole = result("leakage.exact")["locations"][0]["physicalLocation"]["region"]
    assert whole == {"byteOffset": 0, "byteLength": 10_000}


def test_a_waiver_is_a_suppression_and_nothing_else_is() -> None:
    suppressed = {one["ruleId"]: one["suppressions"] for one in run()["results"]}
    assert suppressed.pop("FTA-LEAK-001") == [
        {"kind": "external", "status": "accepted", "justification": "waiver W-1"}
    ]
    assert set(map(len, suppressed.values())) == {0}


def test_no_result_is_worse_than_what_became_of_its_check() -> None:
    assert result("label_conflicts.clash")["level"] == "error"
    assert result("pii.EMAIL_ADDRESS")["level"] == "warning"
    assert result("leakage.exact")["level"] == "note"


def test_every_rule_index_points_to_its_rule() -> None:
    rules = run()["tool"]["driver"]["rules"]
    assert all(rules[one["ruleIndex"]]["id"] == one["ruleId"] for one in run()["results"])


def test_fingerprints_do_not_depend_on_counts_and_tell_results_apart() -> None:
    marks = [one["partialFingerprints"]["ftaudit/v1"] for one in run()["results"]]
    assert len(set(marks)) == len(marks)


def test_checks_that_broke_or_were_skipped_are_notifications() -> None:
    invocation = run()["invocations"][0]
    assert (invocation["executionSuccessful"], invocation["exitCode"]) == (False, 3)
    assert [one["level"] for one in invocation["toolExecutionNotifications"]] == ["note", "error"]


def test_remote_files_keep_their_address() -> None:
    assert sarif._at("s3://bucket/a b.csv", 0) == {"uri": "s3://bucket/a%20b.csv", "index": 0}  # noqa: SLF001 - no sample is remote
    assert sarif._at("javascript:x", 0)["uri"] == "javascript%3Ax"  # noqa: SLF001 - as above
