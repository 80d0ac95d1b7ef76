"""What a launch rests on, as claims that are shown, refuted or not shown."""

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from ftaudit.evaluation.comparison import ModelComparison
from ftaudit.evaluation.consistency import ViolationLift
from ftaudit.evaluation.cost_model import CostAssessment
from ftaudit.evaluation.group_lifts import GroupLift, standing_of
from ftaudit.evaluation.lift_estimate import LiftEstimate
from ftaudit.model.statistics.interval import Interval
from ftaudit.model.statistics.paired_intervals import tango
from ftaudit.model.statistics.standing import Standing

NAMES_LISTED: Final = 6


class LaunchClaim(Struct, frozen=True):
    """A claim, whether it is shown, and the numbers behind it in words."""

    id: str
    standing: Standing
    text: str


def launch_claims(comparison: ModelComparison) -> Iterator[LaunchClaim]:
    """Yield every claim that the results speak to."""
    minimum = comparison.request.plan.target.minimum_lift or 0.0
    for against in comparison.comparisons:
        estimate = against.estimate
        yield LaunchClaim(
            f"better than {against.answers.model}",
            _lift_standing(estimate, against.p_value, comparison, 0.0),
            f"{in_points(estimate)} better than {against.answers.model}",
        )
    if minimum:
        best = comparison.best
        yield LaunchClaim(
            "better by the target",
            _lift_standing(best.estimate, best.p_value, comparison, minimum),
            f"a lift of at least {points(minimum)} points over the best baseline",
        )
    if comparison.lenient is not None:
        estimate = comparison.lenient
        text = f"{in_points(estimate)} better when answers are read leniently"
        yield LaunchClaim("better beyond format", estimate.standing(), text)
    if comparison.leaked is not None and comparison.leaked.rows:
        estimate = comparison.leaked.without
        text = f"{in_points(estimate)} better without {comparison.leaked.rows:,} leaked rows"
        yield LaunchClaim("better without leaked rows", estimate.standing(), text)
    if comparison.leaked is not None and comparison.leaked.without_reworded is not None:
        estimate, reworded = comparison.leaked.without_reworded, comparison.leaked.reworded
        rows = f"{reworded:,} rows that training says in other words"
        text = f"{in_points(estimate)} better without leaked rows and {rows}"
        yield LaunchClaim("better without reworded rows", estimate.standing(), text)
    if comparison.groups:
        yield _no_class_worse(comparison.groups, comparison.margin)
    for lift in comparison.violations:
        if ":" not in lift.rule:
            yield _fewer_violations(lift)
    yield from _cost_claims(comparison.cost)


def _lift_standing(
    estimate: LiftEstimate, p_value: float, comparison: ModelComparison, minimum: float
) -> Standing:
    """Return the standing of a lift; with several baselines the adjusted test must agree."""
    standing = estimate.standing(minimum)
    alpha = 1 - comparison.request.plan.confidence
    if len(comparison.comparisons) > 1 and standing is Standing.SHOWN and p_value > alpha:
        return Standing.NOT_SHOWN
    return standing


def _no_class_worse(groups: Sequence[GroupLift], margin: float) -> LaunchClaim:
    worse = [group for group in groups if group.is_worse]
    alone = [group for group in groups if group.is_open and group.standing is Standing.REFUTED]
    unknown = [group for group in groups if group.is_open and group.standing is Standing.NOT_SHOWN]
    others = len(groups) - len(worse) - len(alone) - len(unknown)
    text = f"no class worse by more than {points(margin)} points: {others:,} shown"
    if worse:
        text += f"; worse: {_listed(worse)}"
    if alone:
        text += f"; worse on its own, but not beyond chance over all classes: {_listed(alone)}"
    if unknown:
        text += f"; too few rows to tell: {_listed(unknown)}"
    return LaunchClaim("no class worse", standing_of(groups), text)


def _listed(groups: Sequence[GroupLift]) -> str:
    names = [group.name for group in groups[:NAMES_LISTED]]
    more = len(groups) - len(names)
    return ", ".join(names) + (f" and {more:,} more" if more else "")


def _fewer_violations(lift: ViolationLift) -> LaunchClaim:
    interval = tango(lift.counts)
    standing = _standing(interval)
    text = (
        f"fewer violations of {lift.rule} rules: {lift.baseline:,} before, {lift.tuned:,} after "
        f"({lift.removed:,} removed, {lift.introduced:,} introduced)"
    )
    return LaunchClaim(f"fewer {lift.rule} violations", standing, text)


def _standing(interval: Interval) -> Standing:
    if interval.lower > 0:
        return Standing.SHOWN
    return Standing.REFUTED if interval.upper < 0 else Standing.NOT_SHOWN


def _cost_claims(cost: CostAssessment) -> Iterator[LaunchClaim]:
    forecast, unit = cost.forecast, cost.currency
    if forecast is None:
        if "does not say" not in cost.reason:
            yield LaunchClaim("pays off", Standing.NOT_SHOWN, f"pays off: {cost.reason}")
        return
    pays = forecast.total < 0
    months = forecast.break_even_months
    even = f"breaks even after {months:.1f} months" if months is not None else "never breaks even"
    text = (
        f"pays off within {forecast.months} months: {even}, balance then "
        f"{-forecast.total:+,.2f} {unit}".rstrip()
    )
    yield LaunchClaim("pays off", Standing.SHOWN if pays else Standing.REFUTED, text)


def points(value: float) -> str:
    """Return a difference of scores in points of 100."""
    return f"{100 * value:.1f}"


def in_points(estimate: LiftEstimate) -> str:
    """Return a lift with its interval: `14.3 points (12.7 to 15.9)`."""
    ends = f"{points(estimate.interval.lower)} to {points(estimate.interval.upper)}"
    return f"{points(estimate.difference)} points ({ends})"
