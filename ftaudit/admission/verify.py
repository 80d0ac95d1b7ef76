"""May tuning proceed? Verify a manifest, and judge its evidence again under the current policy.

The line a gate walks: signature → types and version → contradictions → data → age → required
checks and limits → approvals. Nothing recorded as a verdict is trusted: the recorded metrics are
judged again by `decision.decide`, and a waiver or an approval counts only as a signed statement.
"""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import Struct

from ftaudit import __version__
from ftaudit.admission import contradictions, statements
from ftaudit.admission.admission import Admission
from ftaudit.admission.approvals import consent
from ftaudit.admission.comparability import differences
from ftaudit.admission.evaluation_gate import (
    EvaluationJudgement,
    OpenedEvaluation,
    for_evaluation,
    judge_evaluation,
    open_evaluation,
)
from ftaudit.admission.given_data import GivenData
from ftaudit.admission.lineage_gate import OpenedLineage, judge_lineage, open_lineage
from ftaudit.admission.match_files import FileMatch, match, missing
from ftaudit.admission.remarks import Refusal, Remarks
from ftaudit.admission.rules import Rulebook
from ftaudit.admission.signed_manifest import OpenedManifest, Trust, open_manifest
from ftaudit.admission.statements import SignedStatement
from ftaudit.model.breach import Breach
from ftaudit.model.errors import GateBlocked, GateRefused, IntegrityError
from ftaudit.model.escape import printable
from ftaudit.model.progress import Advance, Progress, Silent
from ftaudit.model.rfc3339 import SKEW, instant
from ftaudit.policy.decision import Verdict, Waiver, decide, owners
from ftaudit.policy.policy import Policy
from ftaudit.reports.limits import breach_sentence
from ftaudit.wire.envelope import PublicKey, load_public_key
from ftaudit.wire.keyless import Identity
from ftaudit.wire.manifest import PREDICATE_TYPE, Manifest, digest

if TYPE_CHECKING:
    from ftaudit.admission.given_data import Data

File: TypeAlias = str | Path
Key: TypeAlias = str | Path | PublicKey

_NAMED: Final = 20
"""Files named in one note."""


def gate(  # noqa: PLR0913 - keyword-only, and each one a user's own word
    manifest: File,
    data: "Data" = (),
    *,
    validation: "Data" = (),
    holdout: "Data" = (),
    partial: bool = False,
    policy: File | Policy = "standard",
    trusted_keys: Sequence[Key] = (),
    waivers: Sequence[File] = (),
    approvals: Sequence[File] = (),
    identity: Identity | None = None,
    require_signature: bool | None = None,
    policy_sha256: str | None = None,
    evaluation: File | None = None,
    lineage: Sequence[File] = (),
    now: datetime | None = None,
) -> Admission:
    """Return if tuning may proceed, else raise. Call it first in a training job.

    Args:
        manifest: what `ftaudit scan` wrote, signed (`manifest.dsse.json`) or not.
        data: all that will be trained on: files, folders, tables in memory, datasets of the
            Hugging Face library (also several by the name of their split); one or several.
        validation: what the job validates on, if it reads it.
        holdout: what the job is measured on, if it reads it.
        partial: whether `data` may be a part of the training data that was audited.
        policy: the policy in force now: a built-in name, a file, or a loaded policy.
        trusted_keys: public keys, as files or loaded. Given any, the manifest must be signed.
        waivers: signed waivers.
        approvals: signed approvals.
        identity: who must have signed the manifest, when it is a sigstore bundle.
        require_signature: whether a manifest that no trusted key signed is refused; by default
            where the environment says that this is a CI job (variable `CI`).
        policy_sha256: SHA-256 that the policy file must have.
        evaluation: what `ftaudit compare` wrote: tuning must be shown to be worth it.
        lineage: what `ftaudit fix` wrote beside the data: the steps from its source.
        now: the time to judge by; the clock's by default.

    Raises:
        GateBlocked: tuning may not proceed; `reasons` says why, `code` is 1 or 3.
        GateRefused: a signature, a digest or a recorded count does not hold, or the data is not
            what was audited; both a `GateBlocked` of code 4 and an `IntegrityError`.
        InputError: a file is not what it should be.
    """
    admission = examine(
        manifest,
        data,
        validation=validation,
        holdout=holdout,
        partial=partial,
        policy=policy,
        trusted_keys=trusted_keys,
        waivers=waivers,
        approvals=approvals,
        identity=identity,
        require_signature=require_signature,
        policy_sha256=policy_sha256,
        evaluation=evaluation,
        lineage=lineage,
        now=now,
    )
    if admission.exit_code == IntegrityError.exit_code:
        raise GateRefused("; ".join(admission.reasons), admission.reasons)
    if not admission.passed:
        message = f"tuning may not proceed: {'; '.join(admission.reasons)}"
        raise GateBlocked(message, admission.reasons, admission.exit_code)
    return admission


