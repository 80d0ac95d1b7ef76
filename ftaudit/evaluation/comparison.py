"""Compare a tuned model with what was there before: the straight line from files to measures.

The tuned model must beat the best baseline, and is tested against each. Start at `compare`.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np
import polars as pl
from msgspec import Struct
from msgspec.structs import replace

from ftaudit.evaluation.consistency import (
    FlipCounts,
    ViolationLift,
    agreement_of,
    consistency_notes,
    flip_counts,
    run_metrics,
    violation_lifts,
)
from ftaudit.evaluation.cost_model import CostAssessment, assess_cost, usage_of
from ftaudit.evaluation.evaluation_request import PAIRED_ROWS, EvaluationRequest, ResultPath
from ftaudit.evaluation.formats.recognition import open_results
from ftaudit.evaluation.group_lifts import MARGIN, GroupLift, group_lifts
from ftaudit.evaluation.holdout import EvaluationHoldout, open_holdout
from ftaudit.evaluation.leaked_rows import NEAR_ROWS, REWORDED_ROWS, leaked_positions
from ftaudit.evaluation.lenient_reading import LenientReader
from ftaudit.evaluation.lift_estimate import LiftEstimate, Scores, estimate_lift
from ftaudit.evaluation.macro_lift import MacroLift, macro_lift
from ftaudit.evaluation.near_pairs import near_pairs
from ftaudit.evaluation.pairing import MISSING_LIMIT, PairedAnswers, pair
from ftaudit.evaluation.paraphrases import paraphrase_flips
from ftaudit.model.errors import IntegrityError, UsageError
from ftaudit.model.statistics.multiplicity import holm
from ftaudit.model.statistics.run_agreement import RunAgreement
from ftaudit.wire.manifest import Manifest

LEAKS: Final = (NEAR_ROWS, REWORDED_ROWS)
"""Metrics of the audit that count leaked rows."""


class BaselineComparison(Struct, frozen=True, eq=False):
    """The tuned model against one baseline."""

    answers: PairedAnswers
    estimate: LiftEstimate
    p_value: float
    """Adjusted by Holm over all baselines."""
    missing: int
    """Rows that either side lacks; they count wrong for that side."""
    failed: int
    """Rows left out because a request failed."""


class LeakedLift(Struct, frozen=True):
    """The lift with the leaked rows taken out, and on them alone."""

    rows: int
    without: LiftEstimate
    within: LiftEstimate | None
    """None when no row leaks."""
    reworded: int = 0
    """Rows that training says in other words, beside those that leak."""
    without_reworded: LiftEstimate | None = None
    """Without either; None where training rewords no row, or the audit could not tell."""


class ModelComparison(Struct, frozen=True, eq=False):
    """Everything measured."""

    request: EvaluationRequest
    holdout: EvaluationHoldout
    tuned: PairedAnswers
    comparisons: tuple[BaselineComparison, ...]
    """The best baseline first."""
    lenient: LiftEstimate | None
    leaked: LeakedLift | None
    groups: tuple[GroupLift, ...]
    macro: MacroLift | None
    violations: tuple[ViolationLift, ...]
    flips: FlipCounts | None
    agreements: Mapping[str, RunAgreement]
    cost: CostAssessment
    margin: float
    notes: tuple[str, ...]

    @property
    def best(self) -> BaselineComparison:
        """The comparison with the best baseline."""
        return self.comparisons[0]

    @property
    def incomplete(self) -> tuple[str, ...]:
        """Why the result is incomplete; empty when it is not."""
        reasons = []
        limit = MISSING_LIMIT * self.holdout.rows
        for answers in (self.tuned, *(c.answers for c in self.comparisons)):
            if answers.missing > limit:
                reasons.append(
                    f"{answers.model} lacks {answers.missing:,} of {self.holdout.rows:,} holdout "
                    "rows: answer them, and compare again"
                )
            if answers.failed:
                reasons.append(
                    f"{answers.failed:,} requests to {answers.model} failed: run these rows again"
                )
        return tuple(reasons)

    @property
    def uses(self) -> int:
        """Tuned models that this holdout has judged, this one among them."""
        return len({*self.request.previous, self.tuned.file.sha256})


def compare(request: EvaluationRequest) -> ModelComparison:
    """Measure lift, consistency and cost.

    Raises:
        InputError: a file is not what it should be, or answers do not pair.
        UsageError: a choice that cannot be meant.
        IntegrityError: the holdout is not the audited one.
    """
    if not request.baselines:
        raise UsageError("name at least one baseline: --baseline FILE")
    holdout = open_holdout(request.holdout, request.rows)
    _is_audited(request, holdout)
    tuned = _answers(request, holdout, request.tuned, "tuned", request.tuned_name)
    names = [*request.baseline_names, *[""] * len(request.baselines)]
    baselines = [
        _answers(request, holdout, path, "baseline", name)
        for path, name in zip(request.baselines, names, strict=False)
    ]
    comparisons = _comparisons(request, holdout, baselines, tuned)
    best = comparisons[0].answers
    readings = _readings(holdout, best, tuned)
    flips, pair_notes = _flips(request, holdout, readings)
    agreements = dict(_agreements(request, holdout, best, tuned))
    margin = request.plan.non_inferiority.margin or MARGIN
    return ModelComparison(
        request=request,
        holdout=holdout,
        tuned=tuned,
        comparisons=comparisons,
        lenient=_lenient(request, holdout, best, tuned, readings),
        leaked=_leaked(request, holdout, best, tuned),
        groups=tuple(_groups(holdout, best, tuned, margin)),
        macro=_macro(holdout, best, tuned),
        violations=_violations(request, best, tuned),
        flips=flips,
        agreements=agreements,
        cost=assess_cost(request.plan.cost, usage_of(best.answers), usage_of(tuned.answers)),
        margin=margin,
        notes=(
            *_file_notes(best, tuned),
            *pair_notes,
            *consistency_notes(flips, [*agreements]),
            *_audit_notes(request),
        ),
    )


def _is_audited(request: EvaluationRequest, holdout: EvaluationHoldout) -> None:
    """Refuse a holdout that is not, file by file, the one that was audited against leakage."""
    if request.audit is None:
        return
    manifest = request.audit.manifest
    roles = {data.name: data.role for data in manifest.predicate.inputs}
    digests = {s.digest.sha256: s.name for s in manifest.subject if roles.get(s.name) == "holdout"}
    for file in holdout.files:
        if file.sha256 not in digests:
            message = f"{file.name}: not the holdout that was audited: its digest is another"
            raise IntegrityError(f"{message}. Audit it again, or give the audited file")


def _answers(
    request: EvaluationRequest,
    holdout: EvaluationHoldout,
    path: ResultPath,
    role: str,
    name: str,
) -> PairedAnswers:
    results = replace(request.results, role=role, id_column=holdout.id_column)
    answers = pair(open_results(path, results), holdout, results, name)
    return replace(answers, model=name or answers.model)


def _comparisons(
    request: EvaluationRequest,
    holdout: EvaluationHoldout,
    baselines: Sequence[PairedAnswers],
    tuned: PairedAnswers,
) -> tuple[BaselineComparison, ...]:
    estimates = [_estimate(request, holdout, baseline, tuned) for baseline in baselines]
    adjusted = holm([estimate.p_value for estimate in estimates])
    compared = [
        BaselineComparison(
            answers=baseline,
            estimate=estimate,
            p_value=p_value,
            missing=int((baseline.frame["missing"] | tuned.frame["missing"]).sum()),
            failed=int((~_kept(baseline, tuned)).sum()),
        )
        for baseline, estimate, p_value in zip(baselines, estimates, adjusted, strict=True)
    ]
    return tuple(sorted(compared, key=lambda comparison: -comparison.estimate.baseline))


def _kept(baseline: PairedAnswers, tuned: PairedAnswers) -> pl.Series:
    """Return which rows are compared: those where neither request failed."""
    return ~(baseline.frame["failed"] | tuned.frame["failed"])


def _scores(answers: PairedAnswers, kept: pl.Series) -> Scores:
    """Return the scores of kept rows; a row without an answer counts wrong."""
    return answers.frame["score"].fill_null(0.0).filter(kept).to_numpy()


def _estimate(
    request: EvaluationRequest,
    holdout: EvaluationHoldout,
    baseline: PairedAnswers,
    tuned: PairedAnswers,
    rows: pl.Series | None = None,
) -> LiftEstimate:
    """Return the lift on the rows that are compared, or on some of them."""
    kept = _kept(baseline, tuned) if rows is None else _kept(baseline, tuned) & rows
    clusters = holdout.frame["cluster"].filter(kept) if request.rows.cluster else None
    confidence = request.plan.confidence
    return estimate_lift(_scores(baseline, kept), _scores(tuned, kept), clusters, confidence)


class _Readings(Struct, frozen=True, eq=False):
    """What both models' outputs mean to a lenient reader, and the references."""

    reader: LenientReader
    references: pl.Series
    frame: pl.DataFrame
    """`baseline`, `tuned` (read leniently), `raw baseline`, `raw tuned` (trimmed)."""


