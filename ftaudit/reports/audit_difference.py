"""The difference of two audits: what got better, worse, newly checked or no longer checked.

A breach is new when the old audit had none of its rule, metric and check, or when its value is
farther beyond the limit than it was: so a line can be held on data that is not clean yet. So are
new findings of a check that blocks as before, though as many others are gone. A check that was
required and could no longer be completed is never taken for an improvement.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import polars as pl
from msgspec import Struct

from ftaudit.model.finding import Severity
from ftaudit.wire.manifest import BreachRecord, FindingCount, Manifest

COMPLETED: Final = ("passed", "warned", "failed")
"""States of a check that ran to its end."""
_ROUNDING: Final = 1e-9
"""Ratios are recorded with nine decimals."""


class CountChange(Struct, frozen=True):
    """Findings of one rule in both audits."""

    rule: str
    title: str
    old: int
    new: int


class BreachChange(Struct, frozen=True):
    """A breach as each audit has it; None in one that lacks it."""

    old: BreachRecord | None
    new: BreachRecord | None

    @property
    def is_worse(self) -> bool:
        """Whether only the newer audit has it, or has it farther beyond the limit."""
        if self.new is None:
            return False
        return self.old is None or _excess(self.new) > _excess(self.old) + _ROUNDING

    @property
    def breach(self) -> BreachRecord:
        """The breach as the newer audit has it, else as the older one has it."""
        latest = self.new or self.old
        assert latest is not None  # noqa: S101 - one of the audits has it
        return latest


class AuditDifference(Struct, frozen=True):
    """How the newer of two audits differs."""

    verdicts: tuple[str, str]
    new_breaches: tuple[BreachChange, ...]
    """Those that block and that the old audit lacks, or that got worse."""
    kept_breaches: tuple[BreachChange, ...]
    """Those that block still, no worse than before."""
    gone_breaches: tuple[BreachChange, ...]
    new_warnings: tuple[BreachChange, ...]
    gone_warnings: tuple[BreachChange, ...]
    more: tuple[CountChange, ...]
    """Rules with more findings than before."""
    fewer: tuple[CountChange, ...]
    newly_checked: tuple[str, ...]
    no_longer_checked: tuple[str, ...]
    new_errors: tuple[str, ...]
    """Required checks that could not be completed, and could before."""
    remarks: tuple[str, ...]
    """Why numbers of the two may not mean the same."""
    new_rows: pl.DataFrame | None = None
    """Findings that only the newer audit has (`finding.FINDINGS`); None: that cannot be told."""

    @property
    def blocking_rows(self) -> pl.DataFrame | None:
        """Those of the new findings that are of a check which blocks; notes (`info`) are not."""
        if self.new_rows is None:
            return None
        changes = (*self.new_breaches, *self.kept_breaches)
        checks = {change.breach.check for change in changes}
        blocking = pl.col("check").is_in(sorted(checks)) & (pl.col("severity") != Severity.INFO)
        return self.new_rows.filter(blocking)

    @property
    def exit_code(self) -> int:
        """3 a required check could not be completed any more, 1 something that blocks is new."""
        if self.new_errors:
            return 3
        rows = self.blocking_rows
        return int(bool(self.new_breaches) or (rows is not None and rows.height > 0))


def difference(
    old: Manifest, new: Manifest, rows: pl.DataFrame | None = None, obstacle: str = ""
) -> AuditDifference:
    """Return how the audit `new` differs from the audit `old`.

    Args:
        old: the older audit.
        new: the newer one.
        rows: findings that only the newer one has; None: that cannot be told.
        obstacle: why it cannot be told.
    """
    before, after = old.predicate, new.predicate
    breaches = _changes(_blocking(before.gate.breaches), _blocking(after.gate.breaches))
    warnings = _changes(before.gate.warnings, after.gate.warnings)
    counts = tuple(_counts(old, new))
    done = [{r.id for r in m.predicate.checks if r.status in COMPLETED} for m in (old, new)]
    return AuditDifference(
        verdicts=(before.gate.verdict, after.gate.verdict),
        new_breaches=tuple(change for change in breaches if change.is_worse),
        kept_breaches=tuple(c for c in breaches if c.new is not None and not c.is_worse),
        gone_breaches=tuple(change for change in breaches if change.new is None),
        new_warnings=tuple(change for change in warnings if change.is_worse),
        gone_warnings=tuple(change for change in warnings if change.new is None),
        more=tuple(count for count in counts if count.new > count.old),
        fewer=tuple(count for count in counts if count.new < count.old),
        newly_checked=tuple(sorted(done[1] - done[0])),
        no_longer_checked=tuple(sorted(done[0] - done[1])),
        new_errors=tuple(sorted(set(after.gate.errors) - set(before.gate.errors))),
        remarks=(
            *_remarks(old, new),
            *([f"rows that are new findings cannot be told: {obstacle}"] if obstacle else []),
        ),
        new_rows=rows,
    )


def _excess(breach: BreachRecord) -> float:
    """Return how far a value lies beyond its limit; 0 for a breach that has none."""
    if breach.value is None or breach.limit is None:
        return 0.0
    return abs(breach.value - breach.limit)


def _blocking(breaches: Sequence[BreachRecord]) -> list[BreachRecord]:
    """Return the breaches that no waiver covers."""
    return [breach for breach in breaches if breach.waiver is None]


def _changes(old: Sequence[BreachRecord], new: Sequence[BreachRecord]) -> list[BreachChange]:
    """Pair breaches by rule, check and metric, in order."""
    before, after = ({(b.rule, b.check, b.metric): b for b in breaches} for breaches in (old, new))
    return [BreachChange(before.get(key), after.get(key)) for key in sorted({*before, *after})]


def _counts(old: Manifest, new: Manifest) -> Iterator[CountChange]:
    """Yield the findings of every rule of the checks that both audits completed."""
    before, after = ({r.id: r for r in m.predicate.checks} for m in (old, new))
    for id_ in sorted(before.keys() & after.keys()):
        if before[id_].status not in COMPLETED or after[id_].status not in COMPLETED:
            continue
        left, right = _by_rule(before[id_].findings), _by_rule(after[id_].findings)
        for rule in sorted({*left, *right}):
            title = (right.get(rule) or left[rule])[0]
            yield CountChange(rule, title, left.get(rule, ("", 0))[1], right.get(rule, ("", 0))[1])


def _by_rule(counts: Sequence[FindingCount]) -> dict[str, tuple[str, int]]:
    """Return title and number of findings by rule, of all severities."""
    result: dict[str, tuple[str, int]] = {}
    for count in counts:
        result[count.rule] = (count.title, result.get(count.rule, ("", 0))[1] + count.count)
    return result


def _remarks(old: Manifest, new: Manifest) -> Iterator[str]:
    """Say why numbers of the two audits may not mean the same."""
    before, after = old.predicate, new.predicate
    if before.policy.sha256 != after.policy.sha256:
        yield f"judged under another policy: {before.policy.name}, then {after.policy.name}"
    versions = {record.id: record.version for record in before.checks}
    changed = [
        record.id
        for record in after.checks
        if record.status in COMPLETED and versions.get(record.id, record.version) != record.version
    ]
    if changed:
        yield f"these checks count otherwise than before: {', '.join(sorted(changed))}"
    if _settings(old) != _settings(new):
        yield "the checks were set otherwise: compare `configuration` of both manifests"


def _settings(manifest: Manifest) -> list[object]:
    """Return what a user sets of every check, and of the search for similar rows."""
    configuration = manifest.predicate.configuration
    checks, similarity = (configuration.get(name) for name in ("checks", "similarity"))
    of_checks = checks if isinstance(checks, dict) else {}
    of_search = similarity if isinstance(similarity, dict) else {}
    return [
        {id_: value.get("parameters") for id_, value in of_checks.items()},
        [of_search.get(name) for name in ("threshold", "method", "shingles", "compare")],
    ]
