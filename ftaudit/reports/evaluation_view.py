"""An evaluation in words and in geometry: what its page, its Markdown and its console share.

Everything derives from the statement, so that a stored evaluation is rendered as a fresh one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from ftaudit.model.finding import counted
from ftaudit.model.statistics.paired_power import POWER, normal_power, rows_needed
from ftaudit.reports.limits import breach_sentence
from ftaudit.wire.evaluation_statement import (
    EvaluationPredicate,
    EvaluationStatement,
    GroupRecord,
    LiftRecord,
)

NAMES: Final = 5
"""Classes named in a sentence."""
LEADING: Final = 12
"""Classes shown of either end before the others are folded away."""
WIDTH: Final = 1_000.0
"""Width of every drawing; stretched to the page."""
HEIGHT: Final = 240.0

READINGS: Final = {
    "strict": "as scored",
    "lenient": "read leniently",
    "without leaked rows": "without leaked rows",
    "leaked rows": "on leaked rows alone",
    "without reworded rows": "without leaked and reworded rows",
}

CERTAIN: Final = 0.05
"""Adjusted p-value up to which a class got worse beyond chance over all of them."""


@dataclass(frozen=True)
class ChangeExcerpt:
    """A row that was fixed or broken, masked, not yet escaped for any format."""

    change: str
    group: str
    place: str
    input: str
    reference: str
    baseline: str
    tuned: str


@dataclass(frozen=True)
class LaunchVerdict:
    """The verdict in words."""

    passed: bool
    word: str
    headline: str
    """The lift, and the classes that lost."""
    meaning: str
    """What to do."""


@dataclass(frozen=True)
class IntervalBar:
    """An interval as it is drawn beside its name. Coordinates run from 0 to `WIDTH`."""

    name: str
    tone: str
    """`good`, `bad`, `unknown`, or `plain`: no worse, and not shown to be better."""
    low: float
    high: float
    middle: float
    zero: float
    words: str
    """The numbers: `+14.3 (+12.7 to +15.9)`."""
    note: str = ""


@dataclass(frozen=True)
class Curve:
    """A line over a range, and a point on it."""

    points: str
    """For `polyline`: pairs of coordinates in `WIDTH` by `HEIGHT`."""
    marker: tuple[float, float] | None
    level: float | None
    """Height of a horizontal line worth comparing with."""
    ticks: tuple[str, ...]
    """Labels along the range, evenly spaced."""
    top: str
    bottom: str
    caption: str


@dataclass(frozen=True)
class ViolationBar:
    """Violations of one rule before and after, as shares of the larger."""

    rule: str
    baseline: int
    tuned: int
    removed: int
    introduced: int
    before: float
    """Length of the bar in [0, `WIDTH`]."""
    after: float


def launch_verdict(statement: EvaluationStatement) -> LaunchVerdict:
    """Return the verdict: the lift with its interval, and what got worse."""
    predicate = statement.predicate
    passed = predicate.gate.verdict == "PASSED"
    standing = [b for b in predicate.gate.breaches if b.waiver is None]
    if predicate.incomplete:
        meaning = f"Nothing can be said yet: {predicate.incomplete[0]}."
    elif passed:
        meaning = "The results show what the policy asks for a launch."
    elif standing:
        more = f" (and {len(standing) - 1} more)" if len(standing) > 1 else ""
        reason = breach_sentence(standing[0]).removesuffix(".")
        meaning = f"Not to be launched as it is: {reason}{more}."
    else:
        meaning = ""
    word = "INCOMPLETE" if predicate.incomplete else "PASSED" if passed else "BLOCKED"
    return LaunchVerdict(
        passed, word, f"{_lift_words(predicate)}{_class_words(predicate)}.", meaning
    )


def _lift_words(predicate: EvaluationPredicate) -> str:
    best = predicate.comparisons[0]
    lift = best.lifts[0]
    ends = f"({_points(lift.lower)} to {_points(lift.upper)})"
    size = f"{_points(abs(lift.difference))} points {ends}"
    if best.standing == "shown":
        return f"The tuned model is better by {size}"
    if lift.upper < 0:
        return f"The tuned model is worse by {size}"
    words = f"The results do not show that the tuned model is better: {_signed(lift.difference)}"
    return f"{words} points {ends}"


def _class_words(predicate: EvaluationPredicate) -> str:
    groups = worse_groups(predicate.groups)
    worse = [group for group in groups if group.worse <= CERTAIN]
    alone = [group for group in groups if group.worse > CERTAIN]
    unknown = [group for group in predicate.groups if group.standing == "not shown"]
    words = ""
    if worse:
        words += f"; {_classes(worse)} got worse: {names_of(worse)}"
    if alone:
        look = "looks worse on its own" if len(alone) == 1 else "look worse on their own"
        words += f"; {_classes(alone)} {look}: {names_of(alone)}"
    if predicate.groups and not groups:
        words += "; no class is shown to be worse"
    if unknown:
        words += f"; of {counted(len(unknown), 'class', 'classes')} the rows cannot tell"
    return words


def worse_groups(groups: Sequence[GroupRecord]) -> list[GroupRecord]:
    """Return the groups that got worse beyond chance, or by their interval."""
    return [group for group in groups if group.worse <= CERTAIN or group.standing == "refuted"]


def _classes(groups: Sequence[GroupRecord]) -> str:
    return f"{_spelled(len(groups))} {'class' if len(groups) == 1 else 'classes'}"


def names_of(groups: Sequence[GroupRecord]) -> str:
    """Return the names of the first few groups."""
    more = len(groups) - NAMES
    names = ", ".join(group.name for group in groups[:NAMES])
    return names + (f" and {more:,} more" if more > 0 else "")


def _spelled(count: int) -> str:
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    return words[count] if count < len(words) else f"{count:,}"


def _points(value: float) -> str:
    return f"{100 * value:.1f}"


def _signed(value: float) -> str:
    return f"{100 * value:+.1f}"


def lift_bars(predicate: EvaluationPredicate) -> list[IntervalBar]:
    """Return the lift over every baseline, and its other readings."""
    rows: list[tuple[str, LiftRecord]] = []
    for place, comparison in enumerate(predicate.comparisons):
        for lift in comparison.lifts:
            name = f"over {comparison.baseline}"
            suffix = READINGS[lift.reading]
            rows.append((name if lift.reading == "strict" and place else f"{name}, {suffix}", lift))
    return _bars(
        _Estimate(name, lift.lower, lift.upper, lift.difference, _lift_note(lift))
        for name, lift in rows
    )


def _lift_note(lift: LiftRecord) -> str:
    rows = f"{lift.pairs:,} rows"
    if lift.counts is None:
        return f"{rows}, {lift.method}"
    return f"{rows}: {lift.counts.fixed:,} fixed, {lift.counts.broken:,} broken"


def group_bars(predicate: EvaluationPredicate) -> tuple[list[IntervalBar], list[IntervalBar]]:
    """Return the groups, the worst first: those to see at once, and the others."""
    ordered = sorted(
        predicate.groups, key=lambda g: (g.standing == "shown", _group_lift(g), g.kind, g.name)
    )
    bars = _bars(
        _Estimate(
            group.name if group.kind == "class" else f"{group.kind}: {group.name}",
            group.lower,
            group.upper,
            _group_lift(group),
            f"{_pairs(group):,} rows: {group.counts.fixed:,} fixed, {group.counts.broken:,} broken",
            _group_tone(group),
        )
        for group in ordered
    )
    troubled = sum(group.standing != "shown" for group in ordered)
    first = max(LEADING, min(troubled, 2 * LEADING))
    if len(bars) <= first + 4:
        return bars, []
    return bars[:first], bars[first:]


def _group_tone(group: GroupRecord) -> str:
    """Return the colour of a group: what is shown to be no worse, but not better, is plain."""
    if group.standing == "refuted":
        return "bad"
    return "unknown" if group.standing == "not shown" else "good" if group.lower > 0 else "plain"


def _pairs(group: GroupRecord) -> int:
    counts = group.counts
    return counts.both + counts.fixed + counts.broken + counts.neither


def _group_lift(group: GroupRecord) -> float:
    rows = _pairs(group)
    return (group.counts.fixed - group.counts.broken) / rows if rows else 0.0


def _scale(ends: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return the range to draw: all intervals and zero, with some room."""
    low = min([0.0, *(lower for lower, _ in ends)])
    high = max([0.0, *(upper for _, upper in ends)])
    room = 0.04 * (high - low or 1.0)
    return low - room, high + room


