"""May tuning proceed? Verify a manifest, and judge its evidence again under the current policy.

The line a gate walks: signature → types and version → contradictions → data → age → required
checks and limits → approvals. Nothing recorded as a verdict is trusted: the recorded metrics are
judged again by `decision.decide`, and a waiver or an approval counts only as a signed statement.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from ftaudit import __version__
from ftaudit.admission import contradictions, statements
from ftaudit.admission.admission import Admission
from ftaudit.admission.comparability import differences
from ftaudit.admission.match_files import FileMatch, match, unchecked
from ftaudit.admission.remarks import Refusal, Remarks
from ftaudit.admission.rules import Rulebook
from ftaudit.admission.signed_manifest import OpenedManifest, Trust, open_manifest
from ftaudit.admission.statements import SignedStatement
from ftaudit.model.breach import Breach
from ftaudit.model.errors import GateBlocked, IntegrityError
from ftaudit.model.escape import printable
from ftaudit.model.rfc3339 import instant
from ftaudit.policy.decision import Verdict, Waiver, decide, owners
from ftaudit.policy.policy import Policy
from ftaudit.wire.envelope import PublicKey, load_public_key
from ftaudit.wire.keyless import Identity
from ftaudit.wire.manifest import PREDICATE_TYPE, Manifest, digest

if TYPE_CHECKING:
    from ftaudit.readers.inputs import InputLike

File: TypeAlias = str | Path
Key: TypeAlias = str | Path | PublicKey
Data: TypeAlias = "InputLike | Sequence[InputLike]"

SKEW: Final = timedelta(minutes=5)
"""How far the clock of the machine that scanned may be ahead of ours."""


def gate(  # noqa: PLR0913 - keyword-only, and each one a user's own word
    manifest: File,
    data: Data = (),
    *,
    policy: File | Policy = "standard",
    trusted_keys: Sequence[Key] = (),
    waivers: Sequence[File] = (),
    approvals: Sequence[File] = (),
    identity: Identity | None = None,
    now: datetime | None = None,
) -> Admission:
    """Return if tuning may proceed, else raise. Call it first in a training job.

    Args:
        manifest: what `ftaudit scan` wrote, signed (`manifest.dsse.json`) or not.
        data: what will be trained on: files, folders, or tables in memory; one or several.
        policy: the policy in force now: a built-in name, a file, or a loaded policy.
        trusted_keys: public keys, as files or loaded. Given any, the manifest must be signed.
        waivers: signed waivers.
        approvals: signed approvals.
        identity: who must have signed the manifest, when it is a sigstore bundle.
        now: the time to judge by; the clock's by default.

    Raises:
        GateBlocked: tuning may not proceed; `reasons` says why, `code` is 1 or 3.
        IntegrityError: a signature, a digest or a recorded count does not hold.
        InputError: a file is not what it should be.
    """
    admission = examine(
        manifest,
        data,
        policy=policy,
        trusted_keys=trusted_keys,
        waivers=waivers,
        approvals=approvals,
        identity=identity,
        now=now,
    )
    if admission.exit_code == IntegrityError.exit_code:
        raise IntegrityError("; ".join(admission.reasons))
    if not admission.passed:
        message = f"tuning may not proceed: {'; '.join(admission.reasons)}"
        raise GateBlocked(message, admission.reasons, admission.exit_code)
    return admission


def examine(  # noqa: PLR0913 - as `gate`
    manifest: File,
    data: Data = (),
    *,
    policy: File | Policy = "standard",
    trusted_keys: Sequence[Key] = (),
    waivers: Sequence[File] = (),
    approvals: Sequence[File] = (),
    identity: Identity | None = None,
    now: datetime | None = None,
) -> Admission:
    """Return what the gate says, as `gate` decides it, without raising for a refusal.

    Raises:
        InputError: a file is not what it should be.
    """
    rules = Rulebook.load(policy)
    try:
        keys = [key if isinstance(key, PublicKey) else load_public_key(key) for key in trusted_keys]
        opened = open_manifest(Path(manifest), Trust(keys, identity, rules.policy.signature))
        return _admission(
            opened,
            rules,
            data if isinstance(data, list | tuple) else (data,),
            [statements.load(path, keys) for path in waivers],
            [statements.load(path, keys) for path in approvals],
            now or datetime.now(UTC),
        )
    except IntegrityError as error:
        return Admission(IntegrityError.exit_code, (str(error),), policy=rules.policy.id)


def _admission(  # noqa: PLR0913, PLR0917 - what the gate is given, all of it
    opened: OpenedManifest,
    rules: Rulebook,
    data: "Sequence[InputLike]",
    waivers: Sequence[SignedStatement],
    approvals: Sequence[SignedStatement],
    now: datetime,
) -> Admission:
    """Walk the line of the gate once.

    Raises:
        IntegrityError: the manifest contradicts itself, or a file is none that was audited.
    """
    manifest, policy = opened.manifest, rules.policy
    consistency = _consistency(manifest, rules)
    files, comparison = _comparison(manifest, data)
    age = _age(manifest, policy, now)
    judgement = _judged(manifest, rules, waivers, now)
    roles, consent = _approved(manifest, policy, approvals, now)
    remarks = opened.remarks + consistency + comparison + age + judgement.remarks + consent
    return _concluded(opened, policy, remarks, judgement.verdict, files, roles)


def _consistency(manifest: Manifest, rules: Rulebook) -> Remarks:
    """Hold a manifest to itself, to the policy it was made under, and to today's parameters.

    Raises:
        IntegrityError: it contradicts itself or the policy it names.
    """
    contradicted = contradictions.contradictions(manifest, rules.checks)
    recorded = rules.recorded(manifest)
    # another version may decide otherwise, so that only our own is held to its recorded verdict
    if recorded and manifest.predicate.tool.version == __version__:
        contradicted += contradictions.contradicts_policy(manifest, recorded, rules.vocabulary)
    if contradicted:
        others = len(contradicted) - 1
        more = f" (and {others} more contradictions)" if others else ""
        raise IntegrityError(f"the manifest contradicts itself: {contradicted[0]}{more}")
    kind = PREDICATE_TYPE.rpartition("attestation/")[2]
    reasons = differences(manifest, rules.policy, rules.parameters(), rules.checks, recorded)
    holds = ("manifest", f"{kind}, free of contradictions")
    return Remarks(verified=(holds,), reasons=tuple(reasons))


def _comparison(
    manifest: Manifest, data: "Sequence[InputLike]"
) -> tuple[tuple[FileMatch, ...], Remarks]:
    """Recognise the data files; say which were re-encoded and which were not compared."""
    matches = match(data, manifest)
    notes = [note for file in matches for note in _of_file(file)]
    left = unchecked(manifest, matches)
    if not matches:
        notes.append("no data was given, so none was compared with the manifest")
        return matches, Remarks(notes=tuple(notes))
    if left:
        notes.append(f"not compared with the manifest: {printable(', '.join(left))}")
    count = len({file.subject for file in matches})
    holds = ("data", f"{count} of {len(manifest.subject)} files are the audited ones")
    return matches, Remarks(verified=(holds,), notes=tuple(notes))


def _of_file(file: FileMatch) -> list[str]:
    name = printable(file.name)
    notes = []
    if file.how == "content root" and file.name != "table in memory":
        notes.append(f"{name} was re-encoded since the audit: same content root")
    if file.role != "train" and file.named:
        notes.append(f"{name} was audited as {file.role} data: do not train on it")
    return notes


def _age(manifest: Manifest, policy: Policy, now: datetime) -> Remarks:
    """Hold the manifest to its own expiry and to the policy's maximum age."""
    created = instant(manifest.predicate.time_created)
    expires = instant(manifest.predicate.expires)
    if created is None or expires is None:
        raise IntegrityError("the times of the manifest are not RFC 3339")
    until = min(expires, created + policy.age)
    if created > now + SKEW:
        return Remarks(reasons=(f"the manifest was created in the future ({_day(created)})",))
    if now >= until:
        return Remarks(reasons=(f"the manifest expired on {_day(until)}: scan again",))
    return Remarks(verified=(("age", f"of {_day(created)}, holds until {_day(until)}"),))


