"""Where an evaluation contradicts what a plan claims, or does not show what it asks for."""

from collections.abc import Iterator
from typing import Final

from ftaudit.admission.plan import Gap, TuningPlan
from ftaudit.model.escape import printable
from ftaudit.model.finding import counted
from ftaudit.wire.evaluation_statement import EvaluationPredicate, EvaluationStatement

TOLERANCE: Final = 0.005
"""Half of the last digit that a score in percent has: a plan may round."""
NAMES_LISTED: Final = 6


def evaluation_gaps(plan: TuningPlan, statement: EvaluationStatement) -> Iterator[Gap]:
    """Yield scores that the evaluation measured otherwise, and a target that it does not show."""
    predicate = statement.predicate
    best = predicate.comparisons[0].lifts[0]
    claimed = plan.baseline.score
    if claimed is not None and abs(claimed - best.baseline) > TOLERANCE:
        reason = f"the evaluation measured {best.baseline:.4g}, not {claimed:g}"
        yield Gap("baseline.score", reason)
    measured = {c.baseline.lower(): c.lifts[0].baseline for c in predicate.comparisons}
    for alternative in plan.alternatives:
        score = measured.get(alternative.kind.strip().lower())
        if None not in (score, alternative.score) and _far(score, alternative.score):
            reason = f"the evaluation measured {score:.4g}, not {alternative.score:g}"
            yield Gap(f"alternatives.{alternative.kind}", reason)
    target = plan.target
    if target.minimum_lift is not None and best.lower < target.minimum_lift:
        reason = (
            f"the evaluation does not show it: the lift is {best.difference:.4g} "
            f"({best.lower:.4g} to {best.upper:.4g})"
        )
        yield Gap("target.minimum_lift", reason)
    elif target.score is not None and _short(best.tuned, target.score, plan):
        yield Gap("target.score", f"the tuned model scores {best.tuned:.4g}, not {target.score:g}")
    yield from _class_gaps(plan, predicate)
    for reason in predicate.incomplete:
        yield Gap("evaluation", reason)


def _class_gaps(plan: TuningPlan, predicate: EvaluationPredicate) -> Iterator[Gap]:
    """Yield classes that got worse, and those named by the plan that are not shown to be safe."""
    margin, evaluated = plan.non_inferiority.margin, predicate.configuration.get("margin")
    worse = int(predicate.metrics.get("lift.classes_worse", 0))
    if margin is not None and worse:
        yield Gap("non_inferiority", f"{counted(worse, 'class', 'classes')} got worse")
    if margin is not None and isinstance(evaluated, float) and margin < evaluated:
        reason = f"the evaluation judged classes by {evaluated:g}, not {margin:g}: compare again"
        yield Gap("non_inferiority.margin", reason)
    safe = {group.name for group in predicate.groups if group.standing == "shown"}
    unshown = [name for name in plan.non_inferiority.classes if name not in safe]
    if unshown:
        names = ", ".join(printable(name) for name in unshown[:NAMES_LISTED])
        more = len(unshown) - NAMES_LISTED
        others = f" and {more:,} more" if more > 0 else ""
        reason = f"the evaluation does not show that these are no worse: {names}{others}"
        yield Gap("non_inferiority.classes", reason)


def _far(score: float | None, claimed: float | None) -> bool:
    return score is not None and claimed is not None and abs(score - claimed) > TOLERANCE


def _short(score: float, target: float, plan: TuningPlan) -> bool:
    """Return whether a score misses the target, whichever way is better."""
    missing = target - score if plan.target.higher_is_better else score - target
    return missing > TOLERANCE
