"""Turn a comparison into the statement that records it."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from ftaudit.evaluation.changed_rows import RowChange, changed_rows
from ftaudit.evaluation.claims import launch_claims
from ftaudit.evaluation.comparison import BaselineComparison, ModelComparison
from ftaudit.evaluation.cost_model import usage_of
from ftaudit.evaluation.group_lifts import GroupLift
from ftaudit.evaluation.judgement import MeasureOutcome, significant
from ftaudit.evaluation.lift_estimate import LiftEstimate
from ftaudit.evaluation.pairing import PairedAnswers
from ftaudit.model.escape import printable
from ftaudit.model.rfc3339 import timestamp
from ftaudit.model.statistics.bootstrap import DRAWS, SEED
from ftaudit.model.statistics.paired_counts import PairedCounts
from ftaudit.policy.decision import Verdict
from ftaudit.policy.policy import Policy
from ftaudit.wire import evaluation_statement as wire
from ftaudit.wire.manifest import (
    BreachRecord,
    Document,
    FileDigest,
    Gate,
    Manifest,
    Subject,
    Tool,
    digest,
    evidence_digest,
)

Mask = Callable[[Sequence[str]], Sequence[str]]
"""Returns texts with personal data and secrets masked."""


class EvaluationPapers(Struct, frozen=True, eq=False):
    """The files that people wrote, and what they mean."""

    policy: Policy
    policy_file: Document
    plan: Document | None = None
    outputs: Document | None = None


def with_masked_names(comparison: ModelComparison, mask: Mask) -> ModelComparison:
    """Return a comparison whose class names hold no personal data: names are data, too."""
    names = mask([group.name for group in comparison.groups])
    groups = tuple(
        replace(group, name=printable(name, limit=80))
        for group, name in zip(comparison.groups, names, strict=True)
    )
    return replace(comparison, groups=groups)


def record_evaluation(  # noqa: PLR0913 - the statement is the sum of these parts
    comparison: ModelComparison,
    outcomes: Sequence[MeasureOutcome],
    verdict: Verdict,
    papers: EvaluationPapers,
    *,
    tool: Tool,
    mask: Mask,
    now: datetime,
) -> wire.EvaluationStatement:
    """Return the statement of an evaluation.

    Args:
        comparison: what was measured, class names masked.
        outcomes: its measures.
        verdict: what the policy makes of them.
        papers: policy, plan and output rules.
        tool: what made it.
        mask: for names of rows' classes.
        now: the time of the evaluation.
    """
    metrics = {name: value for outcome in outcomes for name, value in outcome.metrics.items()}
    predicate = wire.EvaluationPredicate(
        tool=tool,
        time_created=timestamp(now),
        expires=timestamp(now + papers.policy.age),
        holdout=_holdout(comparison),
        audit=_audit(comparison),
        plan=papers.plan,
        policy=papers.policy_file,
        outputs=papers.outputs,
        models=list(_models(comparison)),
        configuration=_configuration(comparison),
        comparisons=list(_comparisons(comparison)),
        groups=[_group(group) for group in comparison.groups],
        violations=[
            wire.ViolationRecord(
                rule=printable(v.rule),
                both=v.both,
                removed=v.removed,
                introduced=v.introduced,
                neither=v.neither,
            )
            for v in comparison.violations
        ],
        claims=[
            wire.ClaimRecord(
                id=printable(c.id), standing=c.standing.value, text=printable(c.text, limit=1_000)
            )
            for c in launch_claims(comparison)
        ],
        measures=[
            wire.MeasureRecord(
                id=outcome.id,
                state="skipped" if outcome.reason else "completed",
                reason=printable(outcome.reason),
            )
            for outcome in outcomes
        ],
        metrics=dict(sorted(metrics.items())),
        uses=comparison.uses,
        incomplete=[printable(reason) for reason in comparison.incomplete],
        changed=list(_changed(comparison, changed_rows(comparison), mask)),
        notes=[printable(note, limit=1_000) for note in dict.fromkeys(comparison.notes)],
        gate=_gate(verdict, comparison),
    )
    return wire.EvaluationStatement(subject=list(_subjects(comparison)), predicate=predicate)


def _gate(verdict: Verdict, comparison: ModelComparison) -> Gate:
    passed = verdict.passed and not comparison.incomplete
    return Gate(
        verdict="PASSED" if passed else "BLOCKED",
        breaches=[BreachRecord.of(breach) for breach in verdict.breaches],
        warnings=[BreachRecord.of(breach) for breach in verdict.warnings],
        errors=list(verdict.errors),
        waivers=sorted({b.waiver for b in verdict.breaches if b.waiver}),
    )


def _subjects(comparison: ModelComparison) -> Iterator[Subject]:
    files = [(file.name, file.sha256) for file in comparison.holdout.files]
    answers = [*(c.answers for c in comparison.comparisons), comparison.tuned]
    files += [(a.file.name, a.file.sha256) for a in answers]
    for name, sha256 in dict.fromkeys(files):
        yield Subject(name=printable(name), digest=FileDigest(sha256=sha256))


def _holdout(comparison: ModelComparison) -> wire.EvaluatedHoldout:
    holdout = comparison.holdout
    return wire.EvaluatedHoldout(
        files=[file.name for file in holdout.files],
        rows=holdout.rows,
        format=holdout.format,
        columns={**holdout.columns},
        id_column=holdout.id_column,
        labelled=holdout.labelled,
    )


def _audit(comparison: ModelComparison) -> wire.AuditReference | None:
    audit = comparison.request.audit
    if audit is None:
        return None
    manifest: Manifest = audit.manifest
    return wire.AuditReference(sha256=digest(manifest), evidence=evidence_digest(manifest))


def _models(comparison: ModelComparison) -> Iterator[wire.EvaluatedModel]:
    for against in comparison.comparisons:
        yield _model("baseline", against.answers, "")
    yield _model("tuned", comparison.tuned, comparison.request.tuned_revision)


def _model(role: str, answers: PairedAnswers, revision: str) -> wire.EvaluatedModel:
    usage = usage_of(answers.answers)
    return wire.EvaluatedModel(
        role="tuned" if role == "tuned" else "baseline",
        name=printable(answers.model),
        file=printable(answers.file.name),
        format=answers.file.table.format,
        score=printable(answers.score),
        paired_by=printable(answers.paired_by),
        runs=answers.runs,
        missing=answers.missing,
        failed=answers.failed,
        revision=printable(revision or answers.file.table.revision),
        settings={name: printable(v) for name, v in answers.file.table.settings.items()},
        usage=None
        if usage is None
        else wire.MeasuredUsage(
            prompt=significant(usage.prompt),
            cached=significant(usage.cached),
            completion=significant(usage.completion),
            requests=usage.requests,
        ),
    )


def _configuration(comparison: ModelComparison) -> dict[str, object]:
    """Return every choice that can change a result."""
    request, flips = comparison.request, comparison.flips
    return {
        "bootstrap": {"draws": DRAWS, "seed": SEED},
        "cluster": request.rows.cluster,
        "confidence": request.plan.confidence,
        "cost": request.plan.cost.model_dump(mode="json"),
        "margin": comparison.margin,
        "minimum_lift": request.plan.target.minimum_lift,
        "metric": request.results.metric,
        "filter": request.results.filter,
        "by_position": request.results.by_position,
        "no_worse_classes": list(request.plan.non_inferiority.classes),
        "near_identical": None if flips is None else {"threshold": flips.threshold},
        "reference": request.rows.reference,
        "slices": list(request.rows.slices),
        "ledger": dict(sorted(request.previous.items())),
    }


def _comparisons(comparison: ModelComparison) -> Iterator[wire.ComparisonRecord]:
    standings = {c.id: c.standing for c in launch_claims(comparison)}
    for place, against in enumerate(comparison.comparisons):
        lifts = [_lift("strict", against.estimate)]
        lifts += list(_readings(comparison)) if place == 0 else []
        yield wire.ComparisonRecord(
            baseline=printable(against.answers.model),
            missing=against.missing,
            failed=against.failed,
            adjusted_p_value=significant(against.p_value),
            standing=standings[_claim_id(against)].value,
            lifts=lifts,
        )


def _claim_id(against: BaselineComparison) -> str:
    return f"better than {against.answers.model}"


def _readings(comparison: ModelComparison) -> Iterator[wire.LiftRecord]:
    if comparison.lenient is not None:
        yield _lift("lenient", comparison.lenient)
    if comparison.leaked is not None:
        yield _lift("without leaked rows", comparison.leaked.without)
        if comparison.leaked.within is not None:
            yield _lift("leaked rows", comparison.leaked.within)
        if comparison.leaked.without_reworded is not None:
            yield _lift("without reworded rows", comparison.leaked.without_reworded)


def _lift(reading: wire.ReadingName, estimate: LiftEstimate) -> wire.LiftRecord:
    second = estimate.second_opinion
    return wire.LiftRecord(
        reading=reading,
        method=estimate.method,
        pairs=estimate.pairs,
        counts=None if estimate.counts is None else _table(estimate.counts),
        baseline=significant(estimate.baseline),
        tuned=significant(estimate.tuned),
        difference=significant(estimate.difference),
        lower=significant(estimate.interval.lower),
        upper=significant(estimate.interval.upper),
        standard_error=significant(estimate.standard_error),
        p_value=significant(estimate.p_value),
        clusters=estimate.clusters,
        design_effect=None
        if estimate.design_effect is None
        else significant(estimate.design_effect),
        second_lower=None if second is None else significant(second.lower),
        second_upper=None if second is None else significant(second.upper),
    )


def _table(counts: PairedCounts) -> wire.PairTable:
    return wire.PairTable(
        both=counts.both, fixed=counts.fixed, broken=counts.broken, neither=counts.neither
    )


def _group(group: GroupLift) -> wire.GroupRecord:
    return wire.GroupRecord(
        kind=printable(group.kind),
        name=group.name,
        counts=_table(group.counts),
        lower=significant(group.interval.lower),
        upper=significant(group.interval.upper),
        standing=group.standing.value,
        worse=significant(group.worse),
        better=significant(group.better),
    )


def _changed(
    comparison: ModelComparison, rows: Sequence[RowChange], mask: Mask
) -> Iterator[wire.ChangedRow]:
    starts = [(comparison.holdout.first_row(f.name), f.name) for f in comparison.holdout.files]
    names = mask([row.group for row in rows])
    for row, name in zip(rows, names, strict=True):
        start, file = max(entry for entry in starts if entry[0] <= row.position)
        yield wire.ChangedRow(
            change=row.change, group=printable(name, limit=80), file=file, row=row.position - start
        )
