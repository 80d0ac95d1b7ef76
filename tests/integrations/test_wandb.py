"""An audit in a run of Weights & Biases: a stand-in, and its offline mode where it is installed."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import ftaudit
from ftaudit import Options
from ftaudit.integrations import wandb as integration
from ftaudit.model.errors import UsageError
from tests.sample_data.samples import SAMPLES


class Files:
    """Stands for an artifact."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def add_dir(self, local_path: str) -> None:
        self.names |= {path.name for path in Path(local_path).iterdir()}


class Recorder:
    """Stands for a run and its summary."""

    def __init__(self) -> None:
        self.values: dict[str, object] = {}
        self.files: set[str] = set()

    @property
    def summary(self) -> "Recorder":
        return self

    def update(self, values: dict[str, object]) -> None:
        self.values |= values

    def log_artifact(self, artifact_or_path: integration.WandbFiles) -> None:
        assert isinstance(artifact_or_path, Files)
        self.files |= artifact_or_path.names


class Library:
    """Stands for the module `wandb`."""

    def __init__(self, run: Recorder | None) -> None:
        self.run: integration.WandbRun | None = run

    def Artifact(self, name: str, type: str) -> Files:  # noqa: A002, N802 - its own names
        assert (name, type) == ("ftaudit-audit", "audit")
        return Files()


@pytest.fixture(scope="module")
def audit() -> Iterator[ftaudit.Audit]:
    options = Options(only=("schema", "class-balance"))
    with ftaudit.scan(SAMPLES / "dirty", options=options) as made:
        yield made


def test_verdict_metrics_and_files_are_logged(audit: ftaudit.Audit) -> None:
    run = Recorder()
    integration.log_audit(audit, library=Library(run))
    assert run.values["ftaudit/verdict"] == "BLOCKED"
    assert run.values["ftaudit/schema.invalid_rows"] == 4
    assert {"manifest.json", "findings.parquet", "report.html", "report.md"} <= run.files


def test_without_a_run_or_the_library_one_line_says_what_to_do(
    audit: ftaudit.Audit, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UsageError, match=r"call wandb.init\(\) first"):
        integration.log_audit(audit, library=Library(None))
    monkeypatch.setitem(sys.modules, "wandb", None)
    with pytest.raises(UsageError, match=r"pip install ftaudit\[wandb\]"):
        integration.log_audit(audit)


@pytest.mark.filterwarnings("ignore")
def test_the_offline_mode_takes_it_without_the_network(
    audit: ftaudit.Audit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wandb = pytest.importorskip("wandb", reason="W&B is optional, and not installed here")
    monkeypatch.setenv("WANDB_SILENT", "true")
    with wandb.init(project="test", mode="offline", dir=str(tmp_path)) as run:
        integration.log_audit(audit)
        assert run.summary["ftaudit/verdict"] == "BLOCKED"
    (written,) = tmp_path.rglob("run-*.wandb")
    assert b"manifest.json" in written.read_bytes()
