"""An evaluation in words and in geometry: what its page, its Markdown and its console share.

Everything derives from the statement, so that a stored evaluation is rendered as a fresh one.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from msgspec import Struct

from ftaudit.model.finding import counted
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

READINGS: Final = {
    "strict": "as scored",
    "lenient": "read leniently",
    "without leaked rows": "without leaked rows",
    "leaked rows": "on leaked rows alone",
    "without reworded rows": "without leaked and reworded rows",
}

CERTAIN: Final = 0.05
"""Adjusted p-value up to which a class got worse beyond chance over all of them."""


class ChangeExcerpt(Struct, frozen=True):
    """A row that was fixed or broken, masked, not yet escaped for any format."""

    change: str
    group: str
    place: str
    input: str
    reference: str
    baseline: str
    tuned: str


class LaunchVerdict(Struct, frozen=True):
    """The verdict in words."""

    passed: bool
    word: str
    headline: str
    """The lift, and the classes that lost."""
    meaning: str
    """What to do."""


class IntervalBar(Struct, frozen=True):
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


class ViolationBar(Struct, frozen=True):
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
    ends = f"({points_of(lift.lower)} to {points_of(lift.upper)})"
    size = f"{points_of(abs(lift.difference))} points {ends}"
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


def points_of(value: float) -> str:
    """Return a share as percentage points: `14.3`."""
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


class _Estimate(Struct, frozen=True):
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
