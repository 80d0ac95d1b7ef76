"""Hold what was measured to the policy: the metrics of measures, judged by `policy.decision`."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from ftaudit.evaluation.comparison import ModelComparison, consistency_metrics
from ftaudit.model.statistics.standing import Standing
from ftaudit.policy.decision import CheckOutcome, Evidence, Verdict, Waiver, decide, owners
from ftaudit.policy.measures import measure_names
from ftaudit.policy.policy import Policy, RequiredEntities, Vocabulary

Metrics = Mapping[str, int | float]


class MeasureOutcome(Struct, frozen=True):
    """What one measure came to, or why it was not taken."""

    id: str
    metrics: Metrics
    reason: str = ""
    """Empty when it was taken."""


def significant(value: float) -> int | float:
    """Return a number to 12 significant digits; integers as they are."""
    return value if isinstance(value, int) else float(f"{value:.12g}")


def measured(comparison: ModelComparison) -> tuple[MeasureOutcome, ...]:
    """Return every measure of a comparison, rounded."""
    cost = comparison.cost
    outcomes = (
        MeasureOutcome("lift", dict(_lift_metrics(comparison))),
        MeasureOutcome("consistency", dict(consistency_metrics(comparison))),
        MeasureOutcome("cost", dict(cost.metrics()), "" if cost.forecast else cost.reason),
    )
    return tuple(
        MeasureOutcome(o.id, {name: significant(v) for name, v in o.metrics.items()}, o.reason)
        for o in outcomes
    )


def judge(
    outcomes: Sequence[MeasureOutcome],
    policy: Policy,
    rows: int,
    waivers: Sequence[Waiver] = (),
) -> Verdict:
    """Hold measures to the rules of a policy that speak of them.

    What a policy asks of an audit (required checks, entity types) is not asked here.
    """
    names = measure_names()
    taken = {outcome.id for outcome in outcomes}
    rules = {
        id_: limit
        for id_, limit in policy.rules.items()
        if any(limit.metric in names[measure] for measure in taken)
    }
    own = replace(
        policy, required=(), required_if_applicable=(), entities=RequiredEntities(), rules=rules
    )
    evidence = Evidence(
        outcomes=tuple(
            CheckOutcome(
                outcome.id,
                "completed" if not outcome.reason else "skipped",
                outcome.reason,
                metrics=outcome.metrics,
            )
            for outcome in outcomes
        ),
        rows={"holdout": rows},
        waivers=tuple(waivers),
    )
    vocabulary = Vocabulary(names)
    return decide(evidence, own, owners(own, vocabulary))


def _lift_metrics(comparison: ModelComparison) -> Iterator[tuple[str, float]]:
    best = comparison.best
    estimate, minimum = best.estimate, comparison.request.plan.target.minimum_lift
    yield "lift.difference", estimate.difference
    yield "lift.lower", estimate.interval.lower
    yield "lift.upper", estimate.interval.upper
    yield "lift.p_value", best.p_value
    yield "lift.baseline", estimate.baseline
    yield "lift.tuned", estimate.tuned
    yield "lift.pairs", estimate.pairs
    yield "lift.missing_rows", best.missing
    yield "lift.failed_rows", best.failed
    yield "lift.evaluations", comparison.uses
    if minimum is not None:
        yield "lift.target_margin", estimate.interval.lower - minimum
    if estimate.counts is not None:
        yield "lift.discordance", estimate.counts.discordance
    if estimate.design_effect is not None:
        yield "lift.design_effect", estimate.design_effect
    yield from _reading_metrics(comparison)
    yield from _group_metrics(comparison)


def _reading_metrics(comparison: ModelComparison) -> Iterator[tuple[str, float]]:
    """Yield what lenient reading and leaked rows do to the lift, and macro-F1."""
    strict = comparison.best.estimate.difference
    if comparison.lenient is not None:
        yield "lift.lenient_difference", comparison.lenient.difference
        if strict > 0:
            yield "lift.format_only_share", 1 - comparison.lenient.difference / strict
    leaked = comparison.leaked
    if leaked is not None:
        yield "lift.leaked_rows", leaked.rows
        yield "lift.without_leaked_rows", leaked.without.difference
        yield "lift.without_leaked_rows_lower", leaked.without.interval.lower
        if leaked.within is not None:
            yield "lift.within_leaked_rows", leaked.within.difference
        if (rest := leaked.without_reworded) is not None:
            yield "lift.reworded_rows", leaked.reworded
            yield "lift.without_reworded_rows", rest.difference
            yield "lift.without_reworded_rows_lower", rest.interval.lower
    if (macro := comparison.macro) is not None:
        yield "lift.macro_f1_baseline", macro.baseline
        yield "lift.macro_f1_tuned", macro.tuned
        yield "lift.macro_f1_difference", macro.difference
        if macro.interval is not None:
            yield "lift.macro_f1_lower", macro.interval.lower
            yield "lift.macro_f1_upper", macro.interval.upper


def _group_metrics(comparison: ModelComparison) -> Iterator[tuple[str, float]]:
    groups = comparison.groups
    required = comparison.request.plan.non_inferiority.classes
    if groups:
        yield "lift.classes_worse", sum(group.is_worse for group in groups)
        yield "lift.classes_better", sum(group.is_better for group in groups)
        yield "lift.classes_shown", sum(group.standing is Standing.SHOWN for group in groups)
        yield "lift.classes_not_shown", sum(group.is_open for group in groups)
    if required:
        safe = {group.name for group in groups if group.standing is Standing.SHOWN}
        yield "lift.required_not_shown", sum(name not in safe for name in required)