@dataclass(frozen=True)
class _Estimate:
    """An interval to be drawn, in shares of 1."""

    name: str
    lower: float
    upper: float
    middle: float
    note: str
    tone: str = ""
    """Empty: by where the interval lies."""


def _bars(estimates: Iterable[_Estimate]) -> list[IntervalBar]:
    """Draw intervals on one scale."""
    drawn = list(estimates)
    low, high = _scale([(estimate.lower, estimate.upper) for estimate in drawn])

    def at(value: float) -> float:
        return round(WIDTH * (value - low) / (high - low), 2)

    return [
        IntervalBar(
            name=estimate.name,
            tone=estimate.tone or _tone(estimate.lower, estimate.upper),
            low=at(estimate.lower),
            high=at(estimate.upper),
            middle=at(estimate.middle),
            zero=at(0.0),
            words=(
                f"{_signed(estimate.middle)} "
                f"({_signed(estimate.lower)} to {_signed(estimate.upper)})"
            ),
            note=estimate.note,
        )
        for estimate in drawn
    ]


def _tone(lower: float, upper: float) -> str:
    return "good" if lower > 0 else "bad" if upper < 0 else "unknown"


def violation_bars(predicate: EvaluationPredicate) -> list[ViolationBar]:
    """Return violations before and after, kinds first and then single rules."""
    longest = max([1, *(v.both + v.removed + v.introduced for v in predicate.violations)])
    return [
        ViolationBar(
            rule=v.rule.replace(":", ": "),
            baseline=v.both + v.removed,
            tuned=v.both + v.introduced,
            removed=v.removed,
            introduced=v.introduced,
            before=round(WIDTH * (v.both + v.removed) / longest, 2),
            after=round(WIDTH * (v.both + v.introduced) / longest, 2),
        )
        for v in predicate.violations
    ]