def _readings(
    holdout: EvaluationHoldout, baseline: PairedAnswers, tuned: PairedAnswers
) -> _Readings:
    reader = LenientReader(holdout.labels)
    outputs = {"baseline": baseline.frame["output"], "tuned": tuned.frame["output"]}
    frame = pl.DataFrame(
        {
            **{role: reader.read(values) for role, values in outputs.items()},
            **{f"raw {role}": values.str.strip_chars() for role, values in outputs.items()},
        }
    )
    return _Readings(reader, reader.read(holdout.frame["reference"]), frame)


def _lenient(
    request: EvaluationRequest,
    holdout: EvaluationHoldout,
    baseline: PairedAnswers,
    tuned: PairedAnswers,
    readings: _Readings,
) -> LiftEstimate | None:
    """Return the lift of lenient readings; None where scores are not exact matches."""
    if {baseline.score, tuned.score} != {"exact match"} or max(baseline.runs, tuned.runs) > 1:
        return None
    kept = _kept(baseline, tuned)
    scores = [
        (
            (readings.frame[role] == readings.references).fill_null(value=False)
            | (answers.frame["score"] == 1).fill_null(value=False)
        )
        .filter(kept)
        .cast(pl.Float64)
        .to_numpy()
        for role, answers in (("baseline", baseline), ("tuned", tuned))
    ]
    clusters = holdout.frame["cluster"].filter(kept) if request.rows.cluster else None
    return estimate_lift(scores[0], scores[1], clusters, request.plan.confidence)


