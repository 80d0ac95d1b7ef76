"""A whole scan in pieces, on a cluster in this process: the evidence and findings of one machine.

What Apache Spark adds to that is held by `tests/engines/spark`.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import pytest

import ftaudit
from ftaudit.engines.spark import spark_engine
from ftaudit.model.options import Options
from ftaudit.pipeline.audit import FINDINGS_FILE
from ftaudit.wire.manifest import evidence_digest
from tests.similarity.divided.memory_cluster import MemoryCluster

SAMPLES = Path(__file__).parents[2] / "sample_data"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def _cluster_here(monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def cluster_of(*_: object) -> Iterator[MemoryCluster]:
        yield MemoryCluster()

    monkeypatch.setattr(spark_engine, "cluster_of", cluster_of)
    monkeypatch.setattr(spark_engine, "PART_BYTES", 20_000)


@pytest.mark.usefixtures("_cluster_here")
@pytest.mark.parametrize("name", ["clean", "dirty"])
def test_sample_data_has_the_same_evidence_and_findings(name: str, tmp_path: Path) -> None:
    def scanned(engine: Literal["local", "spark"]) -> tuple[str, str]:
        options = Options(engine=engine, method="minhash", excerpts=False)
        with ftaudit.scan([str(SAMPLES / name)], options=options, now=NOW) as audit:
            audit.write(tmp_path / engine, ["text"])
            findings = (tmp_path / engine / FINDINGS_FILE).read_bytes()
            return evidence_digest(audit.manifest), hashlib.sha256(findings).hexdigest()

    assert scanned("spark") == scanned("local")