def cost_curve(predicate: EvaluationPredicate) -> Curve | None:
    """Return the balance over months: what is saved less what is spent; None when unknown."""
    metrics = predicate.metrics
    if "cost.one_off" not in metrics or "cost.net_per_month" not in metrics:
        return None
    one_off, net = float(metrics["cost.one_off"]), float(metrics["cost.net_per_month"])
    even = metrics.get("cost.break_even_months")
    months = _horizon(predicate, None if even is None else float(even))
    ends = (-one_off, -one_off + net * months)
    low, high = min(0.0, *ends), max(0.0, *ends)
    span = (high - low) or 1.0

    def height(balance: float) -> float:
        return round(HEIGHT * (high - balance) / span, 2)

    at = None if even is None or float(even) > months else round(WIDTH * float(even) / months, 2)
    currency = _currency(predicate)
    return Curve(
        points=f"0,{height(ends[0])} {WIDTH:g},{height(ends[1])}",
        marker=None if at is None else (at, height(0.0)),
        level=height(0.0),
        ticks=tuple(f"{round(months * part / 4):,}" for part in range(5)),
        top=f"{high:+,.0f} {currency}".strip(),
        bottom=f"{low:+,.0f} {currency}".strip(),
        caption=_cost_words(predicate),
    )


def _horizon(predicate: EvaluationPredicate, even: float | None) -> int:
    cost = predicate.configuration.get("cost")
    planned = cost.get("months") if isinstance(cost, dict) else None
    months = planned if isinstance(planned, int) else 12
    if even is None:
        return months
    return max(months, ceil(even * 1.25)) if even <= 120 else months


