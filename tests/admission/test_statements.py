"""Waivers and approvals as statements: their form, and what they may not say."""

import json
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from ftaudit.admission import statements
from ftaudit.admission.statements import ApprovalGrant, WaiverGrant
from ftaudit.model.errors import InputError, IntegrityError, UsageError
from ftaudit.wire import envelope as attestation
from ftaudit.wire.envelope import PrivateKey
from ftaudit.wire.manifest import Manifest, evidence_digest
from tests import manifests
from tests.manifests import WAIVER

KEY = PrivateKey(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
APPROVAL: dict[str, Any] = {
    "id": "a-1",
    "role": "data-owner",
    "approved_by": "owner@example.com",
    "time_created": "2026-01-01T00:00:00Z",
    "expires": "2027-01-01T00:00:00Z",
}


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    return manifests.of(list(manifests.data(tmp_path / "data")))


def test_statements_are_read_as_they_were_written(manifest: Manifest, tmp_path: Path) -> None:
    made = (
        statements.waiver(manifest, WaiverGrant(**WAIVER)),
        statements.waiver(manifest, WaiverGrant(**WAIVER | {"ceiling": 3})),
        statements.approval(manifest, ApprovalGrant(**APPROVAL)),
        statements.approval(manifest, ApprovalGrant(**APPROVAL), scope="data"),
    )
    path = tmp_path / "s.dsse.json"
    for statement in made:
        path.write_bytes(attestation.sign(statements.to_json(statement).encode(), KEY))
        signed = statements.load(path, [KEY.public])
        assert (signed.statement, signed.keyid) == (statement, KEY.public.keyid)


def test_a_waiver_is_about_the_data_and_an_approval_about_the_audit_too(
    manifest: Manifest,
) -> None:
    waiver = statements.waiver(manifest, WaiverGrant(**WAIVER))
    assert [s.name for s in waiver.subject] == ["train.csv", "test.csv"]
    assert waiver.subject[0].digest.sha256 == manifest.subject[0].digest.sha256
    root = manifest.predicate.inputs[0].content_root
    assert root == f"ftaudit-rows-v1:{waiver.subject[0].digest.ftaudit_rows_v1}"
    approval = statements.approval(manifest, ApprovalGrant(**APPROVAL))
    assert approval.subject[0].digest.ftaudit_evidence_v1 == evidence_digest(manifest)
    data = statements.approval(manifest, ApprovalGrant(**APPROVAL), scope="data")
    assert data.subject == waiver.subject


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"approved_by": "ML@Example.com "}, "self-approved"),
        ({"approved_by": " "}, "approver says nothing"),
        ({"reason": ""}, "reason says nothing"),
        ({"rule": ""}, "rule says nothing"),
        ({"requested_by": ""}, "requester says nothing"),
        ({"expires": "soon"}, "expiry"),
        ({"expires": "2027-01-01"}, "expiry"),
        ({"ceiling": float("inf")}, "finite"),
        ({"ceiling": float("nan")}, "finite"),
    ],
)
def test_a_waiver_no_gate_would_accept_is_not_made(
    manifest: Manifest, changes: dict[str, Any], says: str
) -> None:
    with pytest.raises(UsageError, match=says):
        statements.waiver(manifest, WaiverGrant(**WAIVER | changes))


@pytest.mark.parametrize(
    ("changes", "says"),
    [({"role": " "}, "role"), ({"requested_by": "owner@example.com"}, "self-approved")],
)
def test_an_approval_no_gate_would_accept_is_not_made(
    manifest: Manifest, changes: dict[str, Any], says: str
) -> None:
    with pytest.raises(UsageError, match=says):
        statements.approval(manifest, ApprovalGrant(**APPROVAL | changes))


def test_statements_meet_their_schemas(manifest: Manifest) -> None:
    folder = resources.files("ftaudit.wire") / "schemas"
    for name, model, statement in (
        (
            "waiver-v1",
            statements.WaiverStatement,
            statements.waiver(manifest, WaiverGrant(**WAIVER)),
        ),
        (
            "approval-v1",
            statements.ApprovalStatement,
            statements.approval(manifest, ApprovalGrant(**APPROVAL)),
        ),
    ):
        schema = json.loads((folder / f"{name}.schema.json").read_text())
        assert schema == statements.schema(model)
        value = json.loads(statements.to_json(statement))
        jsonschema.validate(value, schema)
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(value | {"extra": 1}, schema)


@pytest.mark.parametrize(
    "change",
    [
        lambda v: v | {"predicateType": "https://ftaudit.dev/attestation/waiver/v2"},
        lambda v: v | {"_type": "x"},
        lambda v: v | {"extra": 1},
        lambda v: v | {"predicate": v["predicate"] | {"ceiling": "0.3"}},
        lambda v: {k: x for k, x in v.items() if k != "subject"},
        lambda v: [v],
        lambda _: 1,
    ],
)
def test_a_signed_statement_of_another_form_is_refused(
    manifest: Manifest,
    change: Any,  # noqa: ANN401 - any JSON
) -> None:
    value = json.loads(statements.to_json(statements.waiver(manifest, WaiverGrant(**WAIVER))))
    data = json.dumps(change(value), indent=1, sort_keys=True).encode() + b"\n"
    with pytest.raises(IntegrityError, match="not a waiver or an approval"):
        statements.from_json(data, "s")


def test_another_spelling_of_a_statement_is_refused(manifest: Manifest) -> None:
    text = statements.to_json(statements.waiver(manifest, WaiverGrant(**WAIVER)))
    twice = text.replace('"rule": ', '"rule": "FTA-SEC-001",\n  "rule": ')
    for spelling in (twice, text.replace("\n", ""), text.strip()):
        with pytest.raises(IntegrityError, match="does not read as it is written"):
            statements.from_json(spelling.encode(), "s")


@given(st.binary(max_size=60))
def test_no_bytes_crash_the_reader(data: bytes) -> None:
    with pytest.raises(IntegrityError):
        statements.from_json(data, "s")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        statements.load(tmp_path / "nowhere", [])
