"""What an executor runs on: results are equal only where the libraries are."""

import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, requires, version

from packaging.requirements import Requirement

from ftaudit.engines.spark.spark_session import SparkCluster
from ftaudit.engines.spark.tasks import each
from ftaudit.model.errors import UsageError

_LISTED = 5


def versions(_: object = None) -> dict[str, str]:
    """Return the version of Python, of ftaudit and of every library it requires."""
    own = {"Python": platform.python_version(), "machine": platform.machine()}
    named = (Requirement(line) for line in requires("ftaudit") or ())
    names = sorted({r.name for r in named if r.marker is None or r.marker.evaluate({"extra": ""})})
    return own | {name: _version(name) for name in ("ftaudit", *names)}


def refuse_other_versions(cluster: SparkCluster) -> None:
    """Compare what the executors run on with this process.

    Raises:
        UsageError: an executor differs; names what.
    """
    ours = versions()
    for theirs in each(cluster, range(2 * cluster.cores), versions):
        if differences := _differences(ours, theirs):
            listed = ", ".join(differences[:_LISTED])
            more = f" and {len(differences) - _LISTED} more" if len(differences) > _LISTED else ""
            message = f"executors have other versions than the driver: {listed}{more}"
            raise UsageError(f"{message}. Give both the same environment")


def _differences(ours: Mapping[str, str], theirs: Mapping[str, str]) -> list[str]:
    return [
        f"{name} {theirs.get(name, 'missing')} instead of {ours.get(name, 'missing')}"
        for name in sorted({*ours, *theirs})
        if ours.get(name) != theirs.get(name)
    ]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"