def examine(  # noqa: PLR0913 - as `gate`
    manifest: File,
    data: "Data" = (),
    *,
    validation: "Data" = (),
    holdout: "Data" = (),
    partial: bool = False,
    policy: File | Policy = "standard",
    trusted_keys: Sequence[Key] = (),
    waivers: Sequence[File] = (),
    approvals: Sequence[File] = (),
    identity: Identity | None = None,
    require_signature: bool | None = None,
    policy_sha256: str | None = None,
    evaluation: File | None = None,
    lineage: Sequence[File] = (),
    now: datetime | None = None,
    progress: Progress | None = None,
) -> Admission:
    """Return what the gate says, as `gate` decides it, without raising for a refusal.

    The arguments are those of `gate`; `progress` is where to say how many files were compared.

    Raises:
        InputError: a file is not what it should be.
    """
    rules = Rulebook.load(policy)
    try:
        rules.require_digest(policy_sha256)
        keys = [key if isinstance(key, PublicKey) else load_public_key(key) for key in trusted_keys]
        required = _in_ci() if require_signature is None else require_signature
        trust = Trust(keys, identity, rules.policy.signature, required)
        return _admission(
            open_manifest(Path(manifest), trust),
            rules,
            GivenData.of(data, validation, holdout),
            [statements.load(path, keys) for path in waivers],
            [statements.load(path, keys) for path in approvals],
            partial=partial,
            progress=progress or Silent(),
            evaluation=None if evaluation is None else open_evaluation(Path(evaluation), trust),
            steps=[open_lineage(Path(path), trust) for path in lineage],
            now=now or datetime.now(UTC),
        )
    except IntegrityError as error:
        return Admission(IntegrityError.exit_code, (str(error),), policy=rules.policy.id)


def _in_ci() -> bool:
    """Return whether the environment says that this is a CI job, as CI services have it say."""
    return os.environ.get("CI", "").strip().lower() not in {"", "0", "false", "no", "off"}


def _admission(  # noqa: PLR0913 - what the gate is given, all of it
    opened: OpenedManifest,
    rules: Rulebook,
    data: GivenData,
    waivers: Sequence[SignedStatement],
    approvals: Sequence[SignedStatement],
    *,
    partial: bool,
    progress: Progress,
    evaluation: OpenedEvaluation | None,
    steps: Sequence[OpenedLineage],
    now: datetime,
) -> Admission:
    """Walk the line of the gate once.

    Raises:
        IntegrityError: the manifest contradicts itself, or the data is not what was audited.
    """
    manifest, policy = opened.manifest, rules.policy
    consistency = _consistency(manifest, rules)
    with progress.stage("compare the data", len(data)) as advance:
        comparison = _comparison(manifest, data, advance, partial=partial)
    age = _age(manifest, policy, now)
    about = evaluation and evaluation.statement
    others = [s for s in (*waivers, *approvals) if about and for_evaluation(s, about)]
    judgement = _judged(opened, rules, [w for w in waivers if w not in others], now)
    approved = consent(opened, policy, [a for a in approvals if a not in others], now)
    if evaluation is not None:
        judgement += judge_evaluation(evaluation, manifest, policy, others, now)
    remarks = (
        opened.remarks
        + consistency
        + comparison.remarks
        + judge_lineage(steps, manifest)
        + age
        + judgement.remarks
        + approved.remarks
    )
    return _concluded(
        opened, policy, remarks, judgement.verdict, comparison.matches, approved.roles
    )


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


class Comparison(Struct, frozen=True):
    """What the data is to the manifest."""

    matches: tuple[FileMatch, ...]
    remarks: Remarks


