"""Who approved: the roles that count, each by a key and a person of its own."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct

from ftaudit.admission.remarks import Refusal, Remarks
from ftaudit.admission.signed_manifest import OpenedManifest
from ftaudit.admission.statements import (
    ApprovalGrant,
    AuditedData,
    SignedStatement,
    accept_approval,
)
from ftaudit.model.escape import printable
from ftaudit.model.person import same_person
from ftaudit.policy.policy import Policy


class RoleConsent(Struct, frozen=True):
    """The roles that approved."""

    roles: tuple[str, ...]
    remarks: Remarks


def consent(
    opened: OpenedManifest, policy: Policy, approvals: Sequence[SignedStatement], now: datetime
) -> RoleConsent:
    """Return the roles that approved; a required one that did not is a reason against tuning."""
    audited = AuditedData.of(opened.manifest, opened.signed_by)
    granted: list[tuple[str, ApprovalGrant]] = []
    refused: list[Refusal] = []
    for signed in approvals:
        answer = accept_approval(signed, audited, policy, now)
        if isinstance(answer, Refusal):
            refused.append(answer)
        elif reason := _not_distinct(signed.keyid, answer, granted, policy):
            refused.append(Refusal(signed.name, answer.id, reason))
        else:
            granted.append((signed.keyid, answer))
    roles = tuple(dict.fromkeys(grant.role for _, grant in granted))
    absent = [role for role in policy.approvals.require if role not in roles]
    verified = [f"{grant.role}: {grant.approved_by}, until {grant.expires}" for _, grant in granted]
    remarks = Remarks(
        verified=tuple(("approval", printable(text)) for text in verified),
        reasons=tuple(
            f"the policy requires the approval of {role}, and there is none" for role in absent
        ),
        refused=tuple(refused),
        caveats=(_SIGNER,) if any(key == opened.signed_by for key, _ in granted) else (),
    )
    return RoleConsent(roles, remarks)


def _not_distinct(
    keyid: str,
    grant: ApprovalGrant,
    granted: Sequence[tuple[str, ApprovalGrant]],
    policy: Policy,
) -> str:
    """Return why an approval is not independent of the others; empty when it is.

    Two roles are required so that two people look: one key, or one person with two keys, may not
    fill both.
    """
    required = policy.approvals.require
    for other_key, earlier in granted:
        if earlier.role == grant.role or not {earlier.role, grant.role} <= set(required):
            continue
        if other_key == keyid:
            return f"the key {keyid[:12]} has approved as {earlier.role}: a role needs its own key"
        if same_person(earlier.approved_by, grant.approved_by):
            return (
                f"{grant.approved_by} has approved as {earlier.role}: a role needs its own person"
            )
    return ""


_SIGNER: Final = "the key that signed the manifest approves it, too"