def _leaked(
    request: EvaluationRequest,
    holdout: EvaluationHoldout,
    baseline: PairedAnswers,
    tuned: PairedAnswers,
) -> LeakedLift | None:
    if request.audit is None:
        return None
    expected = {name: _recorded(request.audit.manifest, name) for name in LEAKS}
    near, reworded = (
        leaked_positions(request.audit.findings, holdout, name, expected[name]) for name in LEAKS
    )
    if near is None or reworded is None:
        return None
    position = holdout.frame["position"]
    leaked, either = (position.is_in(p.implode()) for p in (near, pl.concat([near, reworded])))
    rest = None
    if reworded.len() and not either.all():
        rest = _estimate(request, holdout, baseline, tuned, ~either)
    return LeakedLift(
        rows=int(leaked.sum()),
        without=_estimate(request, holdout, baseline, tuned, ~leaked),
        within=_estimate(request, holdout, baseline, tuned, leaked) if leaked.any() else None,
        reworded=int((either & ~leaked).sum()),
        without_reworded=rest,
    )


def _audit_notes(request: EvaluationRequest) -> Iterator[str]:
    """Say where the audit looked for leaks and could not tell which rows training rewords."""
    if request.audit is None:
        return
    near, reworded = (_recorded(request.audit.manifest, name) for name in LEAKS)
    if near is not None and reworded is None:
        yield "the audit could not tell which holdout rows training says in other words"


