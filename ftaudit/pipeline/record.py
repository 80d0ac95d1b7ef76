"""Turn what the checks said into what the manifest records."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Final, assert_never

from msgspec import Struct

from ftaudit import __version__
from ftaudit.model.bounded_read import read_bounded
from ftaudit.model.check import Completed, Failed, Result, Skipped, recorded_parameters
from ftaudit.model.dataset import DataFile, Dataset
from ftaudit.model.errors import InputError
from ftaudit.model.escape import printable
from ftaudit.model.finding import WHOLE_FILE, Example, Location, Rule, rule_of
from ftaudit.model.installed_version import installed_version
from ftaudit.model.rfc3339 import timestamp
from ftaudit.policy.decision import CheckOutcome, Evidence, Verdict, Waiver
from ftaudit.policy.policy import Policy
from ftaudit.similarity.relation import Similar
from ftaudit.wire import manifest
from ftaudit.wire.data_profile import CONFIGURATION as PROFILE
from ftaudit.wire.data_profile import DataProfile, profile_of
from ftaudit.wire.split_record import CONFIGURATION as SPLIT
from ftaudit.wire.split_record import bound_record, read_split

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


_DUTIES: Final = ("entities", "profiles", "benchmarks")
"""Sections of a policy that are answered by what the manifest says was covered."""

_LARGEST: Final = 64 << 20
"""Bytes beyond which a file is not one that a person wrote or decided on."""


class NamedFile(Struct, frozen=True):
    """A file a person wrote: its name and its bytes."""

    name: str
    data: bytes

    @classmethod
    def read(cls, path: Path | None) -> "NamedFile | None":
        """Return the file at `path`, if there is one.

        Raises:
            InputError: it cannot be read.
        """
        if path is None:
            return None
        try:
            return cls(path.name, read_bounded(path, _LARGEST))
        except OSError as error:
            raise InputError(path, f"cannot be read ({error.strerror})") from None

    def document(self) -> manifest.Document:
        """Return it as the manifest records it."""
        return manifest.Document(name=self.name, sha256=hashlib.sha256(self.data).hexdigest())


class ScanRecord(Struct, frozen=True, eq=False):
    """Everything a manifest is made of, but the verdict."""

    dataset: Dataset
    results: Sequence[Result]
    """How every check ended, in the order of their ids."""
    policy: Policy
    """The policy in effect."""
    policy_file: NamedFile
    """The policy as the user gave it."""
    provenance: NamedFile | None
    similar: Similar | None
    """The relation of near-identical rows, where a check needed it."""
    content_roots: Mapping[int, str]
    """File ordinal → content root."""
    now: datetime
    """The time of the audit."""
    split: Path | None = None
    """`split.json`, where the data is a part of a split."""
    profile_key: bytes | None = None
    """Digests the names of the profile, if the user gave one."""

    def profile(self) -> DataProfile:
        """Return the exact counts of every check that keeps some."""
        completed = [result for result in self.results if isinstance(result, Completed)]
        tallies = {
            topic: splits for r in completed for topic, splits in r.judgement.tallies.items()
        }
        return profile_of(tallies, self.profile_key)

    def inputs(self) -> list[tuple[manifest.Input, str]]:
        """Return every data file as the manifest records it, and its SHA-256."""
        return [
            (_input(self.dataset, file, self.content_roots.get(ordinal)), file.sha256)
            for ordinal, file in enumerate(self.dataset.files)
        ]

    def configuration(self) -> dict[str, object]:
        """Return every parameter that can change a result."""
        completed = [result for result in self.results if isinstance(result, Completed)]
        configuration: dict[str, object] = {
            "checks": {result.check.id: _check_configuration(result) for result in completed},
            "policy": {k: v for k, v in self.policy.sections().items() if k not in _DUTIES},
        }
        if self.similar is not None:
            configuration["similarity"] = {
                **self.similar.configuration,
                "notes": list(self.similar.notes),
            }
        if self.split is not None:
            files = [(file.split, file.sha256) for file in self.dataset.files]
            configuration[SPLIT] = bound_record(*read_split(self.split), files)
        if (profile := self.profile()).tallies:
            configuration[PROFILE] = profile.record()
        return configuration


def _check_configuration(result: Completed) -> dict[str, object]:
    chosen = dict(result.judgement.configuration)
    return {
        "version": result.check.version,
        "parameters": recorded_parameters(result.check),
        **({"chosen": chosen} if chosen else {}),
    }


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


def record(scanned: ScanRecord, verdict: Verdict) -> manifest.Manifest:
    """Return the manifest of a scan, with what `decide` said of its results."""
    dataset, inputs = scanned.dataset, scanned.inputs()
    predicate = manifest.Predicate(
        tool=manifest.Tool(name="ftaudit", version=__version__, libraries=libraries()),
        time_created=timestamp(scanned.now),
        expires=timestamp(scanned.now + scanned.policy.age),
        inputs=[file for file, _ in inputs],
        configuration=scanned.configuration(),
        policy=scanned.policy_file.document(),
        provenance=scanned.provenance.document() if scanned.provenance else None,
        checks=[_check(result, verdict, dataset.files) for result in scanned.results],
        coverage=coverage(scanned.results, dataset),
        gate=gate(verdict),
    )
    subjects = [
        manifest.Subject(name=file.name, digest=manifest.FileDigest(sha256=sha256))
        for file, sha256 in inputs
    ]
    return manifest.Manifest(subject=subjects, predicate=predicate)


def libraries(names: Sequence[str] = LIBRARIES) -> dict[str, str]:
    """Return the installed versions of the libraries that decide results."""
    return {name: _version(name) for name in names}


@cache
def _version(name: str) -> str:
    try:
        return installed_version(name)
    except PackageNotFoundError:
        return "not installed"


def coverage(results: Sequence[Result], dataset: Dataset) -> manifest.CoverageRecord:
    """Return what was looked at and what was not."""
    lists = _coverage(results)
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
        **{name: lists.get(name, []) for name in manifest.COVERAGE_LISTS},
        other={
            **{n: values for n, values in lists.items() if n not in manifest.COVERAGE_LISTS},
            **_columns_beside(dataset, lists.get("columns_not_read", [])),
        },
    )


def _columns_beside(dataset: Dataset, unread: Sequence[str]) -> dict[str, list[str]]:
    """Return what is beside the record, as `name is role`, where there is anything."""
    others = (item for item in dataset.beside.items() if item[0] not in unread)
    named = [f"{name} is {role}" for name, role in others]
    return {manifest.COLUMNS_BESIDE: named} if named else {}


def _coverage(results: Sequence[Result]) -> dict[str, list[str]]:
    lists: dict[str, set[str]] = {}
    for result in results:
        if isinstance(result, Completed):
            for name, values in result.judgement.coverage.items():
                lists.setdefault(name, set()).update(values)
    return {name: sorted(values) for name, values in sorted(lists.items())}


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
    outcome_ = outcome(result)
    base = manifest.CheckRecord(
        id=outcome_.check,
        version=result.check.version,
        status=verdict.status(outcome_),  # type: ignore[arg-type] # `status` names the same five
        reason=printable(outcome_.reason, limit=1_000),
        applicable=outcome_.applicable,
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
        where=reference(example.where, files, example.line),
        related=reference(example.related, files) if example.related else None,
        field=printable(example.field),
        start=example.start,
        end=example.end,
        similarity=example.similarity,
        score=example.score,
        detail=printable(example.detail),
    )


def reference(
    location: Location, files: Sequence[DataFile], line: int | None = None
) -> manifest.Reference:
    """Return a row as the manifest names it: by file name, and by line where there are lines."""
    import numpy as np

    file = files[location.file]
    if line is None and file.lines is not None:
        line = int(file.lines.line(np.array([location.row], np.uint64))[0])
    number = line if line != WHOLE_FILE else None
    return manifest.Reference(split=location.split, file=file.name, row=location.row, line=number)
