"""Manifests, waivers and approvals of made-up audits, signed, and what the gate says of them."""

import json
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ftaudit.admission import statements
from ftaudit.admission.admission import Admission
from ftaudit.admission.verify import examine
from ftaudit.wire import envelope as attestation
from ftaudit.wire.envelope import PrivateKey
from ftaudit.wire.manifest import Manifest, to_json
from tests.manifests import NOW, WAIVER

SIGNER, OWNER = (PrivateKey(Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32)) for n in (1, 2))
LATER = "2027-01-01T00:00:00Z"


def written(made: Manifest | dict[str, Any], folder: Path, *, sign: bool = True) -> Path:
    """Write a manifest beside the data, signed unless told otherwise."""
    text = to_json(made) if isinstance(made, Manifest) else json.dumps(made, sort_keys=True)
    path = folder / ("manifest.dsse.json" if sign else "manifest.json")
    path.write_bytes(attestation.sign(text.encode(), SIGNER) if sign else text.encode())
    return path


def look(path: Path, *data: object, **given: Any) -> Admission:  # noqa: ANN401 - arguments of the gate
    """Examine a manifest; the data is the training file beside it unless a test gives other."""
    given = {"trusted_keys": [SIGNER.public, OWNER.public], "now": NOW} | given
    train = path.parent / "data" / "train.csv"
    return examine(path, list(data or [train]), **given)  # type: ignore[arg-type] # a test's own data


def policy(folder: Path, text: str) -> Path:
    path = folder / "policy.yaml"
    path.write_text(f"schema: ftaudit.policy/v1\nid: own\n{text}")
    return path


def waived(made: Manifest, folder: Path, key: PrivateKey = OWNER, **changes: object) -> Path:
    """Write a signed waiver of FTA-DUP-002 up to 0.3."""
    grant = statements.WaiverGrant(**(WAIVER | changes))
    statement = statements.WaiverStatement(subject=statements.data_subjects(made), predicate=grant)
    path = folder / "waiver.dsse.json"
    path.write_bytes(attestation.sign(statements.to_json(statement).encode(), key))
    return path


def approved(made: Manifest, folder: Path, key: PrivateKey = OWNER, **changes: object) -> Path:
    """Write a signed approval of the data owner."""
    fields: dict[str, Any] = {
        "id": "a-1",
        "role": "data-owner",
        "approved_by": "owner@example.com",
        "time_created": "2026-01-01T00:00:00Z",
        "expires": LATER,
    }
    statement = statements.approval(made, statements.ApprovalGrant(**(fields | changes)))
    path = folder / "approval.dsse.json"
    path.write_bytes(attestation.sign(statements.to_json(statement).encode(), key))
    return path


def refused(admission: Admission) -> str:
    assert (admission.exit_code, admission.verdict) == (4, "REFUSED")
    return admission.reasons[0]


def blocked(admission: Admission) -> str:
    assert (admission.exit_code, admission.verdict) == (1, "BLOCKED")
    return "\n".join(admission.reasons)
