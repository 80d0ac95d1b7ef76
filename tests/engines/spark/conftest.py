"""A Spark session for the tests of a module, and scans of the same data on both engines."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

import ftaudit
from ftaudit.engines.spark import spark_engine
from ftaudit.engines.spark.spark_session import SparkCluster, cluster_of
from ftaudit.model.options import Options
from ftaudit.pipeline.audit import FINDINGS_FILE
from ftaudit.wire.manifest import evidence_digest

NOW = datetime(2026, 1, 1, tzinfo=UTC)


QUIET = ("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
"""Py4J leaves sockets to the garbage collector."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "engines/spark" in item.nodeid:
            for warning in QUIET:
                item.add_marker(pytest.mark.filterwarnings(warning))


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkCluster]:
    with cluster_of("local[2,4]", tmp_path_factory.mktemp("session")) as running:
        yield running


@dataclass(frozen=True)
class Scanned:
    """What a scan must have in common with another of the same data."""

    evidence: str
    findings: str
    statuses: Mapping[str, str] = field(compare=False)


@dataclass(frozen=True)
class Data:
    """Data to scan, and how."""

    train: tuple[str, ...]
    holdout: tuple[str, ...] = ()
    options: Options = field(default_factory=Options)

    def scanned(self, engine: str, output: Path) -> Scanned:
        chosen = replace(self.options, engine=engine, excerpts=False)  # type: ignore[arg-type] # one of two
        with ftaudit.scan(
            list(self.train), holdout=list(self.holdout), options=chosen, now=NOW
        ) as audit:
            audit.write(output, ["text"])
            statuses = {check.id: check.status for check in audit.manifest.predicate.checks}
            findings = hashlib.sha256((output / FINDINGS_FILE).read_bytes()).hexdigest()
            return Scanned(evidence_digest(audit.manifest), findings, statuses)


@pytest.fixture
def part_bytes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Cut the data into parts of so many bytes."""
    size: int = request.param
    monkeypatch.setattr(spark_engine, "PART_BYTES", size)
    return size
