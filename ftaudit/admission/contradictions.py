"""Hold a manifest against itself: what an honest audit can never have written.

Not a substitute for a signature, which alone proves who wrote it; but a count, a share or a
verdict that was edited by hand, or by a bug, contradicts the rest and is refused.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Final, assert_never

from ftaudit.model.breach import Breach
from ftaudit.model.check import Check
from ftaudit.model.dataset import TRAIN
from ftaudit.model.declaration import (
    AtMost,
    FindingsTotal,
    Invariant,
    RowsAmong,
    ShareOf,
    declaration,
)
from ftaudit.model.rfc3339 import instant
from ftaudit.policy.decision import (
    CheckOutcome,
    Evidence,
    State,
    Verdict,
    Waiver,
    decide,
    owners,
)
from ftaudit.policy.policy import Policy, Vocabulary
from ftaudit.wire.manifest import BreachRecord, CheckRecord, Manifest

SLACK: Final = 1e-6
"""How far a recorded share may be from its count over its rows: shares are rounded."""


def contradictions(manifest: Manifest, checks: Mapping[str, type[Check]]) -> list[str]:
    """Return every way in which a manifest contradicts itself; none for an honest one.

    Args:
        manifest: the manifest.
        checks: the checks that are installed, whose invariants its numbers are held to.
    """
    invariants = {id_: declaration(check).invariants for id_, check in checks.items()}
    return list(
        chain(
            _subjects(manifest),
            _times(manifest),
            _rows(manifest),
            _metrics(manifest, list(chain.from_iterable(invariants.values()))),
            _findings(manifest, invariants),
            _verdict(manifest),
        )
    )


def contradicts_policy(manifest: Manifest, policy: Policy, vocabulary: Vocabulary) -> list[str]:
    """Return how the recorded verdict differs from what the policy it names decides.

    Args:
        manifest: the manifest.
        policy: the very policy under which it was made, in effect.
        vocabulary: what the checks measure and owe.
    """
    again = decide(evidence(manifest), policy, owners(policy, vocabulary))
    gate = manifest.predicate.gate
    pairs = (
        ("breaches", gate.breaches, again.breaches),
        ("warnings", gate.warnings, again.warnings),
    )
    return [
        f"the recorded {kind} are not those that the recorded policy decides: {_first(odd)}"
        for kind, recorded, decided in pairs
        if (odd := {_key(r) for r in recorded} ^ {_key(b) for b in decided})
    ]


def evidence(manifest: Manifest, waivers: Sequence[Waiver] = ()) -> Evidence:
    """Return what a manifest recorded, as the decision takes it."""
    predicate = manifest.predicate
    return Evidence(
        outcomes=tuple(map(outcome, predicate.checks)),
        rows={split: rows.total for split, rows in predicate.coverage.rows.items()},
        coverage=predicate.coverage.lists(),
        sampled=predicate.coverage.sampled,
        waivers=tuple(waivers),
    )


def outcome(check: CheckRecord) -> CheckOutcome:
    """Return how a recorded check ended."""
    state: State = check.status if check.status in {"skipped", "error"} else "completed"
    return CheckOutcome(
        check.id, state, check.reason, check.applicable, check.metrics, check.rows_seen
    )


def _subjects(manifest: Manifest) -> Iterator[str]:
    subjects = [subject.name for subject in manifest.subject]
    inputs = [file.name for file in manifest.predicate.inputs]
    if sorted(subjects) != sorted(inputs):
        yield "its subjects are not its inputs"
    if len(set(subjects)) != len(subjects):
        yield "a subject stands twice"
    if TRAIN not in {file.role for file in manifest.predicate.inputs}:
        yield "it is about no training data"
    if not all(re.fullmatch("[0-9a-f]{64}", s.digest.sha256) for s in manifest.subject):
        yield "a subject's digest is no SHA-256"


def _times(manifest: Manifest) -> Iterator[str]:
    predicate = manifest.predicate
    created, expires = instant(predicate.time_created), instant(predicate.expires)
    if created is None or expires is None:
        yield "its times are not RFC 3339"
    elif expires < created:
        yield "it expires before it was created"


def _rows(manifest: Manifest) -> Iterator[str]:
    """Compare the rows of files, of the coverage, and those that every check saw."""
    predicate = manifest.predicate
    covered = predicate.coverage.rows
    counted = {
        split: sum(file.rows for file in predicate.inputs if file.role == split)
        for split in {file.role for file in predicate.inputs}
    }
    if counted != {split: rows.total for split, rows in covered.items()}:
        yield "the rows it covers are not those of its files"
    for split, rows in covered.items():
        if not 0 <= rows.seen <= rows.total:
            yield f"it saw {rows.seen:,} of {rows.total:,} {split} rows"
        for check in predicate.checks:
            seen = check.rows_seen.get(split)
            if seen is not None and not rows.seen <= seen <= rows.total:
                counts = f"{seen:,} {split} rows, the coverage says {rows.seen:,} of {rows.total:,}"
                yield f"the check {check.id} saw {counts}"


def _metrics(manifest: Manifest, invariants: Sequence[Invariant]) -> Iterator[str]:
    """Yield the metrics that break what the checks declare of them."""
    metrics = _measured(manifest)
    rows = {split: r.total for split, r in manifest.predicate.coverage.rows.items()}
    for name, value in metrics.items():
        if value < 0:
            yield f"{name} is negative"
    for invariant in invariants:
        yield from _broken(invariant, metrics, rows)


def _broken(
    invariant: Invariant, metrics: Mapping[str, int | float], rows: Mapping[str, int]
) -> Iterator[str]:
    """Say how the metrics break one invariant, where all that it speaks of was measured."""
    match invariant:
        case AtMost(smaller, larger):
            if smaller in metrics and metrics[smaller] > metrics.get(larger, math.inf):
                less = f"{metrics[smaller]:,} and {larger} only {metrics[larger]:,}"
                yield f"{smaller} is {less}"
        case RowsAmong(count, splits):
            total = sum(rows.get(split, 0) for split in splits)
            if count in metrics and metrics[count] > total:
                yield f"{count} is {metrics[count]:,} of {total:,} rows"
        case ShareOf(share, count, splits):
            total = sum(rows.get(split, 0) for split in splits)
            if share in metrics and count in metrics and total:
                exact = metrics[count] / total
                if abs(metrics[share] - exact) > SLACK:
                    yield f"{share} is {metrics[share]:.6g}, its counts give {exact:.6g}"
        case FindingsTotal():
            pass  # held against the findings of its own check, by `_findings`
        case _:
            assert_never(invariant)


def _measured(manifest: Manifest) -> dict[str, int | float]:
    return {k: v for check in manifest.predicate.checks for k, v in check.metrics.items()}


def _findings(manifest: Manifest, invariants: Mapping[str, Sequence[Invariant]]) -> Iterator[str]:
    """Compare the counted findings of every check with its metrics."""
    ids = [check.id for check in manifest.predicate.checks]
    if len(set(ids)) != len(ids):
        yield "a check stands twice"
    for check in manifest.predicate.checks:
        counts = {entry.rule: entry.count for entry in check.findings}
        if check.status in {"skipped", "error"} and (counts or check.metrics or check.rows_seen):
            yield f"the check {check.id} did not complete, and has results"
        if min(counts.values(), default=1) < 1:
            yield f"the check {check.id} counts less than one finding"
        total = sum(entry.count for entry in check.findings)
        totals = [i.metric for i in invariants.get(check.id, ()) if isinstance(i, FindingsTotal)]
        if any(check.metrics.get(metric, total) != total for metric in totals):
            yield f"the check {check.id} lists {total:,} findings and measures another number"
        yield from _contradicted(check, counts)


def _contradicted(check: CheckRecord, counts: Mapping[str, int]) -> Iterator[str]:
    """Yield the rules with findings whose own metric is zero."""
    for rule in counts:
        for metric in (rule, f"{rule}_rows", f"{rule}.findings"):
            if check.metrics.get(metric, 1) == 0:
                yield f"there are findings of {rule}, and {metric} is 0"


def _verdict(manifest: Manifest) -> Iterator[str]:
    """Compare the verdict with the breaches, and both with the checks."""
    gate = manifest.predicate.gate
    recorded = Verdict(
        tuple(record.breach() for record in gate.breaches),
        tuple(record.breach() for record in gate.warnings),
        tuple(gate.errors),
    )
    if (gate.verdict == "PASSED") != recorded.passed:
        yield f"its verdict is {gate.verdict}, which its own breaches and errors contradict"
    if sorted(gate.errors) != sorted(
        c.id for c in manifest.predicate.checks if c.status == "error"
    ):
        yield "the errors of its verdict are not those of its checks"
    if set(gate.waivers) != {b.waiver for b in gate.breaches if b.waiver}:
        yield "the waivers of its verdict are not those of its breaches"
    for check in manifest.predicate.checks:
        if recorded.status(outcome(check)) != check.status:
            yield f"the check {check.id} is {check.status}, which the verdict contradicts"
    yield from _values(manifest, [*gate.breaches, *gate.warnings])


def _values(manifest: Manifest, breaches: Iterable[BreachRecord]) -> Iterator[str]:
    """Yield the breaches whose value is not what their check measured."""
    checks = {check.id: check for check in manifest.predicate.checks}
    for breach in breaches:
        if breach.value is None or breach.check not in checks:
            continue
        measured = checks[breach.check].metrics.get(breach.metric, 0)
        if measured != breach.value:
            yield f"the breach of {breach.rule} says {breach.value:g}, the check {measured:g}"
        if breach.value == breach.limit:
            yield f"the breach of {breach.rule} is none: its value is its limit"


def _key(breach: Breach | BreachRecord) -> tuple[str, str, str, str, str]:
    value, limit = (str(float(n)) if n is not None else "" for n in (breach.value, breach.limit))
    return breach.rule, breach.check, breach.metric, value, limit


def _first(odd: set[tuple[str, str, str, str, str]]) -> str:
    return min(odd)[0]