@dataclass(frozen=True)
class Rejudgement:
    """The verdict of today's policy on the recorded metrics."""

    verdict: Verdict
    remarks: Remarks


def _judged(
    manifest: Manifest, rules: Rulebook, waivers: Sequence[SignedStatement], now: datetime
) -> Rejudgement:
    """Judge the recorded metrics under the current policy and the waivers that count."""
    audited = statements.AuditedData.of(manifest)
    answers = [statements.accept_waiver(w, audited, rules.policy, now) for w in waivers]
    refused = tuple(answer for answer in answers if isinstance(answer, Refusal))
    accepted = [answer for answer in answers if not isinstance(answer, Refusal)]
    evidence = contradictions.evidence(manifest, accepted)
    verdict = decide(evidence, rules.policy, owners(rules.policy, rules.vocabulary))
    completed = sum(outcome.state == "completed" for outcome in evidence.outcomes)
    rows = sum(evidence.rows.values())
    judged = Remarks(
        verified=(("checks", f"{completed} completed, over {rows:,} rows"),),
        reasons=tuple(_line(breach) for breach in verdict.breaches if not breach.waiver),
        refused=refused,
    )
    return Rejudgement(verdict, judged + _unused(accepted, waivers, verdict))


def _unused(
    accepted: Sequence[Waiver], signed: Sequence[SignedStatement], verdict: Verdict
) -> Remarks:
    """Say of every waiver that covers nothing whether it falls short or is not needed."""
    used = {breach.waiver for breach in (*verdict.breaches, *verdict.warnings)}
    standing = {breach.rule: breach for breach in verdict.breaches if not breach.waiver}
    files = {statement.statement.predicate.id: statement.name for statement in signed}
    remarks = Remarks()
    for waiver in accepted:
        if waiver.id in used:
            continue
        breach = standing.get(waiver.rule)
        if breach is not None and breach.value is not None:
            ceiling = f"its ceiling of {waiver.ceiling:.6g}"
            reason = f"{breach.metric} is {breach.value:.6g}, beyond {ceiling}"
            remarks += Remarks(refused=(Refusal(files[waiver.id], waiver.id, reason),))
        else:
            note = f"the waiver {printable(waiver.id)} is not needed: {waiver.rule} holds"
            remarks += Remarks(notes=(note,))
    return remarks