def _recorded(manifest: Manifest, metric: str) -> int | None:
    """Return how many rows the audit counted; None when it did not count."""
    for check in manifest.predicate.checks:
        if metric in check.metrics:
            return int(check.metrics[metric])
    return None


def _groups(
    holdout: EvaluationHoldout, baseline: PairedAnswers, tuned: PairedAnswers, margin: float
) -> list[GroupLift]:
    """Return classes and slices, where every score is right or wrong."""
    kept = _kept(baseline, tuned)
    scores = {"baseline": _scores(baseline, kept), "tuned": _scores(tuned, kept)}
    if not all(np.isin(values, (0.0, 1.0)).all() for values in scores.values()):
        return []
    names = [name for name in holdout.frame.columns if name.startswith("slice:")]
    rows = holdout.frame.filter(kept).select(
        *names, *([pl.col("reference").alias("class")] if holdout.labelled else [])
    )
    if not rows.columns:
        return []
    return group_lifts(rows.with_columns(pl.Series(n, v) for n, v in scores.items()), margin)


def _macro(
    holdout: EvaluationHoldout, baseline: PairedAnswers, tuned: PairedAnswers
) -> MacroLift | None:
    if not holdout.labelled or {baseline.score, tuned.score} != {"exact match"}:
        return None
    kept = _kept(baseline, tuned)
    outputs = [a.frame["output"].str.strip_chars().filter(kept) for a in (baseline, tuned)]
    return macro_lift(holdout.frame["reference"].filter(kept), outputs[0], outputs[1])


def _violations(
    request: EvaluationRequest, baseline: PairedAnswers, tuned: PairedAnswers
) -> tuple[ViolationLift, ...]:
    if request.outputs is None:
        return ()
    outputs = baseline.frame["output"], tuned.frame["output"]
    return tuple(violation_lifts(request.outputs, *outputs))


def _flips(
    request: EvaluationRequest, holdout: EvaluationHoldout, readings: _Readings
) -> tuple[FlipCounts | None, tuple[str, ...]]:
    if request.consistency is not None:
        return paraphrase_flips(request.consistency, readings.reader), ()
    searched = request.search_pairs
    if not (holdout.rows <= PAIRED_ROWS if searched is None else searched):
        return None, ("flips among alike inputs were not searched for: ask with --flips",)
    if holdout.frame["input"].null_count() == holdout.rows:
        return None, ("the holdout has no input texts: flips among alike inputs are unknown",)
    pairs = near_pairs(holdout, request.threshold, request.workers)
    return flip_counts(pairs, holdout.frame["reference"], readings.frame), ()


def _agreements(
    request: EvaluationRequest,
    holdout: EvaluationHoldout,
    baseline: PairedAnswers,
    tuned: PairedAnswers,
) -> Iterator[tuple[str, RunAgreement]]:
    sides = (("baseline", baseline, request.baseline_runs), ("tuned", tuned, request.tuned_runs))
    for role, answers, path in sides:
        repeated = answers if path is None else _answers(request, holdout, path, role, "")
        agreement = agreement_of(repeated)
        if agreement is not None:
            yield role, agreement


def _file_notes(baseline: PairedAnswers, tuned: PairedAnswers) -> Iterator[str]:
    for role, answers in (("baseline", baseline), ("tuned", tuned)):
        yield from answers.notes
        if answers.paired_by not in {"id", ""}:
            yield f"the {role} answers were paired by {answers.paired_by}"


def consistency_metrics(comparison: ModelComparison) -> Iterator[tuple[str, float]]:
    """Yield every metric of consistency that was measured."""
    for lift in comparison.violations:
        if ":" not in lift.rule:
            yield from lift.metrics()
    if comparison.flips is not None:
        yield from comparison.flips.metrics()
    yield from run_metrics(comparison.agreements)
