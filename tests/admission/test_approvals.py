"""Two roles are two people with two keys."""

from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ftaudit.admission import statements
from ftaudit.model.errors import UsageError
from ftaudit.wire import envelope
from ftaudit.wire.envelope import PrivateKey
from ftaudit.wire.manifest import Manifest
from tests import manifests
from tests.admission.signed_manifests import OWNER, SIGNER, blocked, look, policy, waived, written

OFFICER = PrivateKey(Ed25519PrivateKey.from_private_bytes(bytes([3]) * 32))
KEYS = [SIGNER.public, OWNER.public, OFFICER.public]


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    return list(manifests.data(tmp_path / "data"))


def approval(made: Manifest, folder: Path, key: PrivateKey, **changes: str) -> Path:
    """Write a signed approval, whatever its fields say."""
    fields: dict[str, Any] = {
        "id": "a-1",
        "role": "data-owner",
        "approved_by": "owner@example.com",
        "time_created": "2026-01-01T00:00:00Z",
        "expires": "2027-01-01T00:00:00Z",
    }
    grant = statements.ApprovalGrant(**(fields | changes))
    statement = statements.ApprovalStatement(
        subject=statements.data_subjects(made), predicate=grant
    )
    path = folder / f"approval-{grant.role}.dsse.json"
    path.write_bytes(envelope.sign(statements.to_json(statement).encode(), key))
    return path


def both(folder: Path, owner: PrivateKey, officer: PrivateKey, more: str = "") -> Path:
    """Write a policy that requires two roles and pins their keys."""
    roles = f"""
  require: [data-owner, privacy-officer]
  roles:
    data-owner: {{keys: [{owner.public.keyid}]}}
    privacy-officer: {{keys: [{officer.public.keyid}]}}"""
    return policy(folder, f"approvals:{roles}{more}\n")


def test_two_roles_with_two_keys_open_the_gate(files: list[Path], tmp_path: Path) -> None:
    made = manifests.of(files)
    given = [
        approval(made, tmp_path, OWNER),
        approval(made, tmp_path, OFFICER, role="privacy-officer", approved_by="dpo@example.com"),
    ]
    rules = both(tmp_path, OWNER, OFFICER)
    admission = look(written(made, tmp_path), policy=rules, approvals=given, trusted_keys=KEYS)
    assert admission.passed
    assert admission.approvals == ("data-owner", "privacy-officer")


def test_one_key_does_not_fill_two_required_roles(files: list[Path], tmp_path: Path) -> None:
    made = manifests.of(files)
    given = [
        approval(made, tmp_path, OWNER),
        approval(made, tmp_path, OWNER, role="privacy-officer", approved_by="dpo@example.com"),
    ]
    path = written(made, tmp_path)
    unnamed = policy(tmp_path, "approvals: {require: [data-owner, privacy-officer]}")
    admission = look(path, policy=unnamed, approvals=given)
    assert "requires the approval of privacy-officer" in blocked(admission)
    assert "a role needs its own key" in admission.refused[0].reason
    named = both(tmp_path, OWNER, OWNER)
    assert "own key" in look(path, policy=named, approvals=given).refused[0].reason


def test_one_person_does_not_fill_two_required_roles(files: list[Path], tmp_path: Path) -> None:
    made = manifests.of(files)
    given = [
        approval(made, tmp_path, OWNER),
        approval(
            made, tmp_path, OFFICER, role="privacy-officer", approved_by="Own\u200ber@example.com"
        ),
    ]
    rules = both(tmp_path, OWNER, OFFICER)
    admission = look(written(made, tmp_path), policy=rules, approvals=given, trusted_keys=KEYS)
    blocked(admission)
    assert "a role needs its own person" in admission.refused[0].reason


def test_distinct_keys_keep_the_signer_from_approving(files: list[Path], tmp_path: Path) -> None:
    made = manifests.of(files)
    given = [approval(made, tmp_path, SIGNER)]
    path = written(made, tmp_path)
    roles = f"require: [data-owner], roles: {{data-owner: {{keys: [{SIGNER.public.keyid}]}}}}"
    loud = look(path, policy=policy(tmp_path, f"approvals: {{{roles}}}"), approvals=given)
    assert loud.headline.endswith("but the key that signed the manifest approves it, too")
    distinct = policy(tmp_path, f"approvals: {{{roles}, distinct_keys: true}}")
    admission = look(path, policy=distinct, approvals=given)
    blocked(admission)
    assert "signed the manifest" in admission.refused[0].reason


def test_the_signer_does_not_waive_in_silence(files: list[Path], tmp_path: Path) -> None:
    made = manifests.of(files, metrics=manifests.DUPLICATES)
    path = written(made, tmp_path)
    given = [waived(made, tmp_path, key=SIGNER)]
    admission = look(path, waivers=given)
    assert admission.passed
    assert "the key that signed the manifest waives its limits, too" in admission.headline
    distinct = policy(tmp_path, "extends: standard\napprovals: {distinct_keys: true}")
    admission = look(path, waivers=given, policy=distinct)
    blocked(admission)
    assert "signed the manifest" in admission.refused[0].reason


def test_strict_counts_no_approval_without_named_roles(files: list[Path], tmp_path: Path) -> None:
    made = manifests.of(files)
    given = [approval(made, tmp_path, OWNER)]
    admission = look(written(made, tmp_path), policy="strict", approvals=given)
    blocked(admission)
    assert "names none" in admission.refused[0].reason
    rules = manifests.rulebook("strict").policy
    assert rules.signature.required
    assert rules.approvals.named_roles
    assert rules.approvals.distinct_keys


def test_roles_that_nobody_named_are_said_in_the_verdict(files: list[Path], tmp_path: Path) -> None:
    made = manifests.of(files)
    unnamed = policy(tmp_path, "approvals: {require: [data-owner]}")
    given = [approval(made, tmp_path, OWNER)]
    admission = look(written(made, tmp_path), policy=unnamed, approvals=given)
    assert admission.headline.endswith("but any trusted key may approve and waive")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"approved_by": "\u200b"}, "its approver says nothing"),
        ({"requested_by": "\u00ad"}, "its requester says nothing"),
        ({"requested_by": "own\u034fer@example.com"}, "self-approved"),
        ({"time_created": "2026-01-11T00:00:00Z"}, "given in the future"),
        ({"time_created": "9999-12-31T23:59:59-14:00"}, "the time it was given is not a time"),
        ({"expires": "0001-01-01T00:00:00+14:00"}, "its expiry is not a time"),
    ],
)
def test_an_approval_that_no_person_can_have_given_does_not_count(
    files: list[Path], tmp_path: Path, changes: dict[str, str], says: str
) -> None:
    made = manifests.of(files)
    given = [approval(made, tmp_path, OWNER, **changes)]
    unnamed = policy(tmp_path, "approvals: {require: [data-owner]}")
    admission = look(written(made, tmp_path), policy=unnamed, approvals=given)
    blocked(admission)
    assert says in admission.refused[0].reason


@pytest.mark.parametrize(
    ("by", "requested_by"),
    [("owner", "own\u200ber"), ("owner", "own\u00ader"), ("\u200b", "ml"), ("owner", "\u034f")],
)
def test_such_an_approval_is_not_written_either(
    files: list[Path], by: str, requested_by: str
) -> None:
    grant = statements.ApprovalGrant(
        id="a-1",
        role="data-owner",
        approved_by=by,
        requested_by=requested_by,
        time_created="2026-01-01T00:00:00Z",
        expires="2027-01-01T00:00:00Z",
    )
    with pytest.raises(UsageError):
        statements.approval(manifests.of(files), grant)
