"""Manifests that no audit can have written are refused, signed or not."""

from pathlib import Path
from typing import Any

import pytest

from ftaudit.model.errors import InputError
from ftaudit.wire.manifest import Manifest, to_json
from tests import manifests
from tests.admission.signed_manifests import (
    SIGNER,
    blocked,
    look,
    refused,
    waived,
    written,
)
from tests.manifests import DUPLICATES

# --- types and contradictions


def test_a_signed_statement_of_another_type_is_no_manifest(
    files: list[Path], tmp_path: Path
) -> None:
    waiver = waived(manifests.of(files), tmp_path)
    assert "another type or version" in refused(look(waiver))
    other = manifests.edited(
        manifests.of(files), {"predicateType": "https://ftaudit.dev/attestation/audit-manifest/v2"}
    )
    assert "another type or version" in refused(look(written(other, tmp_path)))


@pytest.mark.parametrize(
    "change",
    [
        {"predicate.gate.verdict": "BLOCKED"},
        {"predicate.gate.verdict": "passed"},
        {"predicate.coverage.rows.train.total": 3},
        {"predicate.unknown": 1},
        {"predicate.inputs.0.rows": "4"},
    ],
)
@pytest.mark.parametrize("sign", [True, False])
def test_an_edited_manifest_is_refused_even_if_signed(
    files: list[Path], tmp_path: Path, change: dict[str, Any], *, sign: bool
) -> None:
    path = written(manifests.edited(manifests.of(files), change), tmp_path, sign=sign)
    refused(look(path, files[0], trusted_keys=[SIGNER.public] if sign else []))


def test_a_verdict_that_its_own_policy_contradicts_is_refused(
    files: list[Path], tmp_path: Path
) -> None:
    made = manifests.of(files, metrics=DUPLICATES)
    check = f"predicate.checks.{list(manifests.METRICS).index('duplicates')}.status"
    change = {
        "predicate.gate.breaches": [],
        "predicate.gate.verdict": "PASSED",
        check: "passed",
    }
    admission = look(written(manifests.edited(made, change), tmp_path), files[0])
    assert "FTA-DUP-002" in refused(admission)


def test_what_is_no_manifest_is_a_usage_error(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    with pytest.raises(InputError, match="cannot be read"):
        look(path)
    path.write_text("not json")
    with pytest.raises(InputError, match="not JSON"):
        look(path, trusted_keys=[])
    path.write_text("{}", "utf-16")
    with pytest.raises(InputError, match="not JSON"):
        look(path, trusted_keys=[])
    path.write_text("[]")
    with pytest.raises(InputError, match="not an in-toto Statement"):
        look(path, trusted_keys=[])


# --- numbers and times no audit can have written


@pytest.mark.parametrize(
    ("change", "value"),
    [
        ("predicate.checks.5.metrics.duplicates", 10**400),
        ("predicate.inputs.0.rows", 2**53),
        ("predicate.inputs.0.bytes", -(10**30)),
        (
            "predicate.gate.breaches",
            [{"rule": "r", "check": "c", "message": "m", "value": 10**309}],
        ),
        ("predicate.configuration.similarity.threshold", 10**400),
        ("predicate.timeCreated", "9999-12-31T23:59:59-14:00"),
        ("predicate.expires", "0001-01-01T00:00:00+14:00"),
    ],
)
def test_numbers_and_times_that_no_audit_writes_are_refused(
    files: list[Path], tmp_path: Path, change: str, value: object
) -> None:
    refused(look(written(manifests.edited(manifests.of(files), {change: value}), tmp_path)))


def test_the_last_instant_there_is_overflows_nothing(files: list[Path], tmp_path: Path) -> None:
    late = {
        "predicate.timeCreated": "9999-12-31T23:59:59Z",
        "predicate.expires": "9999-12-31T23:59:59Z",
    }
    path = written(manifests.edited(manifests.of(files), late), tmp_path)
    assert "in the future" in blocked(look(path))


def with_threshold(made: Manifest, folder: Path, number: str) -> Path:
    path = folder / "manifest.json"
    path.write_text(to_json(made).replace('"threshold": 0.8', f'"threshold": {number}'))
    return path


@pytest.mark.parametrize("number", ["1e999", "-1e999", "1" * 5_000])
def test_a_number_beyond_all_floats_is_refused(
    files: list[Path], tmp_path: Path, number: str
) -> None:
    path = with_threshold(manifests.of(files), tmp_path, number)
    refused(look(path, trusted_keys=[]))


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_what_json_does_not_know_as_a_number_is_no_json(
    files: list[Path], tmp_path: Path, word: str
) -> None:
    path = with_threshold(manifests.of(files), tmp_path, word)
    with pytest.raises(InputError, match="not JSON"):
        look(path, trusted_keys=[])
