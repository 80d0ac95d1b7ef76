"""Waivers and approvals: what a person grants, as signed statements about exact data.

A waiver lets one rule be exceeded up to a ceiling, on these data files, until a day. An approval
speaks for a role, on this audit or these data files, until a day. Both are in-toto Statements in
DSSE envelopes; an unsigned line of YAML proves nothing. The wire format is frozen per version:
the JSON Schemas are `ftaudit/wire/schemas/{waiver,approval}-v1.schema.json`.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

import msgspec
from msgspec import Struct

from ftaudit.admission.remarks import Refusal
from ftaudit.model.bounded_read import read_bounded
from ftaudit.model.errors import InputError, IntegrityError, UsageError
from ftaudit.model.escape import shown_json
from ftaudit.model.json_object import RepeatedKeyError
from ftaudit.model.person import same_person, says_nothing
from ftaudit.model.rfc3339 import SKEW, instant
from ftaudit.policy import decision
from ftaudit.policy.policy import Policy
from ftaudit.wire import envelope, evaluation_statement
from ftaudit.wire.envelope import PublicKey
from ftaudit.wire.evaluation_statement import EvaluationStatement
from ftaudit.wire.exact_json import exact_json
from ftaudit.wire.manifest import STATEMENT_TYPE, Input, Manifest, Wire, evidence_digest

WAIVER_TYPE: Final = "https://ftaudit.dev/attestation/waiver/v1"
APPROVAL_TYPE: Final = "https://ftaudit.dev/attestation/approval/v1"

AUDIT: Final = "audit"
"""Name of the subject that is the audit itself, beside the data files."""


class Digests(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """What a subject is known by; any one of them identifies it (in-toto DigestSet)."""

    sha256: str | None = None
    """Of a data file's own bytes."""
    ftaudit_rows_v1: str | None = None
    """Of a data file's content: the 64 digits of its content root."""
    ftaudit_evidence_v1: str | None = None
    """Of an audit: `manifest.evidence_digest`."""


class StatementSubject(Wire, frozen=True, kw_only=True):
    """A data file, or the audit."""

    name: str
    digest: Digests


class WaiverGrant(Wire, frozen=True, kw_only=True):
    """Permission to exceed one rule."""

    id: str
    rule: str
    ceiling: int | float
    """The value up to which (for a minimum: down to which) the breach is accepted."""
    reason: str
    requested_by: str
    approved_by: str
    time_created: str
    expires: str
    reference: str = ""


class ApprovalGrant(Wire, frozen=True, kw_only=True):
    """A role's consent to tuning."""

    id: str
    role: str
    approved_by: str
    time_created: str
    expires: str
    requested_by: str = ""
    reference: str = ""


class WaiverStatement(Wire, frozen=True, kw_only=True):
    """An in-toto Statement v1 that grants a waiver."""

    type_: Literal["https://in-toto.io/Statement/v1"] = msgspec.field(
        name="_type", default=STATEMENT_TYPE
    )
    subject: list[StatementSubject]
    predicate_type: Literal["https://ftaudit.dev/attestation/waiver/v1"] = WAIVER_TYPE
    predicate: WaiverGrant


class ApprovalStatement(Wire, frozen=True, kw_only=True):
    """An in-toto Statement v1 that grants an approval."""

    type_: Literal["https://in-toto.io/Statement/v1"] = msgspec.field(
        name="_type", default=STATEMENT_TYPE
    )
    subject: list[StatementSubject]
    predicate_type: Literal["https://ftaudit.dev/attestation/approval/v1"] = APPROVAL_TYPE
    predicate: ApprovalGrant


Statement: TypeAlias = WaiverStatement | ApprovalStatement
Grant: TypeAlias = WaiverGrant | ApprovalGrant
Scope: TypeAlias = Literal["audit", "data"]


class SignedStatement(Struct, frozen=True):
    """A statement whose signature holds, and the key that made it."""

    name: str
    """The file as the user named it."""
    statement: Statement
    keyid: str


