"""Turn what the checks said into what the manifest records."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Final, assert_never

from ftaudit import __version__
from ftaudit.model.check import Completed, Failed, Result, Skipped
from ftaudit.model.dataset import DataFile, Dataset
from ftaudit.model.escape import printable
from ftaudit.model.finding import Example, Location, Rule, rule_of
from ftaudit.model.rfc3339 import timestamp
from ftaudit.policy.decision import CheckOutcome, Evidence, Verdict, Waiver
from ftaudit.policy.policy import Policy
from ftaudit.wire import manifest

LIBRARIES: Final = (
    "datasketch",
    "google-re2",
    "great-expectations",
    "numba",
    "numpy",
    "phonenumbers",
    "polars",
    "presidio-analyzer",
)
"""Libraries whose version can change a result."""


@dataclass(frozen=True)
class Paper:
    """A file a person wrote: its name, and the SHA-256 of its bytes."""

    name: str
    data: bytes

    def record(self) -> manifest.Document:
        """Return it as the manifest records it."""
        return manifest.Document(name=self.name, sha256=hashlib.sha256(self.data).hexdigest())


def outcome(result: Result) -> CheckOutcome:
    """Return what the decision needs of a result."""
    match result:
        case Completed():
            metrics = result.judgement.metrics
            return CheckOutcome(result.check.id, "completed", metrics=metrics, seen=result.seen)
        case Skipped():
            return CheckOutcome(result.check.id, "skipped", result.reason, result.applicable)
        case Failed():
            return CheckOutcome(result.check.id, "error", result.error)
        case _:
            assert_never(result)


def evidence(
    results: Sequence[Result], dataset: Dataset, waivers: Sequence[Waiver] = ()
) -> Evidence:
    """Return everything the decision rests on."""
    return Evidence(
        outcomes=tuple(outcome(result) for result in results),
        rows={split: dataset.count(split) for split in dataset.splits},
        coverage={name: frozenset(values) for name, values in _coverage(results).items()},
        waivers=tuple(waivers),
    )


def record(  # noqa: PLR0913 - the manifest is the sum of these parts
    dataset: Dataset,
    results: Sequence[Result],
    policy: Policy,
    verdict: Verdict,
    *,
    policy_file: Paper,
    provenance: Paper | None,
    configuration: Mapping[str, object],
    content_roots: Mapping[int, str],
    now: datetime,
) -> manifest.Manifest:
    """Return the manifest of an audit.

    Args:
        dataset: what was audited.
        results: how every check ended, in the order of their ids.
        policy: the policy in effect.
        verdict: what `decide` said of them under it.
        policy_file: the policy as the user gave it.
        provenance: the provenance record, if there is one.
        configuration: every parameter that can change a result.
        content_roots: file ordinal → content root.
        now: the time of the audit.
    """
    predicate = manifest.Predicate(
        tool=manifest.Tool(name="ftaudit", version=__version__, libraries=libraries()),
        time_created=timestamp(now),
        expires=timestamp(now + policy.age),
        inputs=[
            _input(dataset, file, content_roots.get(i)) for i, file in enumerate(dataset.files)
        ],
        configuration=dict(configuration),
        policy=policy_file.record(),
        provenance=provenance.record() if provenance else None,
        checks=[_check(result, verdict, dataset.files) for result in results],
        coverage=coverage(results, dataset),
        gate=gate(verdict),
    )
    subjects = [
        manifest.Subject(name=file.name, digest=manifest.FileDigest(sha256=file.sha256))
        for file in dataset.files
    ]
    return manifest.Manifest(subject=subjects, predicate=predicate)


def libraries() -> dict[str, str]:
    """Return the installed versions of the libraries that decide results."""
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def coverage(results: Sequence[Result], dataset: Dataset) -> manifest.CoverageRecord:
    """Return what was looked at and what was not."""
    given = _coverage(results)
    completed = [r for r in results if isinstance(r, Completed)]
    rows = {
        split: manifest.RowCounts(
            seen=min((r.seen.get(split, 0) for r in completed), default=0),
            total=dataset.count(split),
        )
        for split in dataset.splits
    }
    return manifest.CoverageRecord(
        rows=rows,
        sampled=False,
        **{name: given.get(name, []) for name in manifest.COVERAGE_LISTS},
        other={
            name: values for name, values in given.items() if name not in manifest.COVERAGE_LISTS
        },
    )


def _coverage(results: Sequence[Result]) -> dict[str, list[str]]:
    found: dict[str, set[str]] = {}
    for result in results:
        if isinstance(result, Completed):
            for name, values in result.judgement.coverage.items():
                found.setdefault(name, set()).update(values)
    return {name: sorted(values) for name, values in sorted(found.items())}


def gate(verdict: Verdict) -> manifest.Gate:
    """Return the verdict as the manifest records it."""
    return manifest.Gate(
        verdict="PASSED" if verdict.passed else "BLOCKED",
        breaches=[manifest.BreachRecord.of(breach) for breach in verdict.breaches],
        warnings=[manifest.BreachRecord.of(breach) for breach in verdict.warnings],
        errors=list(verdict.errors),
        waivers=sorted({b.waiver for b in verdict.breaches if b.waiver}),
    )


def _input(dataset: Dataset, file: DataFile, content_root: str | None) -> manifest.Input:
    return manifest.Input(
        name=file.name,
        role=file.split,  # type: ignore[arg-type] # dataset.SPLITS are the roles
        rows=file.rows,
        bytes=file.bytes,
        format=dataset.format,
        columns=dict(dataset.columns),
        content_root=content_root,
    )


def _check(result: Result, verdict: Verdict, files: Sequence[DataFile]) -> manifest.CheckRecord:
    how = outcome(result)
    base = manifest.CheckRecord(
        id=how.check,
        version=result.check.version,
        status=verdict.status(how),  # type: ignore[arg-type] # `status` names the same five
        reason=printable(how.reason, limit=1_000),
        applicable=how.applicable,
    )
    return base if not isinstance(result, Completed) else _completed(base, result, files)


def _completed(
    base: manifest.CheckRecord, result: Completed, files: Sequence[DataFile]
) -> manifest.CheckRecord:
    judged = result.judgement
    return manifest.CheckRecord(
        id=base.id,
        version=base.version,
        status=base.status,
        headline=printable(judged.headline),
        metrics=dict(sorted(judged.metrics.items())),
        findings=[
            _count(result.check.rules, rule, severity, count)
            for (rule, severity), count in sorted(result.counts.items())
        ],
        examples=[_example(example, files) for example in judged.examples],
        notes=[printable(note, limit=1_000) for note in judged.notes],
        charts=[
            manifest.ChartRecord(
                title=printable(chart.title),
                labels=[printable(label, limit=80) for label in chart.labels],
                series={name: [float(v) for v in values] for name, values in chart.series.items()},
                unit=chart.unit,
            )
            for chart in judged.charts
        ],
        rows_seen=dict(sorted(result.seen.items())),
    )


def _count(rules: Sequence[Rule], id_: str, severity: str, count: int) -> manifest.FindingCount:
    rule = rule_of(rules, id_)
    if rule is None:  # the spool has refused undeclared rules before
        raise KeyError(id_)
    return manifest.FindingCount(
        rule=id_,
        title=rule.title,
        severity=severity,  # type: ignore[arg-type] # comes from finding.Severity
        count=count,
        remedy=rule.remedy,
    )


def _example(example: Example, files: Sequence[DataFile]) -> manifest.ExampleRecord:
    return manifest.ExampleRecord(
        rule=example.rule,
        where=reference(example.where, files),
        related=reference(example.related, files) if example.related else None,
        field=printable(example.field),
        start=example.start,
        end=example.end,
        similarity=example.similarity,
        score=example.score,
        detail=printable(example.detail),
    )


def reference(where: Location, files: Sequence[DataFile]) -> manifest.Reference:
    """Return a row as the manifest names it: by file name, and by line where there are lines."""
    import numpy as np

    file = files[where.file]
    row = np.array([where.row], np.uint64)
    line = int(file.lines.line(row)[0]) if file.lines is not None else None
    return manifest.Reference(split=where.split, file=file.name, row=where.row, line=line)
