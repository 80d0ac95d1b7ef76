"""Tasks that fail run again, with the same bytes; else the end is clear, and there is no result."""

import os
import signal
import subprocess
import sys
import time
from importlib import metadata
from pathlib import Path

import polars as pl
import pytest

from ftaudit.engines.spark import versions
from ftaudit.model.errors import IncompleteError, InputError, UsageError
from ftaudit.model.options import Options
from ftaudit.model.run_folder import RUN, RunFolder
from tests.engines.spark.conftest import Data
from tests.engines.spark.faults import Fault, plant

SAMPLES = Path(__file__).parents[3] / "sample_data"
CHECKS = ("schema", "duplicates", "leakage", "label-conflicts", "class-balance")

DATA = Data((str(SAMPLES / "dirty"),), options=Options(method="minhash", only=CHECKS))


@pytest.mark.usefixtures("cluster", "part_bytes")
@pytest.mark.parametrize("part_bytes", [40_000], indirect=True)
def test_a_killed_worker_and_tasks_that_fail_twice_change_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    twice = [
        Fault(stage, "error", 2) for stage in ("LeastRows", "SetReader", "SlotPairs", "ReadPart")
    ]
    plant(monkeypatch, tmp_path / "markers", Fault("_WholePart", "worker"), *twice)
    assert DATA.scanned("spark", tmp_path / "spark") == DATA.scanned("local", tmp_path / "local")
    assert len(list((tmp_path / "markers").iterdir())) == 9


@pytest.mark.usefixtures("cluster")
def test_a_task_that_always_fails_ends_the_scan_in_one_line_without_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(monkeypatch, tmp_path / "markers", Fault("_WholePart", "error", 99))
    with pytest.raises(IncompleteError, match="a Spark job failed") as error:
        DATA.scanned("spark", tmp_path / "spark")
    assert "4111" not in str(error.value)
    assert error.value.exit_code == 3
    assert not (tmp_path / "spark").exists()


@pytest.mark.usefixtures("cluster")
def test_a_corrupt_file_among_many_is_named(tmp_path: Path) -> None:
    for number in range(6):
        rows = pl.DataFrame({"text": [f"row {number} {i}" for i in range(9)], "label": ["a"] * 9})
        rows.write_parquet(tmp_path / f"part-{number}.parquet")
    broken = tmp_path / "part-4.parquet"
    broken.write_bytes(broken.read_bytes()[:-30])
    with pytest.raises(InputError, match=r"part-4\.parquet") as error:
        Data((str(tmp_path),)).scanned("spark", tmp_path / "out")
    assert error.value.exit_code == 2


@pytest.mark.usefixtures("cluster")
def test_executors_of_another_version_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ours(name: str) -> str:
        return "0.0.1" if name == "polars" else metadata.version(name)

    monkeypatch.setattr(versions, "version", ours)
    with pytest.raises(UsageError, match=r"other versions than the driver: polars \d.* 0\.0\.1"):
        DATA.scanned("spark", tmp_path / "out")


def test_a_killed_driver_leaves_no_output_and_its_files_go_with_the_next_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary, output = tmp_path / "temporary", tmp_path / "out"
    temporary.mkdir()
    words = ["scan", str(SAMPLES / "dirty"), "--engine", "spark", "--master", "local[1,4]"]
    with subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "ftaudit", *words, "--output", str(output)],
        env=os.environ | {"TMPDIR": str(temporary)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        while not list(temporary.glob(f"{RUN}*/spark/blockmgr*")):
            assert process.poll() is None
            time.sleep(0.1)
        process.send_signal(signal.SIGKILL)
    assert not output.exists()
    assert list(temporary.glob(f"{RUN}*"))
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    following = RunFolder()
    left = {path for path in temporary.glob(f"{RUN}*") if (path / "in-use").exists()}
    assert left == {following.path}
    following.cleanup()
