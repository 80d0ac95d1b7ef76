"""The decision: pure, total, and the only place that says whether tuning may proceed.

The same function judges fresh results in `ftaudit scan` and recorded ones in `ftaudit gate`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Final, Literal, assert_never

from msgspec import Struct, field
from msgspec.structs import replace

from ftaudit.model.breach import UNREAD_ROWS, Breach
from ftaudit.model.declaration import CoverageDuty
from ftaudit.policy.policy import Limit, Policy, Vocabulary

State = Literal["completed", "skipped", "error"]

REQUIRED: Final = "FTA-REQUIRED"
"""Rule of breaches that say a check was not completed. Never waivable."""


class CheckOutcome(Struct, frozen=True):
    """How one check ended, and what it measured."""

    check: str
    state: State
    reason: str = ""
    applicable: bool = True
    """Of a skipped check: whether the data could have been checked."""
    metrics: Mapping[str, int | float] = field(default_factory=dict)
    seen: Mapping[str, int] = field(default_factory=dict)
    """Of a completed check: rows mapped per split."""


class Waiver(Struct, frozen=True):
    """A verified, unexpired permission to exceed one rule up to a ceiling."""

    id: str
    rule: str
    ceiling: float
    """The value up to which (for a minimum: down to which) the breach is accepted."""


class Evidence(Struct, frozen=True):
    """Everything a verdict rests on."""

    outcomes: tuple[CheckOutcome, ...]
    rows: Mapping[str, int]
    """Rows there are, per split."""
    coverage: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """What was searched for, by the name of the list, such as `entities_searched`."""
    sampled: bool = False
    waivers: tuple[Waiver, ...] = ()


class Owners(Struct, frozen=True):
    """Which check answers for what the policy asks."""

    metrics: Mapping[str, str] = field(default_factory=dict)
    """Metric of every rule → the check that measures it; a family member that a completed check
    did not report is 0, marked by a trailing `*` on the check's id."""
    duties: Mapping[str, tuple[CoverageDuty, ...]] = field(default_factory=dict)
    """Check id → the coverage that the policy may require of it."""


class Verdict(Struct, frozen=True):
    """Pass when no breach stands unwaived and no check broke."""

    breaches: tuple[Breach, ...] = ()
    """Blocking rules exceeded; those with a waiver do not block."""
    warnings: tuple[Breach, ...] = ()
    errors: tuple[str, ...] = ()
    """Checks that broke."""

    @property
    def passed(self) -> bool:
        """Whether tuning may proceed."""
        return not self.errors and all(b.waiver for b in self.breaches)

    @property
    def exit_code(self) -> int:
        """0 may proceed, 1 the gate blocks, 3 a check could not be completed."""
        unread = any(b.rule == UNREAD_ROWS for b in self.breaches)
        return 3 if self.errors or unread else 0 if self.passed else 1

    def status(self, outcome: CheckOutcome) -> str:
        """Return what the manifest calls the check: its state, or how its metrics fared."""
        if outcome.state != "completed":
            return "error" if outcome.state == "error" else "skipped"
        standing = [b.check for b in self.breaches if not b.waiver]
        if outcome.check in standing:
            return "failed"
        return "warned" if outcome.check in [b.check for b in self.warnings] else "passed"


