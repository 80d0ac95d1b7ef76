"""An evaluation at the gate: verify it, tie it to the audit, and judge its numbers again."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from ftaudit.admission.remarks import Refusal, Remarks
from ftaudit.admission.signed_manifest import Trust
from ftaudit.admission.statements import (
    AuditedData,
    SignedStatement,
    WaiverStatement,
    accept_approval,
    accept_waiver,
)
from ftaudit.evaluation.judgement import MeasureOutcome, judge
from ftaudit.evaluation.self_consistency import evaluation_contradictions
from ftaudit.model.bounded_read import read_bounded
from ftaudit.model.errors import InputError, IntegrityError
from ftaudit.model.escape import printable
from ftaudit.model.finding import counted
from ftaudit.model.rfc3339 import instant
from ftaudit.policy.decision import Verdict
from ftaudit.policy.measures import measure_names
from ftaudit.policy.policy import Policy
from ftaudit.reports.limits import breach_sentence
from ftaudit.wire import envelope
from ftaudit.wire.evaluation_statement import EvaluationStatement, from_json
from ftaudit.wire.manifest import Manifest, evidence_digest


class OpenedEvaluation(Struct, frozen=True):
    """An evaluation, and who signed it."""

    statement: EvaluationStatement
    signed_by: str
    remarks: Remarks


class EvaluationJudgement(Struct, frozen=True):
    """The verdict of today's policy on recorded measures."""

    verdict: Verdict
    remarks: Remarks


def open_evaluation(path: Path, trust: Trust) -> OpenedEvaluation:
    """Read an evaluation; verify its signature where one is required.

    Raises:
        InputError: unreadable, or no evaluation.
        IntegrityError: not signed by whom it has to be, or numbers that contradict each other.
    """
    try:
        data = read_bounded(path, envelope.LARGEST)
    except OSError as error:
        remedy = "Name the evaluation that `ftaudit compare` wrote"
        raise InputError(path, f"cannot be read ({error.strerror})", remedy=remedy) from None
    signed_by, remarks = "", Remarks()
    if envelope.is_envelope(data) and trust.keys:
        verified = envelope.verify(data, trust.keys, name=str(path))
        if trust.rules.keys and verified.keyid not in trust.rules.keys:
            msg = f"signed by the key {verified.keyid[:12]}, which the policy does not name"
            raise IntegrityError(f"{path}: {msg} under signature.keys")
        data, signed_by = verified.payload, verified.keyid
        holds = ("evaluation", f"the signature holds ({signed_by[:12]})")
        remarks = Remarks(verified=(holds,))
    elif trust.required:
        remedy = "Give evaluation.dsse.json, or sign it with `ftaudit sign`"
        raise IntegrityError(f"{path}: not signed, where a signature is required. {remedy}")
    else:
        if envelope.is_envelope(data):
            data = envelope.unverified(data, name=str(path)).payload
        note = "no trusted key signed the evaluation: anybody may have written it"
        remarks = Remarks(notes=(note,), caveats=("anybody may have written the evaluation",))
    statement = from_json(data, str(path))
    if wrong := evaluation_contradictions(statement):
        raise IntegrityError(f"{path}: the evaluation contradicts itself: {wrong[0]}")
    return OpenedEvaluation(statement, signed_by, remarks)


def fits(statement: EvaluationStatement, manifest: Manifest) -> None:
    """Refuse an evaluation of another holdout than the audited one.

    Raises:
        IntegrityError: a file of the holdout is not among the audited ones, or the evaluation
            rests on another audit.
    """
    roles = {file.name: file.role for file in manifest.predicate.inputs}
    audited = {s.digest.sha256 for s in manifest.subject if roles.get(s.name) == "holdout"}
    digests = {subject.name: subject.digest.sha256 for subject in statement.subject}
    for name in statement.predicate.holdout.files:
        if digests.get(name) not in audited:
            message = f"the evaluation is of another holdout: {printable(name)} was not audited"
            raise IntegrityError(f"{message}. Evaluate on the audited holdout")
    reference = statement.predicate.audit
    if reference is not None and reference.evidence != evidence_digest(manifest):
        message = "the evaluation rests on another audit of the holdout"
        raise IntegrityError(f"{message}: compare again with --manifest")


def judge_evaluation(
    opened: OpenedEvaluation,
    manifest: Manifest,
    policy: Policy,
    statements: Sequence[SignedStatement],
    now: datetime,
) -> EvaluationJudgement:
    """Judge the recorded measures under the current policy, and the waivers that count.

    Args:
        opened: the evaluation.
        manifest: the audit that it must be of.
        policy: the policy in force.
        statements: waivers and approvals of the evaluation.
        now: the time to judge by.

    Raises:
        IntegrityError: the evaluation is of another holdout, or its times are none.
    """
    statement, predicate = opened.statement, opened.statement.predicate
    fits(statement, manifest)
    subject = AuditedData.of_evaluation(statement, opened.signed_by)
    waivers = [s for s in statements if isinstance(s.statement, WaiverStatement)]
    answers = [accept_waiver(waiver, subject, policy, now) for waiver in waivers]
    refused = [answer for answer in answers if isinstance(answer, Refusal)]
    accepted = [answer for answer in answers if not isinstance(answer, Refusal)]
    verdict = judge(_outcomes(statement), policy, predicate.holdout.rows, accepted)
    if predicate.incomplete:
        verdict = Verdict(verdict.breaches, verdict.warnings, (*verdict.errors, "evaluation"))
    reasons = tuple(
        f"{b.rule}: {breach_sentence(b)} {b.fix}" for b in verdict.breaches if not b.waiver
    )
    reasons += tuple(printable(reason) for reason in predicate.incomplete)
    expires = instant(predicate.expires)
    if expires is None:
        raise IntegrityError("the times of the evaluation are not RFC 3339")
    if now >= expires:
        day = expires.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
        reasons += (f"the evaluation expired on {day}: compare again",)
    best = predicate.comparisons[0].lifts[0]
    summary = (
        f"{best.pairs:,} rows, lift {best.difference:+.4f} ({best.lower:+.4f} to "
        f"{best.upper:+.4f}), {counted(predicate.uses, 'model')} judged by this holdout"
    )
    holds = [("evaluation", summary)]
    for signed in (s for s in statements if s not in waivers):
        grant = accept_approval(signed, subject, policy, now)
        if isinstance(grant, Refusal):
            refused.append(grant)
        else:
            text = f"{grant.role}, of the evaluation: {grant.approved_by}, until {grant.expires}"
            holds.append(("approval", printable(text)))
    judged = Remarks(tuple(holds), reasons, refused=tuple(refused))
    return EvaluationJudgement(verdict, opened.remarks + judged)


def _outcomes(statement: EvaluationStatement) -> list[MeasureOutcome]:
    """Return the recorded measures as the decision takes them."""
    metrics, names = statement.predicate.metrics, measure_names()
    return [
        MeasureOutcome(
            measure.id,
            {name: metrics[name] for name in names.get(measure.id, ()) if name in metrics},
            measure.reason if measure.state == "skipped" else "",
        )
        for measure in statement.predicate.measures
        if measure.id in names
    ]


def for_evaluation(signed: SignedStatement, statement: EvaluationStatement) -> bool:
    """Return whether a waiver or an approval is about an evaluation, not about an audit."""
    results = {subject.digest.sha256 for subject in statement.subject}
    granted = {subject.digest.sha256 for subject in signed.statement.subject} - {None}
    models = {model.file for model in statement.predicate.models}
    files = {s.digest.sha256 for s in statement.subject if s.name in models}
    return granted <= results and bool(granted & files)