def waiver(manifest: Manifest | EvaluationStatement, grant: WaiverGrant) -> WaiverStatement:
    """Return the statement that grants a waiver on the files of a manifest or an evaluation.

    Raises:
        UsageError: approver and requester are one, or a field says nothing.
    """
    _acceptable(grant)
    if not math.isfinite(grant.ceiling):
        raise UsageError("the ceiling of a waiver is a finite number")
    return WaiverStatement(subject=list(AuditedData.of(manifest).subjects), predicate=grant)


def approval(
    manifest: Manifest | EvaluationStatement, grant: ApprovalGrant, *, scope: Scope = "audit"
) -> ApprovalStatement:
    """Return the statement that approves tuning.

    Args:
        manifest: what is approved.
        grant: who approves, in which role, until when.
        scope: `audit`: this data under this audit, so a later audit with other results needs a
            new approval. `data`: these data files, whatever a later audit of them says.

    Raises:
        UsageError: approver and requester are one, or a field says nothing.
    """
    _acceptable(grant)
    approved = AuditedData.of(manifest)
    audit = StatementSubject(name=AUDIT, digest=Digests(ftaudit_evidence_v1=approved.evidence))
    data = list(approved.subjects)
    return ApprovalStatement(subject=[audit, *data] if scope == "audit" else data, predicate=grant)


def data_subjects(manifest: Manifest) -> list[StatementSubject]:
    """Return the data files of a manifest as subjects of another statement."""
    inputs = {file.name: file for file in manifest.predicate.inputs}
    return [_subject(inputs[subject.name], subject.digest.sha256) for subject in manifest.subject]


def _subject(file: Input, sha256: str) -> StatementSubject:
    digest = Digests(sha256=sha256, ftaudit_rows_v1=_digits(file.content_root))
    return StatementSubject(name=file.name, digest=digest)


class AuditedData(Struct, frozen=True):
    """The data files that a statement must be about, and the audit of them."""

    subjects: Sequence[StatementSubject]
    evidence: str = ""
    """Digest of the audit's evidence; empty while the audit has not been recorded."""
    signed_by: str = ""
    """Id of the key that signed the audit; empty while none has."""

    @classmethod
    def of(cls, manifest: Manifest | EvaluationStatement, signed_by: str = "") -> "AuditedData":
        """Return the data files of a manifest or an evaluation, and its own digest."""
        if isinstance(manifest, EvaluationStatement):
            return cls.of_evaluation(manifest, signed_by)
        return cls(data_subjects(manifest), evidence_digest(manifest), signed_by)

    @classmethod
    def of_evaluation(cls, evaluation: EvaluationStatement, signed_by: str = "") -> "AuditedData":
        """Return the holdout and the results of an evaluation, and its own digest."""
        subjects = [
            StatementSubject(name=s.name, digest=Digests(sha256=s.digest.sha256))
            for s in evaluation.subject
        ]
        return cls(subjects, evaluation_statement.evidence_digest(evaluation), signed_by)

    @classmethod
    def of_inputs(cls, inputs: Iterable[tuple[Input, str]]) -> "AuditedData":
        """Return data files and their SHA-256, of an audit that is still to be recorded."""
        return cls([_subject(file, sha256) for file, sha256 in inputs])


def to_json(statement: Statement) -> str:
    """Serialise with sorted keys: equal statements give equal bytes."""
    value = msgspec.to_builtins(statement)
    return shown_json(value, allow_nan=False) + "\n"


