"""What evaluations measure: metrics of `compare`, `power` and `drift` that rules may hold.

They stand in a policy beside those of the checks. `scan` measures none of them, so its verdict
does not depend on their rules.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ftaudit.model.finding import Metric

_ROLES: Final = ("baseline", "tuned")

LIFT: Final = (
    Metric("lift.difference", "tuned score minus that of the best baseline", "score"),
    Metric(
        "lift.lower",
        "lower end of its interval",
        "score",
        "the lift may be as low as {value} (lower end of its interval)",
    ),
    Metric("lift.upper", "upper end of its interval", "score"),
    Metric("lift.p_value", "that both score alike, adjusted for several baselines", "ratio"),
    Metric(
        "lift.target_margin",
        "lower end minus the lift that the plan asks for",
        "score",
        "the lift that is shown differs by {value} from what the plan asks for",
    ),
    Metric("lift.baseline", "score of the best baseline", "score"),
    Metric("lift.tuned", "score of the tuned model", "score"),
    Metric("lift.discordance", "rows that exactly one model has right", "ratio"),
    Metric("lift.design_effect", "variance over that of independent rows", "times"),
    Metric("lift.pairs", "rows compared"),
    Metric("lift.missing_rows", "holdout rows that a model did not answer: counted wrong"),
    Metric("lift.failed_rows", "holdout rows whose request failed: left out, to be run again"),
    Metric("lift.lenient_difference", "lift when answers are read leniently", "score"),
    Metric(
        "lift.format_only_share",
        "part of the lift that lenient reading takes away",
        "ratio",
        "{value} of the lift is format alone",
    ),
    Metric("lift.leaked_rows", "holdout rows near a training row"),
    Metric("lift.without_leaked_rows", "lift on the other rows", "score"),
    Metric(
        "lift.without_leaked_rows_lower",
        "lower end of its interval",
        "score",
        "without leaked rows the lift may be as low as {value} (lower end of its interval)",
    ),
    Metric("lift.within_leaked_rows", "lift on the leaked rows alone", "score"),
    Metric("lift.reworded_rows", "holdout rows that training says in other words"),
    Metric("lift.without_reworded_rows", "lift without these and without leaked rows", "score"),
    Metric(
        "lift.without_reworded_rows_lower",
        "lower end of its interval",
        "score",
        "without reworded rows the lift may be as low as {value} (lower end of its interval)",
    ),
    Metric("lift.macro_f1_baseline", "macro-F1 of the best baseline", "score"),
    Metric("lift.macro_f1_tuned", "macro-F1 of the tuned model", "score"),
    Metric("lift.macro_f1_difference", "their difference", "score"),
    Metric("lift.macro_f1_lower", "lower end of its interval (bootstrap)", "score"),
    Metric("lift.macro_f1_upper", "upper end of its interval (bootstrap)", "score"),
    Metric(
        "lift.classes_worse",
        "classes and slices that got worse (Holm)",
        "classes",
        "{value} classes got worse beyond chance",
    ),
    Metric("lift.classes_better", "classes and slices that got better (Holm)", "classes"),
    Metric("lift.classes_shown", "those shown to be no worse by the margin", "classes"),
    Metric(
        "lift.classes_not_shown",
        "those of which the rows cannot tell",
        "classes",
        "classes of which the rows cannot tell whether they got worse: {value}",
    ),
    Metric(
        "lift.required_not_shown",
        "of those the plan names, not shown",
        "classes",
        "classes that the plan names and that are not shown to be no worse: {value}",
    ),
    Metric(
        "lift.evaluations",
        "tuned models that this holdout has judged",
        "models",
        "tuned models judged on this holdout: {value}",
    ),
)

CONSISTENCY: Final = (
    *(
        Metric(f"consistency.{kind}_{name}", meaning, unit, sentence)
        for kind in ("format", "policy")
        for name, meaning, unit, sentence in (
            *(
                (
                    role,
                    f"share of {role} outputs that break a {kind} rule",
                    "ratio",
                    f"{{value}} of the {role} outputs break a {kind} rule",
                )
                for role in _ROLES
            ),
            ("lift", "baseline share minus tuned share", "ratio", ""),
            ("lift_lower", "lower end of its interval", "ratio", ""),
            ("lift_upper", "upper end of its interval", "ratio", ""),
            ("removed", "rows that only the baseline breaks", "rows", ""),
            ("introduced", "rows that only the tuned model breaks", "rows", ""),
            ("tuned_limit", "upper 95 % limit of the tuned share", "ratio", ""),
        )
    ),
    Metric("consistency.near_pairs", "pairs of near-identical rows of one reference", "pairs"),
    *(
        metric
        for role in _ROLES
        for metric in (
            Metric(f"consistency.flips_{role}", "such pairs answered differently", "pairs"),
            Metric(f"consistency.raw_flips_{role}", "the same of raw outputs", "pairs"),
            Metric(f"consistency.flip_rate_{role}", "flips in all such pairs", "ratio"),
            Metric(f"consistency.run_items_{role}", "rows asked several times"),
            Metric(f"consistency.run_agreement_{role}", "mean pairwise agreement", "ratio"),
            Metric(f"consistency.run_unanimous_{role}", "rows with one answer", "ratio"),
            Metric(f"consistency.run_alpha_{role}", "Krippendorff's alpha", "score"),
        )
    ),
)

COST: Final = (
    Metric("cost.per_request_baseline", "cost of a request to the baseline", "currency"),
    Metric("cost.per_request_tuned", "cost of a request to the tuned model", "currency"),
    Metric("cost.savings_per_month", "what fewer tokens save in a month", "currency"),
    Metric("cost.net_per_month", "savings less operations", "currency"),
    Metric("cost.one_off", "training, evaluation and labelling", "currency"),
    Metric("cost.total", "all costs less savings over the months of the plan", "currency"),
    Metric("cost.break_even_months", "months until savings cover what was spent", "months"),
    Metric("cost.covering_requests", "monthly requests whose savings cover operations", "requests"),
    Metric("cost.retraining_per_year", "expected retrainings in a year", "currency"),
    Metric("cost.review_baseline", "review effort in a month, baseline", "currency"),
    Metric("cost.review_tuned", "review effort in a month, tuned", "currency"),
)

POWER: Final = (
    Metric(
        "power.power",
        "chance that the holdout shows the lift of the plan",
        "ratio",
        "the holdout shows the lift of the plan with a chance of {value}",
    ),
    Metric("power.minimum_lift", "smallest lift seen with power .80", "score"),
    Metric("power.rows_needed", "holdout rows that show the lift with power .80"),
    Metric("power.rows", "holdout rows there are"),
    Metric("power.discordance", "assumed or measured share of discordant rows", "ratio"),
    Metric(
        "power.classes_under_minimum",
        "classes with too few rows to judge",
        "classes",
        "classes with too few rows to judge: {value}",
    ),
)

DRIFT: Final = (
    Metric("drift.labels", "distance of label shares, chance taken off", "ratio"),
    Metric("drift.labels_distance", "Jensen-Shannon distance of label shares", "ratio"),
    Metric("drift.labels_p_value", "that label shares are those of the reference", "ratio"),
    Metric("drift.new_classes", "classes never seen before", "classes"),
    Metric("drift.new_class_rows", "new rows of such classes"),
    Metric("drift.kinds", "distance of output kinds, chance taken off", "ratio"),
    Metric("drift.kinds_p_value", "that kinds are those of the reference", "ratio"),
    Metric("drift.lengths", "distance of length buckets, chance taken off", "ratio"),
    Metric("drift.lengths_p_value", "that lengths are those of the reference", "ratio"),
    Metric("drift.length_ks", "Kolmogorov-Smirnov distance of lengths", "ratio"),
    Metric("drift.domain_auc", "how well a classifier tells new texts from training", "ratio"),
    Metric("drift.domain_auc_error", "its standard error by chance alone", "ratio"),
    Metric("drift.novel_share", "new rows with no training row at J >= .5", "ratio"),
    Metric("drift.novelty", "the same less that of the holdout", "ratio"),
    Metric("drift.novelty_p_value", "that both shares are equal", "ratio"),
    Metric("drift.reference_rows", "rows of the reference"),
    Metric("drift.new_rows", "new rows"),
    Metric("drift.triggers", "triggers that fire", "triggers"),
)

MEASURES: Final[Mapping[str, tuple[Metric, ...]]] = MappingProxyType(
    {"lift": LIFT, "consistency": CONSISTENCY, "cost": COST, "power": POWER, "drift": DRIFT}
)
"""Measure → its metrics. What a check is to `scan`, a measure is to `compare` and `drift`."""


def measure_names() -> dict[str, tuple[str, ...]]:
    """Return measure → the names of its metrics."""
    return {id_: tuple(metric.name for metric in metrics) for id_, metrics in MEASURES.items()}
