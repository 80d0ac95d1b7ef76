"""Executors and workers that are lost change no byte: their tasks run again on others."""

from pathlib import Path

import pytest

from ftaudit.model.options import Options
from tests.engines.spark.conftest import Data
from tests.engines.spark.faults import Fault, plant

SAMPLES = Path(__file__).parents[3] / "sample_data"
CHECKS = ("schema", "duplicates", "leakage", "label-conflicts", "class-balance")

DATA = Data((str(SAMPLES / "dirty"),), options=Options(method="minhash", only=CHECKS))


@pytest.mark.parametrize("cluster", ["local-cluster[2,1,1024]"], indirect=True, scope="session")
@pytest.mark.usefixtures("cluster", "part_bytes")
@pytest.mark.parametrize("part_bytes", [40_000], indirect=True)
def test_executors_killed_in_every_stage_a_worker_and_failures_change_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stages = ("FileOpener", "_WholePart", "PartSigner", "BandBuckets", "SlotWalker")
    killed = [Fault(stage, "executor") for stage in stages]
    others = (Fault("_WholePart", "worker"), Fault("LeastRows", "error", 2))
    plant(monkeypatch, tmp_path / "markers", *killed, *others)
    assert DATA.scanned("spark", tmp_path / "spark") == DATA.scanned("local", tmp_path / "local")
    assert len(list((tmp_path / "markers").iterdir())) == len(stages) + 3