def _approved(
    manifest: Manifest, policy: Policy, approvals: Sequence[SignedStatement], now: datetime
) -> tuple[tuple[str, ...], Remarks]:
    """Return the roles that approved; a required one that did not is a reason."""
    audited = statements.AuditedData.of(manifest)
    answers = [statements.accept_approval(a, audited, policy, now) for a in approvals]
    grants = [answer for answer in answers if not isinstance(answer, Refusal)]
    roles = tuple(dict.fromkeys(grant.role for grant in grants))
    missing = [role for role in policy.approvals.require if role not in roles]
    remarks = Remarks(
        verified=tuple(
            ("approval", printable(f"{grant.role}: {grant.approved_by}, until {grant.expires}"))
            for grant in grants
        ),
        reasons=tuple(
            f"the policy requires the approval of {role}, and there is none" for role in missing
        ),
        refused=tuple(answer for answer in answers if isinstance(answer, Refusal)),
    )
    return roles, remarks


def _concluded(  # noqa: PLR0913, PLR0917 - an admission is the sum of these parts
    opened: OpenedManifest,
    policy: Policy,
    remarks: Remarks,
    verdict: Verdict,
    files: tuple[FileMatch, ...],
    roles: tuple[str, ...],
) -> Admission:
    """Turn what all stages say into the admission."""
    waivers = tuple(sorted({b.waiver for b in verdict.breaches if b.waiver}))
    if (waivers or roles) and not policy.approvals.roles:
        note = "the policy names no roles: any trusted key may approve and waive"
        remarks += Remarks(notes=(note,))
    reasons, warnings = remarks.reasons, tuple(_line(breach) for breach in verdict.warnings)
    if policy.mode == "report":
        reasons, warnings = (), reasons + warnings
    blocked = GateBlocked.exit_code if reasons else 0
    named = {breach.check for breach in verdict.breaches}
    broken = [c for c in verdict.errors if c not in named]
    return Admission(
        exit_code=verdict.exit_code or blocked,
        reasons=(*(f"the check {c} could not be completed" for c in broken), *reasons),
        warnings=warnings,
        verified=(*remarks.verified, ("policy", f"{policy.id}, version {policy.version}")),
        notes=remarks.notes,
        files=files,
        breaches=verdict.breaches,
        waivers=waivers,
        approvals=roles,
        refused=remarks.refused,
        manifest=digest(opened.manifest),
        signed_by=opened.signed_by,
        policy=policy.id,
    )


def _line(breach: Breach) -> str:
    fix = f" {breach.fix}" if breach.fix else ""
    return f"{breach.rule}: {breach.message}.{fix}"


def _day(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
