"""Contradictions inside a recorded evaluation: numbers that do not follow from its counts.

A signature says who stands by an evaluation, not that it adds up. Everything that follows from the
exact counts is computed again; what was drawn (bootstrap) or needs the rows is taken as recorded.
"""

from collections.abc import Iterator
from math import isclose

from ftaudit.evaluation.group_lifts import ALPHA
from ftaudit.evaluation.lift_estimate import of_counts
from ftaudit.model.statistics.mcnemar import better_p_value, worse_p_value
from ftaudit.model.statistics.multiplicity import holm
from ftaudit.model.statistics.noninferiority import no_worse
from ftaudit.model.statistics.paired_counts import PairedCounts
from ftaudit.wire.evaluation_statement import (
    EvaluationPredicate,
    EvaluationStatement,
    LiftRecord,
    PairTable,
)

TOLERANCE = 1e-9
METRIC_OF_LIFT = {
    "lift.difference": "difference",
    "lift.lower": "lower",
    "lift.upper": "upper",
    "lift.baseline": "baseline",
    "lift.tuned": "tuned",
    "lift.pairs": "pairs",
}

_ALWAYS = ("lift", "consistency")
"""Measures that are taken of every comparison; `cost` is named too, and may be skipped."""


def evaluation_contradictions(statement: EvaluationStatement) -> list[str]:
    """Return what does not add up; empty when everything does."""
    predicate = statement.predicate
    if wrong := list(_missing(predicate)):
        return wrong
    return [
        *_lifts(predicate),
        *_metrics(predicate),
        *_groups(predicate),
        *_violations(predicate),
    ]


def _missing(predicate: EvaluationPredicate) -> Iterator[str]:
    """Yield what every evaluation has and this one lacks: without it nothing can be judged."""
    if not predicate.comparisons:
        yield "there is no comparison"
    if not all(comparison.lifts for comparison in predicate.comparisons):
        yield "a comparison has no lift"
    if not 0 < _confidence(predicate) < 1:
        yield "its confidence is no probability"
    states = {measure.id: measure.state for measure in predicate.measures}
    if len(predicate.measures) > len(states) or set(states) != {*_ALWAYS, "cost"}:
        yield "its measures are not those of a comparison"
    elif any(states[id_] != "completed" for id_ in _ALWAYS):
        yield "a measure is missing that every comparison takes"
    elif states["cost"] == "skipped" and "cost.total" in predicate.metrics:
        yield "its cost was skipped, and is recorded"


def _counts(table: PairTable) -> PairedCounts:
    return PairedCounts(table.both, table.fixed, table.broken, table.neither)


def _differs(recorded: float, computed: float) -> bool:
    return not isclose(recorded, computed, rel_tol=TOLERANCE, abs_tol=TOLERANCE)


def _confidence(predicate: EvaluationPredicate) -> float:
    value = predicate.configuration.get("confidence")
    return value if isinstance(value, float) else 0.95


def _lifts(predicate: EvaluationPredicate) -> Iterator[str]:
    """Yield lifts whose numbers are not those of their counts."""
    for comparison in predicate.comparisons:
        for lift in comparison.lifts:
            if lift.counts is None:
                continue
            counts = _counts(lift.counts)
            expected = {
                "difference": counts.lift,
                "baseline": counts.baseline,
                "tuned": counts.tuned,
            }
            if lift.method == "tango":
                again = of_counts(counts, _confidence(predicate))
                expected |= {"lower": again.interval.lower, "upper": again.interval.upper}
                expected |= {"p_value": again.p_value}
            wrong = [n for n, value in expected.items() if _differs(getattr(lift, n), value)]
            if lift.pairs != counts.pairs:
                wrong.append("pairs")
            for name in wrong:
                yield f"the {lift.reading} {name} over a baseline does not follow from its counts"


def _metrics(predicate: EvaluationPredicate) -> Iterator[str]:
    """Yield metrics that are not those of the comparison with the best baseline."""
    best = predicate.comparisons[0]
    for metric, name in METRIC_OF_LIFT.items():
        value = predicate.metrics.get(metric)
        if value is None or _differs(value, getattr(best.lifts[0], name)):
            yield f"{metric} is not that of the best baseline"
    readings: dict[str, LiftRecord] = {lift.reading: lift for lift in best.lifts}
    for metric, reading, name in (
        ("lift.lenient_difference", "lenient", "difference"),
        ("lift.without_leaked_rows", "without leaked rows", "difference"),
        ("lift.without_leaked_rows_lower", "without leaked rows", "lower"),
        ("lift.without_reworded_rows", "without reworded rows", "difference"),
        ("lift.without_reworded_rows_lower", "without reworded rows", "lower"),
    ):
        value, lift = predicate.metrics.get(metric), readings.get(reading)
        if (value is None) != (lift is None) or (
            value is not None and lift is not None and _differs(value, getattr(lift, name))
        ):
            yield f"{metric} is not that of the {reading} reading"
    if predicate.metrics.get("lift.evaluations") != predicate.uses:
        yield "lift.evaluations is not the number of uses"
    scores = [comparison.lifts[0].baseline for comparison in predicate.comparisons]
    if scores != sorted(scores, reverse=True):
        yield "the best baseline does not come first"


def _groups(predicate: EvaluationPredicate) -> Iterator[str]:
    """Yield groups whose standing or test does not follow from their counts, and wrong totals."""
    counts = [_counts(group.counts) for group in predicate.groups]
    margin = predicate.configuration.get("margin")
    worse = holm([worse_p_value(table) for table in counts])
    better = holm([better_p_value(table) for table in counts])
    for group, table, down, up in zip(predicate.groups, counts, worse, better, strict=True):
        standing = no_worse(table, margin if isinstance(margin, float) else 0.0)
        if group.standing != standing or _differs(group.worse, down) or _differs(group.better, up):
            yield "a class does not stand as its counts say"
    if predicate.groups:
        totals = {
            "lift.classes_worse": sum(p <= ALPHA for p in worse),
            "lift.classes_better": sum(p <= ALPHA for p in better),
            "lift.classes_not_shown": sum(
                group.standing != "shown" and p > ALPHA
                for group, p in zip(predicate.groups, worse, strict=True)
            ),
        }
        for metric, total in totals.items():
            if predicate.metrics.get(metric) != total:
                yield f"{metric} is not what the classes say"


def _violations(predicate: EvaluationPredicate) -> Iterator[str]:
    """Yield rates of violations that are not those of their counts."""
    for violation in predicate.violations:
        if ":" in violation.rule:
            continue
        rows = violation.both + violation.removed + violation.introduced + violation.neither
        broken = {
            "baseline": violation.both + violation.removed,
            "tuned": violation.both + violation.introduced,
        }
        for role, count in broken.items():
            value = predicate.metrics.get(f"consistency.{violation.rule}_{role}")
            if value is None or not rows or _differs(value, count / rows):
                yield f"consistency.{violation.rule}_{role} is not what its counts say"