def from_json(data: bytes, name: str) -> Statement:
    """Read the payload of a statement.

    Raises:
        IntegrityError: not a waiver or an approval of version 1.
    """
    models: Mapping[str, type[Statement]] = {
        WAIVER_TYPE: WaiverStatement,
        APPROVAL_TYPE: ApprovalStatement,
    }
    try:
        value: Any = exact_json(data)
        statement = msgspec.convert(value, models[value["predicateType"]])
    except RepeatedKeyError:
        raise IntegrityError(f"{name}: {_OTHER_SPELLING}") from None
    except (ValueError, TypeError, KeyError, RecursionError, msgspec.ValidationError):
        msg = f"{name}: not a waiver or an approval of version 1"
        raise IntegrityError(msg) from None
    if to_json(statement).encode() != data:
        raise IntegrityError(f"{name}: {_OTHER_SPELLING}")
    return statement


def load(path: Path | str, trusted: Sequence[PublicKey]) -> SignedStatement:
    """Read a signed waiver or approval.

    Raises:
        InputError: unreadable.
        IntegrityError: tampered with, signed by no trusted key, or no such statement.
    """
    try:
        data = read_bounded(path, envelope.LARGEST)
    except OSError as error:
        problem = f"the statement cannot be read ({error.strerror})"
        remedy = "Name a file that `ftaudit waive` or `ftaudit approve` wrote"
        raise InputError(path, problem, remedy=remedy) from None
    verified = envelope.verify(data, trusted, name=str(path))
    return SignedStatement(str(path), from_json(verified.payload, str(path)), verified.keyid)


def accept_waiver(
    signed: SignedStatement, audited: AuditedData, policy: Policy, now: datetime
) -> decision.Waiver | Refusal:
    """Return the waiver as the decision takes it, or why it does not count.

    Whether its ceiling covers the breach is for `decision.decide` to say.
    """
    statement = signed.statement
    if not isinstance(statement, WaiverStatement):
        return Refusal(signed.name, statement.predicate.id, "it is an approval, not a waiver")
    grant = statement.predicate
    reason = (
        _foreign(statement.subject, audited)
        or _incomplete(grant)
        or _untimely(grant, now)
        or _self_approved(grant)
        or _signer_grants(signed.keyid, audited, policy)
        or _may_not_waive(grant.rule, signed.keyid, policy)
    )
    if reason:
        return Refusal(signed.name, grant.id, reason)
    return decision.Waiver(grant.id, grant.rule, grant.ceiling)


def accept_approval(
    signed: SignedStatement, audited: AuditedData, policy: Policy, now: datetime
) -> ApprovalGrant | Refusal:
    """Return the approval, or why it does not count."""
    statement = signed.statement
    if not isinstance(statement, ApprovalStatement):
        return Refusal(signed.name, statement.predicate.id, "it is a waiver, not an approval")
    grant = statement.predicate
    reason = (
        _foreign(statement.subject, audited)
        or _incomplete(grant)
        or _untimely(grant, now)
        or _self_approved(grant)
        or _signer_grants(signed.keyid, audited, policy)
        or _may_not_speak(grant.role, signed.keyid, policy)
    )
    return Refusal(signed.name, grant.id, reason) if reason else grant


def schema(model: type[Statement]) -> Mapping[str, object]:
    """Return the JSON Schema of a statement (the files in the package are made from it)."""
    kind, title = {
        WaiverStatement: (WAIVER_TYPE, "ftaudit waiver, version 1"),
        ApprovalStatement: (APPROVAL_TYPE, "ftaudit approval, version 1"),
    }[model]
    made = msgspec.json.schema(model)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": kind,
        "title": title,
        **made,
    }


def _acceptable(grant: Grant) -> None:
    """Raise for a grant that every gate would refuse."""
    if field := _empty_field(grant):
        raise UsageError(f"the {field} says nothing")
    if reason := _self_approved(grant):
        raise UsageError(f"{reason}: somebody else must approve")
    if instant(grant.expires) is None:
        raise UsageError("the expiry is not a day or an instant such as 2030-12-31T00:00:00Z")


