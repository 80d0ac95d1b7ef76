"""A scan on Spark gives the bytes that a scan on one machine gives."""

from pathlib import Path

import pytest

from ftaudit.engines.spark.spark_session import SparkCluster
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


def test_a_session_that_was_at_hand_goes_on_as_it_was(
    cluster: SparkCluster, tmp_path: Path
) -> None:
    name = "spark.sql.execution.arrow.maxRecordsPerBatch"
    cluster.session.conf.set(name, "17")
    Data((str(SAMPLES / "clean"),)).scanned("spark", tmp_path)
    assert cluster.session.conf.get(name) == "17"
    assert cluster.session.range(3).count() == 3