def _currency(predicate: EvaluationPredicate) -> str:
    cost = predicate.configuration.get("cost")
    return str(cost.get("currency") or "") if isinstance(cost, dict) else ""


def _cost_words(predicate: EvaluationPredicate) -> str:
    metrics, unit = predicate.metrics, _currency(predicate)
    even = metrics.get("cost.break_even_months")
    words = (
        f"A request costs {metrics['cost.per_request_baseline']:.6f} before and "
        f"{metrics['cost.per_request_tuned']:.6f} after; {metrics['cost.savings_per_month']:,.2f} "
        f"{unit} are saved in a month, {metrics['cost.net_per_month']:,.2f} after operations. "
    ).replace("  ", " ")
    if even is None:
        return words + "Savings never cover what was spent."
    requests = metrics.get("cost.covering_requests")
    covered = f" Operations are covered from {requests:,.0f} requests a month." if requests else ""
    return f"{words}It breaks even after {even:,.1f} months.{covered}"


def power_curve(predicate: EvaluationPredicate) -> Curve | None:
    """Return the chance to see the measured lift by the number of rows; None when graded."""
    lift = predicate.comparisons[0].lifts[0]
    if lift.counts is None or not lift.difference:
        return None
    discordance = float(predicate.metrics["lift.discordance"])
    least = rows_needed(abs(lift.difference), discordance)
    rows = max(2 * least, 10)
    steps = [rows * step / 60 for step in range(61)]
    effect = float(predicate.metrics.get("lift.design_effect", 1.0)) or 1.0
    curve = [(n / rows, normal_power(n / effect, lift.difference, discordance)) for n in steps]
    points = " ".join(f"{round(WIDTH * x, 2):g},{round(HEIGHT * (1 - y), 2):g}" for x, y in curve)
    seen = normal_power(lift.pairs / effect, lift.difference, discordance)
    inside = lift.pairs <= rows
    marker = (
        (round(WIDTH * lift.pairs / rows, 2), round(HEIGHT * (1 - seen), 2)) if inside else None
    )
    caption = (
        f"A lift of {_points(abs(lift.difference))} points with {100 * discordance:.0f} % "
        f"discordant rows is seen four times in five by {ceil(least * effect):,} rows; this "
        f"holdout has {lift.pairs:,}."
    )
    return Curve(
        points=points,
        marker=marker,
        level=round(HEIGHT * (1 - POWER), 2),
        ticks=tuple(f"{round(rows * part / 4):,}" for part in range(5)),
        top="certain",
        bottom="never",
        caption=caption,
    )


def not_shown(predicate: EvaluationPredicate) -> Iterator[str]:
    """Yield what the results do not show, and what was not measured."""
    yield from predicate.incomplete
    for claim in predicate.claims:
        if claim.standing == "not shown":
            yield f"not shown: {claim.text}"
    yield from unmeasured(predicate)


def unmeasured(predicate: EvaluationPredicate) -> Iterator[str]:
    """Yield what was not measured, and what makes the measured look better than it is."""
    for measure in predicate.measures:
        if measure.state == "skipped":
            yield f"{measure.id} was not measured: {measure.reason}"
    if predicate.audit is None:
        yield "the holdout was not compared with an audit: leaked rows are unknown (--manifest)"
    if not predicate.violations:
        yield "no rules of outputs were given: format and policy violations are unknown (--outputs)"
    if predicate.uses > 1:
        yield (
            f"this holdout has judged {predicate.uses:,} tuned models: the best of them looks "
            "better than it is"
        )