def decide(evidence: Evidence, policy: Policy, owners: Owners) -> Verdict:
    """Hold the evidence to the policy. Unknown is never a pass.

    Args:
        evidence: how every check ended, and what there is.
        policy: what is acceptable.
        owners: which check answers for what the policy asks.
    """
    by_check = {outcome.check: outcome for outcome in evidence.outcomes}
    unanswered = [
        *_incomplete(by_check, evidence, policy),
        *_unsearched(by_check, evidence, policy, owners),
    ]
    limits: list[tuple[str, Breach]] = []
    for rule, limit in policy.rules.items():
        breach = _exceeded(rule, limit, by_check, owners.metrics)
        if breach is not None and limit.severity != "off":
            scaled = _to_scale(breach, limit, sum(evidence.rows.values()))
            limits.append((limit.severity, _waived(scaled, limit, evidence.waivers)))
    limits = list(_unsaid(limits, policy))
    blocking = [*unanswered, *(b for severity, b in limits if severity == "block")]
    warnings = [b for severity, b in limits if severity == "warn"]
    if policy.mode == "report":
        blocking, warnings = [], [*blocking, *warnings]
    blocking = [*_unread(evidence, policy), *blocking]
    errors = tuple(o.check for o in evidence.outcomes if o.state == "error")
    return Verdict(tuple(blocking), tuple(warnings), errors)


def _readable(evidence: Evidence) -> Mapping[str, int]:
    """Return the rows of every split that can be read: as many as some check saw.

    Where one check alone says that it did not see all rows, the check is at fault, not the data.
    """
    seen = _seen(evidence)
    return evidence.rows if len(seen) < 2 else _most(seen, evidence)


def _seen(evidence: Evidence) -> Sequence[Mapping[str, int]]:
    return [o.seen for o in evidence.outcomes if o.state == "completed" and o.seen]


def _most(seen: Sequence[Mapping[str, int]], evidence: Evidence) -> Mapping[str, int]:
    return {split: max(rows.get(split, 0) for rows in seen) for split in evidence.rows}


def _unread(evidence: Evidence, policy: Policy) -> Iterator[Breach]:
    """Yield a breach for every split of which no check saw all rows.

    A single check that did not see all rows blocks already where the policy requires it.
    """
    seen = _seen(evidence)
    completed = {o.check for o in evidence.outcomes if o.state == "completed"}
    blocks = policy.mode != "report" and completed <= {*policy.required}
    single = len(seen) == 1 and not blocks
    for split, readable in (_most(seen, evidence) if single else _readable(evidence)).items():
        if readable < (rows := evidence.rows[split]):
            message = f"{rows - readable:,} of {rows:,} {split} rows cannot be read"
            yield Breach(
                UNREAD_ROWS, "", message, fix="Correct them, or remove them from the data."
            )


def _incomplete(
    by_check: Mapping[str, CheckOutcome], evidence: Evidence, policy: Policy
) -> Iterator[Breach]:
    """Yield a breach for every required check that does not stand on every row."""
    for check in (*policy.required, *policy.required_if_applicable):
        outcome = by_check.get(check)
        excused = check not in policy.required
        if outcome is None:
            yield _not_completed(check, "it was not run")
            continue
        match outcome.state:
            case "error":
                yield _not_completed(check, f"it broke ({outcome.reason})")
            case "skipped":
                if outcome.applicable or not excused:
                    yield _not_completed(check, f"it was skipped: {outcome.reason}")
            case "completed":
                for split, rows in _readable(evidence).items():
                    if outcome.seen.get(split, 0) != rows:
                        seen = f"{outcome.seen.get(split, 0):,} of {rows:,} {split} rows"
                        yield _not_completed(check, f"it saw {seen}")
                if evidence.sampled:
                    yield _not_completed(check, "it ran on a sample")
            case _:
                assert_never(outcome.state)


def _not_completed(check: str, reason: str) -> Breach:
    message = f"the required check {check} was not completed: {reason}"
    return Breach(REQUIRED, check, message, fix="Let the check run on all of the data.")


def _unsearched(
    by_check: Mapping[str, CheckOutcome], evidence: Evidence, policy: Policy, owners: Owners
) -> Iterator[Breach]:
    """Yield a breach for every name that the policy requires a search for, and none was made.

    Where the check that owes the search is required itself and was not completed, that breach says
    it all. Names that no check owes are unanswered, too.
    """
    required = policy.required_coverage()
    for check, duties in owners.duties.items():
        outcome = by_check.get(check)
        excused = check in policy.required and (outcome is None or outcome.state != "completed")
        for duty in duties:
            searched = evidence.coverage.get(duty.coverage, frozenset())
            for name in required.pop(duty.section, ()):
                if not excused and name not in searched:
                    yield _not_searched(check, duty, name)
    for section, names in required.items():
        if names:
            message = f"{section}.require of the policy asks for what no check searches for"
            yield Breach(REQUIRED, "", message, fix="Install the check that searches for it.")


