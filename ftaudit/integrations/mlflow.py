"""Log an audit to an MLflow run: verdict, metrics, manifest and report.

    with mlflow.start_run():
        log_audit(audit)

MLflow is imported when something is logged; install it yourself (`pip install mlflow-skinny`).
"""

import math
import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Protocol

from ftaudit.model.errors import UsageError
from ftaudit.pipeline.audit import Audit
from ftaudit.reports import phrasing
from ftaudit.wire.manifest import Manifest, digest

ARTIFACTS: Final = "ftaudit"
"""Folder of the run's artifacts."""
REPORTS: Final = ("html", "markdown")
_NOT_ALLOWED: Final = re.compile(r"[^\w\-./ ]")
"""Characters that names of metrics must not have."""


class MlflowTracking(Protocol):
    """The functions of `mlflow` that are called."""

    def set_tags(self, tags: dict[str, str]) -> object:
        """Set tags of the active run."""

    def log_metrics(self, metrics: dict[str, float]) -> object:
        """Log metrics to the active run."""

    def log_artifacts(self, local_dir: str, artifact_path: str) -> object:
        """Log the files of a folder to the active run."""


def log_audit(
    audit: Audit,
    *,
    reports: Sequence[str] = REPORTS,
    tracking: MlflowTracking | None = None,
) -> None:
    """Log verdict, metrics, manifest, findings and reports to the active run.

    Args:
        audit: what `ftaudit.scan` returned, not yet closed.
        reports: formats to write. HTML and Markdown hold masked excerpts of rows.
        tracking: the module `mlflow`, or what stands for it.

    Raises:
        UsageError: MLflow is not installed, or the audit is closed.
    """
    run = tracking if tracking is not None else _mlflow()
    run.set_tags(audit_tags(audit.manifest))
    run.log_metrics(dict(audit_metrics(audit.manifest)))
    with tempfile.TemporaryDirectory() as folder:
        audit.write(Path(folder) / ARTIFACTS, reports)
        run.log_artifacts(str(Path(folder) / ARTIFACTS), artifact_path=ARTIFACTS)


def audit_tags(manifest: Manifest) -> dict[str, str]:
    """Return the tags of a run: verdict, reasons, policy and the manifest's digest."""
    verdict = phrasing.verdict(manifest)
    return {
        "ftaudit.verdict": verdict.word,
        "ftaudit.reasons": verdict.reasons,
        "ftaudit.policy": phrasing.name(manifest.predicate.policy.name),
        "ftaudit.manifest_sha256": digest(manifest),
    }


def audit_metrics(manifest: Manifest) -> Mapping[str, float]:
    """Return every finite metric of every check, under a name that MLflow takes."""
    return {
        _NOT_ALLOWED.sub("_", name): float(value)
        for check in manifest.predicate.checks
        for name, value in check.metrics.items()
        if math.isfinite(value)
    }


def _mlflow() -> MlflowTracking:
    try:
        import mlflow
    except ImportError:
        raise UsageError("MLflow is not installed: pip install mlflow-skinny") from None
    tracking: MlflowTracking = mlflow
    return tracking
