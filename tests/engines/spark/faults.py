"""Faults of tasks, each of which happens once: what a marker file says, has happened."""

import os
import signal
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ftaudit.engines.spark.spark_session import SparkTable
from ftaudit.model.blobs import Blob, BlobWork


@dataclass(frozen=True)
class Fault:
    """What befalls the first tasks of a kind: `executor` or `worker` is killed, or `error`."""

    stage: str
    """Name of the class of the work; of one that is called for each item, of that."""
    end: str
    times: int = 1


@dataclass(frozen=True, eq=False)
class FaultyWork:
    """A work whose first tasks end badly."""

    work: BlobWork
    fault: Fault
    markers: Path

    def __call__(self, blobs: Iterator[Blob], /) -> Iterable[Blob]:
        for number in range(self.fault.times):
            if self._first(number):
                _end(self.fault.end)
        yield from self.work(blobs)

    def _first(self, number: int) -> bool:
        name = f"{self.fault.stage}-{self.fault.end}-{number}"
        try:
            (self.markers / name).touch(exist_ok=False)
        except FileExistsError:
            return False
        return True


def _end(manner: str) -> None:
    if manner == "worker":
        os.kill(os.getpid(), signal.SIGKILL)
    if manner == "executor":
        os.kill(_java(), signal.SIGKILL)
        signal.pause()  # goes with its executor
    message = "4111 1111 1111 1111 in a message"
    raise RuntimeError(message)


def _java() -> int:
    """Return the JVM that this worker belongs to."""
    process = os.getpid()
    while Path(f"/proc/{process}/comm").read_text(encoding="ascii").strip() != "java":
        fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2]
        process = int(fields.split()[1])
    return process


def plant(monkeypatch: pytest.MonkeyPatch, markers: Path, *planted: Fault) -> None:
    """Let the first tasks of some stages end badly."""
    from pyspark import cloudpickle

    cloudpickle.register_pickle_by_value(sys.modules[__name__])  # executors do not have it
    markers.mkdir()
    untouched = SparkTable.map

    def map_(table: SparkTable, work: BlobWork, slots: int | None = None) -> SparkTable:
        names = {type(work).__name__, type(getattr(work, "work", None)).__name__}
        for fault in planted:
            work = FaultyWork(work, fault, markers) if fault.stage in names else work
        return untouched(table, work, slots)

    monkeypatch.setattr(SparkTable, "map", map_)
