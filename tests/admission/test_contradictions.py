"""A manifest held against itself."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from ftaudit.admission import contradictions as consistency
from ftaudit.checks import discover
from ftaudit.wire.manifest import Manifest
from tests import manifests

CHECKS = list(manifests.METRICS)


def place(check: str, what: str) -> str:
    return f"predicate.checks.{CHECKS.index(check)}.{what}"


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    return list(manifests.data(tmp_path))


def found(made: Manifest, change: dict[str, Any]) -> list[str]:
    return consistency.contradictions(
        msgspec.convert(manifests.edited(made, change), Manifest), discover()
    )


@pytest.mark.parametrize(
    "how",
    [
        {},
        {"metrics": manifests.DUPLICATES},
        {"states": {"pii": "error"}},
        {"states": {"label-conflicts": "skipped"}},
        {
            "metrics": {"pii.findings": 3, "pii.rows": 2, "pii.rows_share": 2 / 6},
            "findings": {"pii.AGE": 3},
        },
        {"under": "report-only", "metrics": manifests.DUPLICATES},
        {"under": "strict"},
    ],
)
def test_an_honest_manifest_does_not_contradict_itself(files: list[Path], how: Any) -> None:  # noqa: ANN401 - arguments
    made = manifests.of(files, **how)
    assert consistency.contradictions(made, discover()) == []
    rules = manifests.rulebook(how.get("under", "standard"))
    assert consistency.contradicts_policy(made, rules.policy, rules.vocabulary) == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"predicate.gate.verdict": "BLOCKED"}, "verdict is BLOCKED"),
        ({"subject.0.name": "other.csv"}, "subjects are not its inputs"),
        ({"subject.0.digest.sha256": "AB"}, "no SHA-256"),
        ({"predicate.expires": "2025-01-01T00:00:00Z"}, "expires before"),
        ({"predicate.coverage.rows.holdout.total": -1}, "rows it covers"),
        ({"predicate.timeCreated": "yesterday"}, "not RFC 3339"),
        ({"predicate.timeCreated": "2026-01-01T00:00:00"}, "not RFC 3339"),
        ({"predicate.inputs.0.rows": 5}, "not those of its files"),
        ({"predicate.inputs.0.role": "holdout"}, "no training data"),
        ({"predicate.coverage.rows.train.seen": 5}, "saw 5 of 4 train rows"),
        ({place("pii", "rowsSeen.train"): 3}, "check pii saw 3 train rows"),
        ({place("pii", "rowsSeen.train"): 5}, "check pii saw 5 train rows"),
        ({place("duplicates", "metrics.duplicates"): -1}, "negative"),
        ({"predicate.gate.errors": ["pii"]}, "errors of its verdict"),
        ({"predicate.gate.waivers": ["w"]}, "waivers of its verdict"),
        ({place("pii", "status"): "failed"}, "check pii is failed"),
        ({place("pii", "status"): "skipped"}, "did not complete, and has results"),
        ({place("pii", "id"): "secrets"}, "a check stands twice"),
    ],
)
def test_an_edited_manifest_contradicts_itself(
    files: list[Path], change: dict[str, Any], says: str
) -> None:
    assert any(says in text for text in found(manifests.of(files), change))


@pytest.mark.parametrize(
    ("metrics", "findings", "says"),
    [
        ({"duplicates.exact_rows": 2, "duplicates.exact_share": 0.5}, {}, "exact_rows is 2 and"),
        ({"duplicates.near_rows": 1, "duplicates.clusters": 1}, {}, "its counts give 0.25"),
        ({**manifests.DUPLICATES, "duplicates.near_share": 0.0}, {}, "its counts give 0.25"),
        ({"leakage.near_rows": 3, "leakage.near_share": 1.0}, {}, "3 of 2 rows"),
        ({"pii.findings": 0}, {"pii.AGE": 3}, "lists 3 findings"),
        ({"pii.findings": 3, "pii.rows": 0}, {"pii.AGE": 2}, "lists 2 findings"),
        ({}, {"duplicates.near": 2}, "duplicates.near_rows is 0"),
        ({}, {"duplicates.near": 0}, "less than one finding"),
        ({"pii.rows": 2, "pii.rows_share": 2 / 6}, {}, "pii.rows is 2 and pii.findings only 0"),
    ],
)
def test_numbers_that_cannot_go_together_are_named(
    files: list[Path], metrics: dict[str, float], findings: dict[str, int], says: str
) -> None:
    made = manifests.of(files, metrics=metrics, findings=findings)
    assert any(says in text for text in consistency.contradictions(made, discover()))


def test_a_breach_that_is_not_what_the_check_measured_is_named(files: list[Path]) -> None:
    made = manifests.of(files, metrics=manifests.DUPLICATES)
    assert any(
        "the breach of FTA-DUP-002 says 0.1, the check 0.25" in text
        for text in found(made, {"predicate.gate.breaches.0.value": 0.1})
    )
    assert any(
        "its value is its limit" in text
        for text in found(made, {"predicate.gate.breaches.0.limit": 0.25})
    )


def test_a_breach_left_out_contradicts_the_recorded_policy(files: list[Path]) -> None:
    made = manifests.of(files, metrics=manifests.DUPLICATES)
    rules = manifests.rulebook("standard")
    quiet = manifests.edited(
        made,
        {
            "predicate.gate.breaches": [],
            "predicate.gate.verdict": "PASSED",
            place("duplicates", "status"): "passed",
        },
    )
    hidden = msgspec.convert(quiet, Manifest)
    assert consistency.contradictions(hidden, discover()) == []
    assert consistency.contradicts_policy(hidden, rules.policy, rules.vocabulary) == [
        "the recorded breaches are not those that the recorded policy decides: FTA-DUP-002"
    ]
