"""A whole scan in pieces, on a cluster in this process: the evidence and findings of one machine.

What Apache Spark adds to that is held by `tests/engines/spark`.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import polars as pl
import pytest

import ftaudit
from ftaudit.engines.local import mapping
from ftaudit.engines.local.finished_parts import MappedBatch
from ftaudit.engines.spark import spark_engine
from ftaudit.model.options import Options
from ftaudit.model.parts import Part
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
    data = str(SAMPLES / name)
    assert scanned("spark", data, tmp_path) == scanned("local", data, tmp_path)


@pytest.mark.usefixtures("_cluster_here")
def test_columns_are_checked_where_their_parts_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "rated.parquet"
    pl.DataFrame(
        {
            "text": [f"question {at // 3} of a customer" for at in range(1_500)],
            "label": ["yes" if at % 7 else "no" for at in range(1_500)],
            "annotator": [f"p{at % 3}" for at in range(1_500)],
            "language": ["de" if at % 5 else "fr" for at in range(1_500)],
        }
    ).write_parquet(data)
    mapped: list[str] = []
    untouched = mapping.PartMapper.of

    def of(mapper: mapping.PartMapper, part: Part) -> Iterator[MappedBatch]:
        mapped.extend(check.id for check in mapper.checks)
        return untouched(mapper, part)

    monkeypatch.setattr(mapping.PartMapper, "of", of)
    checks = ("agreement", "slices", "expectations")
    there = scanned("spark", str(data), tmp_path, checks)
    assert min(mapped.count(name) for name in ("agreement", "slices")) > 1
    assert "expectations" not in mapped
    assert there == scanned("local", str(data), tmp_path, checks)


def scanned(
    engine: Literal["local", "spark"], data: str, folder: Path, only: tuple[str, ...] = ()
) -> tuple[str, str]:
    options = Options(engine=engine, method="minhash", excerpts=False, only=only)
    with ftaudit.scan([data], options=options, now=NOW) as audit:
        audit.write(folder / engine, ["text"])
        findings = (folder / engine / FINDINGS_FILE).read_bytes()
        return evidence_digest(audit.manifest), hashlib.sha256(findings).hexdigest()
