"""Approvals that a policy requires: which open the gate, and which do not count."""

from pathlib import Path
from typing import Any

import pytest

from ftaudit.wire.envelope import PrivateKey
from tests import manifests
from tests.admission.signed_manifests import (
    OWNER,
    SIGNER,
    approved,
    blocked,
    look,
    policy,
    written,
)


def required(folder: Path, key: PrivateKey = OWNER) -> Path:
    roles = f"{{data-owner: {{keys: [{key.public.keyid}]}}}}"
    return policy(folder, f"approvals: {{require: [data-owner], roles: {roles}}}")


def test_a_required_approval_opens_the_gate(files: list[Path], tmp_path: Path) -> None:
    made = manifests.of(files)
    path, own = written(made, tmp_path), required(tmp_path)
    assert "requires the approval of data-owner" in blocked(look(path, policy=own))
    admission = look(path, policy=own, approvals=[approved(made, tmp_path)])
    assert (admission.exit_code, admission.approvals) == (0, ("data-owner",))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"expires": "2026-01-09T00:00:00Z"}, "expired"),
        ({"role": "janitor"}, "speak for the role janitor"),
    ],
)
def test_an_approval_that_does_not_count_says_why(
    files: list[Path], tmp_path: Path, changes: dict[str, Any], says: str
) -> None:
    made = manifests.of(files)
    approval = approved(made, tmp_path, **changes)
    admission = look(written(made, tmp_path), policy=required(tmp_path), approvals=[approval])
    blocked(admission)
    assert says in admission.refused[0].reason


def test_the_key_of_another_role_does_not_speak(files: list[Path], tmp_path: Path) -> None:
    made = manifests.of(files)
    approval = approved(made, tmp_path, SIGNER)
    admission = look(written(made, tmp_path), policy=required(tmp_path), approvals=[approval])
    blocked(admission)
    assert "does not let the key" in admission.refused[0].reason


def test_an_approval_holds_for_one_audit(files: list[Path], tmp_path: Path) -> None:
    made = manifests.of(files)
    other = manifests.of(files, metrics={"balance.imbalance_ratio": 2.0})
    path, own = written(other, tmp_path), required(tmp_path)
    admission = look(path, policy=own, approvals=[approved(made, tmp_path)])
    blocked(admission)
    assert "another audit" in admission.refused[0].reason


def test_an_approval_survives_the_same_audit_made_again(files: list[Path], tmp_path: Path) -> None:
    approval = approved(manifests.of(files), tmp_path)
    again = manifests.of(files, created="2026-01-05T00:00:00Z", expires="2026-02-04T00:00:00Z")
    path = written(again, tmp_path)
    assert look(path, policy=required(tmp_path), approvals=[approval]).passed


def test_roles_without_pinned_keys_are_left_to_the_trusted_ones_and_said(
    files: list[Path], tmp_path: Path
) -> None:
    made = manifests.of(files)
    own = policy(tmp_path, "approvals: {require: [data-owner]}")
    admission = look(written(made, tmp_path), policy=own, approvals=[approved(made, tmp_path)])
    assert admission.passed
    assert any("names no roles" in note for note in admission.notes)
