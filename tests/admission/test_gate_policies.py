"""An audit is judged by the policy of whoever runs the gate."""

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ftaudit.admission.verify import gate
from ftaudit.model.errors import GateBlocked, UsageError
from tests import manifests
from tests.admission.signed_manifests import (
    OWNER,
    SIGNER,
    blocked,
    look,
    policy,
    refused,
    written,
)
from tests.manifests import DUPLICATES, NOW

# --- the current policy


def test_an_honest_old_manifest_blocks_under_a_stricter_policy(
    files: list[Path], tmp_path: Path
) -> None:
    made = manifests.of(files, metrics={"balance.imbalance_ratio": 8.0})
    path = written(made, tmp_path)
    assert look(path, files[0]).passed
    own = policy(tmp_path, "rules: {FTA-BAL-001: {max: 4, severity: block}}")
    assert "The largest class has 8 times the rows of the smallest; the limit is 4." in blocked(
        look(path, files[0], policy=own)
    )
    assert "PERSON" in blocked(look(path, files[0], policy="strict"))


def test_a_policy_that_requires_other_fields_or_licences_needs_another_scan(
    files: list[Path], tmp_path: Path
) -> None:
    path = written(manifests.of(files), tmp_path)
    own = policy(tmp_path, "provenance: {require: [dataset.id, geography]}")
    assert "was not held to geography" in blocked(look(path, policy=own))
    own = policy(tmp_path, "licenses: {allow: [MIT]}")
    assert "other lists" in blocked(look(path, policy=own))
    own = policy(tmp_path, "provenance: {require: [dataset.id]}")
    assert look(path, policy=own).passed


def test_what_provenance_was_held_to_is_read_from_the_configuration(
    files: list[Path], tmp_path: Path
) -> None:
    unknown: dict[str, Any] = {"policy": {"name": "own.yaml", "sha256": "0" * 64}}
    path = written(manifests.of(files, **unknown), tmp_path)
    assert "not recorded which fields" in blocked(look(path))
    held = {"policy": manifests.rulebook("standard").policy.sections()}
    path = written(manifests.of(files, **unknown, configuration=held), tmp_path)
    assert look(path).passed


def test_a_laxer_threshold_than_the_policy_means_needs_another_scan(
    files: list[Path], tmp_path: Path
) -> None:
    lax: dict[str, Any] = {"configuration": {"similarity": {"threshold": 0.95}}}
    path = written(manifests.of(files, **lax), tmp_path)
    assert "from similarity 0.95" in blocked(look(path))
    assert look(path, policy=policy(tmp_path, "threshold: 0.95")).passed


def test_other_parameters_than_the_policy_means_need_another_scan(
    files: list[Path], tmp_path: Path
) -> None:
    used = {"checks": {"pii": {"parameters": {"threshold": 1.0}}}}
    path = written(manifests.of(files, configuration=used), tmp_path)
    assert "threshold 1.0 where the policy means 0.4" in blocked(look(path))
    own = policy(tmp_path, "parameters: {pii: {threshold: 1.0}}")
    assert look(path, policy=own).passed
    found_more = {"checks": {"pii": {"parameters": {"ner": "spacy:model"}}}}
    assert look(written(manifests.of(files, configuration=found_more), tmp_path)).passed


def test_a_check_that_broke_ends_with_three(files: list[Path], tmp_path: Path) -> None:
    path = written(manifests.of(files, states={"duplicates": "error"}), tmp_path)
    admission = look(path, files[0])
    assert (admission.exit_code, admission.verdict) == (3, "BLOCKED")
    assert "duplicates was not completed" in admission.reasons[0]
    with pytest.raises(GateBlocked) as caught:
        gate(path, files[0], trusted_keys=[SIGNER.public], now=NOW)
    assert caught.value.code == 3


def test_a_required_check_that_was_skipped_or_sampled_blocks(
    files: list[Path], tmp_path: Path
) -> None:
    path = written(manifests.of(files, states={"pii": "skipped"}), tmp_path)
    assert "it was skipped" in blocked(look(path))
    coverage = {
        "rows": {"train": {"seen": 4, "total": 4}, "holdout": {"seen": 2, "total": 2}},
        "sampled": True,
        "entitiesSearched": manifests.ENTITIES,
    }
    path = written(manifests.of(files, coverage=coverage), tmp_path)
    assert "on a sample" in blocked(look(path))


def test_a_report_only_policy_never_blocks(files: list[Path], tmp_path: Path) -> None:
    path = written(manifests.of(files, metrics=DUPLICATES), tmp_path)
    admission = look(path, files[0], policy="report-only", now=NOW + timedelta(days=90))
    assert (admission.exit_code, admission.reasons) == (0, ())
    assert any("expired" in w for w in admission.warnings)
    assert any("FTA-DUP-002" in w for w in admission.warnings)


# --- what whoever runs the gate pins


def test_a_policy_that_names_keys_wants_a_signature_by_one_of_them(
    files: list[Path], tmp_path: Path
) -> None:
    made = manifests.of(files)
    pinned = policy(tmp_path, f"signature: {{keys: [{OWNER.public.keyid}]}}")
    unsigned = written(made, tmp_path, sign=False)
    assert "not signed" in refused(look(unsigned, trusted_keys=[], policy=pinned))
    signed = written(made, tmp_path)
    assert "no trusted key" in refused(look(signed, trusted_keys=[], policy=pinned))
    assert "does not name" in refused(look(signed, policy=pinned))


@pytest.mark.parametrize(
    ("value", "refuses"), [("true", True), ("1", True), ("", False), ("0", False)]
)
def test_in_a_ci_job_a_signature_is_required_unless_told_otherwise(
    files: list[Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    value: str,
    refuses: bool,
) -> None:
    monkeypatch.setenv("CI", value)
    path = written(manifests.of(files), tmp_path, sign=False)
    assert (look(path, trusted_keys=[]).exit_code == 4) is refuses
    assert look(path, trusted_keys=[], require_signature=False).passed
    assert look(path, trusted_keys=[], require_signature=True).exit_code == 4


def test_a_pinned_policy_is_the_only_one(files: list[Path], tmp_path: Path) -> None:
    path = written(manifests.of(files), tmp_path)
    own = policy(tmp_path, "max_age: P90D")
    sha256 = hashlib.sha256(own.read_bytes()).hexdigest()
    assert look(path, policy=own, policy_sha256=sha256.upper()).passed
    own.write_text(own.read_text() + "\nmode: report\n")
    assert "not the pinned one" in refused(look(path, policy=own, policy_sha256=sha256))
    assert "not the pinned one" in refused(look(path, policy_sha256=sha256))
    with pytest.raises(UsageError, match="64 hexadecimal"):
        look(path, policy=own, policy_sha256="abc")