def _empty_field(grant: Grant) -> str:
    """Return the first field that has to say something and shows no character."""
    texts = {"id": grant.id, "approver": grant.approved_by}
    if isinstance(grant, WaiverGrant):
        texts |= {"rule": grant.rule, "reason": grant.reason, "requester": grant.requested_by}
    else:
        texts["role"] = grant.role
        if grant.requested_by:
            texts["requester"] = grant.requested_by
    return next((field for field, text in texts.items() if says_nothing(text)), "")


def _foreign(subjects: Sequence[StatementSubject], audited: AuditedData) -> str:
    """Return why the subjects are not this audit and exactly its data files."""
    evidence = [s.digest.ftaudit_evidence_v1 for s in subjects if s.digest.ftaudit_evidence_v1]
    if evidence and evidence != [audited.evidence]:
        return "it was given for another audit: the evidence has changed since"
    granted = [s for s in subjects if not s.digest.ftaudit_evidence_v1]
    for file in audited.subjects:
        if not any(_same_file(file, other) for other in granted):
            return f"it was given for other data: {file.name} is not among its subjects"
    for other in granted:
        if not any(_same_file(file, other) for file in audited.subjects):
            return f"it was given for other data: {other.name} is not in this audit"
    return ""


def _same_file(file: StatementSubject, other: StatementSubject) -> bool:
    """Return whether two subjects are one file: by its bytes, or by its content root."""
    a, b = file.digest, other.digest
    return (a.sha256 is not None and a.sha256 == b.sha256) or (
        a.ftaudit_rows_v1 is not None and a.ftaudit_rows_v1 == b.ftaudit_rows_v1
    )


def _incomplete(grant: Grant) -> str:
    field = _empty_field(grant)
    return f"its {field} says nothing" if field else ""


def _untimely(grant: Grant, now: datetime) -> str:
    """Return why a grant does not hold now; empty when it does."""
    created, expires = instant(grant.time_created), instant(grant.expires)
    if expires is None:
        return "its expiry is not a time"
    if created is None:
        return "the time it was given is not a time"
    if created > now + SKEW:
        return f"it was given in the future ({grant.time_created})"
    return f"it expired on {grant.expires}" if now >= expires else ""


def _self_approved(grant: Grant) -> str:
    if same_person(grant.approved_by, grant.requested_by):
        return f"it is self-approved: {grant.approved_by} both requested and approved it"
    return ""


def _signer_grants(keyid: str, audited: AuditedData, policy: Policy) -> str:
    """Return why whoever signed the audit may not grant anything on it; empty when they may."""
    if policy.approvals.distinct_keys and keyid == audited.signed_by:
        return f"the key {keyid[:12]} signed the manifest, and the policy wants another to grant it"
    return ""


def _may_not_waive(rule: str, keyid: str, policy: Policy) -> str:
    """Return why the key may not waive the rule; empty when it may.

    A policy without roles leaves it to whoever runs the gate and names the trusted keys, unless it
    asks for named roles.
    """
    limit = policy.rules.get(rule)
    if limit is not None and not limit.waivable:
        return f"{rule} cannot be waived"
    roles = policy.approvals.roles
    if not roles:
        return _NO_ROLES if policy.approvals.named_roles else ""
    if any(
        keyid in role.keys and any(fnmatchcase(rule, p) for p in role.may_waive)
        for role in roles.values()
    ):
        return ""
    return f"the policy lets no role of the key {keyid[:12]} waive {rule}"


def _may_not_speak(role: str, keyid: str, policy: Policy) -> str:
    """Return why the key may not speak for the role; empty when it may."""
    roles = policy.approvals.roles
    if not roles:
        return _NO_ROLES if policy.approvals.named_roles else ""
    if role in roles and keyid in roles[role].keys:
        return ""
    return f"the policy does not let the key {keyid[:12]} speak for the role {role}"


_OTHER_SPELLING: Final = "the statement does not read as it is written"
_NO_ROLES: Final = "the policy wants the keys of every role under approvals.roles, and names none"


def _digits(root: str | None) -> str | None:
    return root.rpartition(":")[2] if root else None