def _comparison(
    manifest: Manifest, data: GivenData, advance: Advance, *, partial: bool
) -> Comparison:
    """Hold the data to be all of the training data that was audited, and nothing else.

    Raises:
        IntegrityError: it is something else, or not all of it, and no part is meant.
    """
    if not data:
        return Comparison((), Remarks())
    matches = match(data, manifest, advance)
    left = missing(manifest, matches)
    if left and not partial:
        names = printable(", ".join(left), limit=500)
        remedy = "Give all of it, or say that a part is meant with --partial"
        raise IntegrityError(f"training data that was audited is missing: {names}. {remedy}")
    files = {file.name for file in data.files}
    recoded = dict.fromkeys(m.name for m in matches if m.how == "content root" and m.name in files)
    notes = [f"{printable(n)} was re-encoded since the audit: same content root" for n in recoded]
    if left:
        notes.append(f"a part is meant; not compared: {printable(', '.join(left), limit=500)}")
    if data.left_out:
        notes.append(f"not read as data: {_several(data.left_out)}")
    count = len({file.subject for file in matches})
    holds = ("data", f"{count} of {len(manifest.subject)} files are the audited ones")
    caveats = ("only a part of the training data was compared",) if left else ()
    return Comparison(matches, Remarks(verified=(holds,), notes=tuple(notes), caveats=caveats))


def _several(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return printable(", ".join(names[:_NAMED]), limit=2_000) + more


def _age(manifest: Manifest, policy: Policy, now: datetime) -> Remarks:
    """Hold the manifest to its own expiry and to the policy's maximum age."""
    created = instant(manifest.predicate.time_created)
    expires = instant(manifest.predicate.expires)
    if created is None or expires is None:
        raise IntegrityError("the times of the manifest are not RFC 3339")
    if created > now + SKEW:
        return Remarks(reasons=(f"the manifest was created in the future ({_day(created)})",))
    until = min(expires, created + policy.age)
    if now >= until:
        return Remarks(reasons=(f"the manifest expired on {_day(until)}: scan again",))
    return Remarks(verified=(("age", f"of {_day(created)}, holds until {_day(until)}"),))


class Rejudgement(Struct, frozen=True):
    """The verdict of today's policy on the recorded metrics."""

    verdict: Verdict
    remarks: Remarks

    def __add__(self, other: EvaluationJudgement) -> "Rejudgement":
        """Return both verdicts as one, and what was said of them."""
        mine, theirs = self.verdict, other.verdict
        verdict = Verdict(
            mine.breaches + theirs.breaches,
            mine.warnings + theirs.warnings,
            mine.errors + theirs.errors,
        )
        return Rejudgement(verdict, self.remarks + other.remarks)


def _judged(
    opened: OpenedManifest, rules: Rulebook, waivers: Sequence[SignedStatement], now: datetime
) -> Rejudgement:
    """Judge the recorded metrics under the current policy and the waivers that count."""
    audited = statements.AuditedData.of(opened.manifest, opened.signed_by)
    answers = [statements.accept_waiver(w, audited, rules.policy, now) for w in waivers]
    refused = tuple(answer for answer in answers if isinstance(answer, Refusal))
    accepted = [answer for answer in answers if not isinstance(answer, Refusal)]
    evidence = contradictions.evidence(opened.manifest, accepted)
    verdict = decide(evidence, rules.policy, owners(rules.policy, rules.vocabulary))
    completed = sum(outcome.state == "completed" for outcome in evidence.outcomes)
    rows = sum(evidence.rows.values())
    judged = Remarks(
        verified=(("checks", f"{completed} completed, over {rows:,} rows"),),
        reasons=tuple(_line(breach) for breach in verdict.breaches if not breach.waiver),
        refused=refused,
    )
    used = {breach.waiver for breach in (*verdict.breaches, *verdict.warnings)}
    if used & {s.statement.predicate.id for s in waivers if s.keyid == opened.signed_by}:
        judged += Remarks(caveats=("the key that signed the manifest waives its limits, too",))
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
        remarks += Remarks(notes=(note,), caveats=("any trusted key may approve and waive",))
    reasons, warnings = remarks.reasons, tuple(_line(breach) for breach in verdict.warnings)
    if policy.mode == "report":
        reasons, warnings = (), reasons + warnings
    blocked = GateBlocked.exit_code if reasons else 0
    if not files:
        reasons += ("no data was given, so none was compared: give all of the training data",)
        blocked = blocked or IntegrityError.exit_code
    named = {breach.check for breach in verdict.breaches}
    broken = [c for c in verdict.errors if c not in named]
    return Admission(
        exit_code=verdict.exit_code or blocked,
        reasons=(*(f"the check {c} could not be completed" for c in broken), *reasons),
        warnings=warnings,
        verified=(*remarks.verified, ("policy", f"{policy.id}, version {policy.version}")),
        notes=remarks.notes,
        caveats=remarks.caveats,
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
    return f"{breach.rule}: {breach_sentence(breach)}{fix}"


def _day(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
