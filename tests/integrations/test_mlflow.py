"""An audit in an MLflow run: against a stand-in, and against MLflow where it is installed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import ftaudit
from ftaudit import Options
from ftaudit.integrations import mlflow as integration
from ftaudit.model.errors import UsageError
from tests.sample_data.samples import SAMPLES


class Recorder:
    """Stands for the module `mlflow`."""

    def __init__(self) -> None:
        self.tags: dict[str, str] = {}
        self.metrics: dict[str, float] = {}
        self.files: set[str] = set()

    def set_tags(self, tags: dict[str, str]) -> None:
        self.tags |= tags

    def log_metrics(self, metrics: dict[str, float]) -> None:
        self.metrics |= metrics

    def log_artifacts(self, local_dir: str, artifact_path: str) -> None:
        self.files |= {f"{artifact_path}/{path.name}" for path in Path(local_dir).iterdir()}


@pytest.fixture(scope="module")
def audit() -> Iterator[ftaudit.Audit]:
    options = Options(only=("schema", "class-balance"))
    with ftaudit.scan(SAMPLES / "dirty", options=options) as made:
        yield made


def test_verdict_metrics_manifest_and_report_are_logged(audit: ftaudit.Audit) -> None:
    run = Recorder()
    integration.log_audit(audit, tracking=run)
    assert run.tags["ftaudit.verdict"] == "BLOCKED"
    assert len(run.tags["ftaudit.manifest_sha256"]) == 64
    assert run.metrics["schema.invalid_rows"] == 4
    wanted = {"manifest.json", "findings.parquet", "report.html", "report.md"}
    assert {f"ftaudit/{name}" for name in wanted} <= run.files


def test_without_mlflow_one_line_says_what_to_install(
    audit: ftaudit.Audit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "mlflow", None)
    with pytest.raises(UsageError, match="pip install mlflow-skinny"):
        integration.log_audit(audit)


@pytest.mark.filterwarnings("ignore")
def test_a_local_store_of_mlflow_takes_it(
    audit: ftaudit.Audit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mlflow = pytest.importorskip("mlflow", reason="MLflow is optional, and not installed here")
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    mlflow.set_tracking_uri((tmp_path / "runs").as_uri())
    with mlflow.start_run() as active:
        integration.log_audit(audit)
    run = mlflow.get_run(active.info.run_id)
    assert run.data.tags["ftaudit.verdict"] == "BLOCKED"
    assert run.data.metrics["schema.invalid_rows"] == 4
    assert list((tmp_path / "runs").rglob("artifacts/ftaudit/manifest.json"))
