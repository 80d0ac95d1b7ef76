"""A scan on Spark gives the bytes that a scan on one machine gives."""

from pathlib import Path

import polars as pl
import pytest

from ftaudit import checks
from ftaudit.engines.spark.spark_session import SparkCluster
from ftaudit.model.blobs import Blob
from ftaudit.model.options import Options
from tests.engines import test_local
from tests.engines.spark.conftest import Data

SAMPLES = Path(__file__).parents[3] / "sample_data"


@pytest.mark.usefixtures("cluster", "part_bytes")
@pytest.mark.parametrize("part_bytes", [20_000], indirect=True)
@pytest.mark.parametrize(
    "name",
    sorted(
        path.name
        for path in SAMPLES.iterdir()
        if path.is_dir() and path.name not in {"decision", "suites", "__pycache__"}
    ),
)
def test_sample_data_has_the_same_evidence_and_findings(name: str, tmp_path: Path) -> None:
    data = Data((str(SAMPLES / name),))
    here = data.scanned("local", tmp_path / "local")
    assert data.scanned("spark", tmp_path / "spark") == here


@pytest.mark.usefixtures("cluster", "part_bytes")
@pytest.mark.parametrize("part_bytes", [300], indirect=True)
@pytest.mark.parametrize(("word", "status"), [("whole", "passed"), ("break", "error")])
def test_a_check_of_another_package_has_the_same_findings_or_breaks_alike(
    word: str, status: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pyspark import cloudpickle

    cloudpickle.register_pickle_by_value(test_local)  # no package that executors have
    installed = {**checks.discover(), "count": test_local.Count}
    monkeypatch.setattr(checks, "_installed", lambda: installed)
    rows = pl.DataFrame({"text": [*("row " * i for i in range(1, 40)), word], "label": ["a"] * 40})
    rows.write_csv(tmp_path / "rows.csv")
    data = Data((str(tmp_path / "rows.csv"),), options=Options(only=("count", "schema")))
    here = data.scanned("local", tmp_path / "local")
    assert here.statuses["count"] == status
    assert data.scanned("spark", tmp_path / "spark") == here


def test_a_session_that_was_at_hand_goes_on_as_it_was(
    cluster: SparkCluster, tmp_path: Path
) -> None:
    name = "spark.sql.execution.arrow.maxRecordsPerBatch"
    cluster.session.conf.set(name, "17")
    Data((str(SAMPLES / "clean"),), options=Options(only=("schema",))).scanned("spark", tmp_path)
    assert cluster.session.conf.get(name) == "17"
    assert cluster.session.range(3).count() == 3


@pytest.mark.parametrize("slots", [1, 7])
def test_every_slot_has_a_partition_of_its_own(slots: int, cluster: SparkCluster) -> None:
    blobs = [Blob(slot, 0, b"") for slot in range(slots)]
    partitions = cluster.table(blobs, slots).frame.selectExpr("spark_partition_id() at", "slot")
    assert len({(row["at"], row["slot"]) for row in partitions.collect()}) == slots
    assert len({row["at"] for row in partitions.collect()}) == slots