def _not_searched(check: str, duty: CoverageDuty, name: str) -> Breach:
    return Breach(
        duty.rule,
        check,
        duty.unmet.format(name=name),
        metric=duty.metric.replace("*", name),
        fix=duty.remedy,
    )


def _exceeded(
    rule: str, limit: Limit, by_check: Mapping[str, CheckOutcome], owners: Mapping[str, str]
) -> Breach | None:
    """Return the breach of one rule, or None when it holds or its check did not complete.

    A check that did not complete is judged by `_incomplete`, not by its missing metrics.
    """
    owner = owners.get(limit.metric, "")
    check = owner.removesuffix("*")
    outcome = by_check.get(check)
    if outcome is None or outcome.state != "completed":
        return None
    value = outcome.metrics.get(limit.metric, 0 if owner.endswith("*") else None)
    bound = limit.max if limit.max is not None else limit.min
    if value is None:
        if limit.if_measured:
            return None
        message = f"{limit.metric} was not measured"
        return Breach(rule, check, message, limit.metric, why=limit.why, fix=limit.fix)
    if not limit.breached(value):
        return None
    side = "above" if limit.max is not None else "below"
    message = f"{limit.metric} is {_shown(value)}, {side} the limit of {_shown(bound)}"
    return Breach(rule, check, message, limit.metric, value, bound, why=limit.why, fix=limit.fix)


_NEARLY_ALL: Final = 0.9
"""Share of the rows from which a remedy for single rows fits no more."""


def _to_scale(breach: Breach, limit: Limit, rows: int) -> Breach:
    """Return the breach with the remedy for all rows, where nearly all are beyond the limit."""
    nearly_all = breach.value is not None and rows > 1 and breach.value >= _NEARLY_ALL * rows
    return replace(breach, fix=limit.fix_all) if limit.fix_all and nearly_all else breach


def _unsaid(limits: Sequence[tuple[str, Breach]], policy: Policy) -> Iterator[tuple[str, Breach]]:
    """Yield the breaches that no other says: one that stands, and is as severe."""
    standing = {breach.rule: severity for severity, breach in limits if not breach.waiver}
    for severity, breach in limits:
        explained = standing.get(policy.rules[breach.rule].unless)
        if explained is None or (severity == "block" and explained != "block"):
            yield severity, breach


def _waived(breach: Breach, limit: Limit, waivers: Iterable[Waiver]) -> Breach:
    """Attach the first waiver that covers the breach, if the rule may be waived at all."""
    if not limit.waivable or breach.value is None:
        return breach
    for waiver in waivers:
        beyond = (
            breach.value > waiver.ceiling
            if limit.max is not None
            else breach.value < waiver.ceiling
        )
        if waiver.rule == breach.rule and not beyond:
            return replace(breach, waiver=waiver.id)
    return breach


def _shown(value: float | None) -> str:
    if value is None:
        return "?"
    return f"{int(value):,}" if value == int(value) else f"{value:.6g}"


def owners(policy: Policy, vocabulary: Vocabulary) -> Owners:
    """Return which check answers for every metric and every search that the policy asks for."""
    measured_by: dict[str, str] = {}
    for limit in policy.rules.values():
        for check, names in vocabulary.metrics.items():
            if limit.metric in names:
                measured_by[limit.metric] = check
            elif any("*" in name and fnmatchcase(limit.metric, name) for name in names):
                measured_by.setdefault(limit.metric, f"{check}*")
    return Owners(measured_by, vocabulary.duties)
