"""Log an audit to a run of Weights & Biases: verdict, metrics, manifest and report.

    with wandb.init(project="tuning", mode="offline"):
        log_audit(audit)

In the offline mode nothing leaves the machine before `wandb sync`. The library is imported when
something is logged (`pip install ftaudit[wandb]`).
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Protocol

from ftaudit.integrations.mlflow import REPORTS, audit_metrics, audit_tags
from ftaudit.model.errors import UsageError
from ftaudit.pipeline.audit import Audit

ARTIFACT: Final = "ftaudit-audit"
"""Name of the run's artifact."""


class WandbFiles(Protocol):
    """An artifact that takes files."""

    def add_dir(self, local_path: str) -> object:
        """Add the files of a folder."""


class WandbRun(Protocol):
    """What is called of a run."""

    @property
    def summary(self) -> "WandbSummary":
        """The values that stand for the run."""

    def log_artifact(self, artifact_or_path: WandbFiles) -> object:
        """Log an artifact to the run."""


class WandbSummary(Protocol):
    """The values that stand for a run."""

    def update(self, values: dict[str, object]) -> object:
        """Set several of them."""


class WandbLibrary(Protocol):
    """What is called of the module `wandb`."""

    run: WandbRun | None
    """The active run."""

    def Artifact(self, name: str, type: str) -> WandbFiles:  # noqa: A002, N802 - its own names
        """Make an artifact."""


def log_audit(
    audit: Audit, *, reports: Sequence[str] = REPORTS, library: WandbLibrary | None = None
) -> None:
    """Log verdict and metrics to the summary of the active run, and the files as an artifact.

    Args:
        audit: what `ftaudit.scan` returned, not yet closed.
        reports: formats to write. HTML and Markdown hold masked excerpts of rows.
        library: the module `wandb`, or what stands for it.

    Raises:
        UsageError: the library is not installed, no run is active, or the audit is closed.
    """
    wandb = library if library is not None else _wandb()
    if wandb.run is None:
        raise UsageError("no run of Weights & Biases is active: call wandb.init() first")
    metrics = {f"ftaudit/{name}": value for name, value in audit_metrics(audit.manifest).items()}
    tags = {name.replace(".", "/", 1): text for name, text in audit_tags(audit.manifest).items()}
    wandb.run.summary.update({**tags, **metrics})
    artifact = wandb.Artifact(ARTIFACT, type="audit")
    with tempfile.TemporaryDirectory() as folder:
        audit.write(Path(folder) / "audit", reports)
        artifact.add_dir(str(Path(folder) / "audit"))
        wandb.run.log_artifact(artifact)


def _wandb() -> WandbLibrary:
    try:
        import wandb
    except ImportError:
        raise UsageError("Weights & Biases is not installed: pip install ftaudit[wandb]") from None
    library: WandbLibrary = wandb
    return library
