"""The session: the one module that knows pyspark.

Only the DataFrame interface is used, which is the same over Spark Connect.
"""

import os
import pickle
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from ftaudit.engines.spark.arrow_blobs import (
    FAILURE,
    SCHEMA,
    batches_of,
    blobs_in,
    failure,
    table_of,
)
from ftaudit.engines.spark.java import provide_java
from ftaudit.engines.spark.python_worker import leave_tidy
from ftaudit.model.blobs import Blob, BlobWork
from ftaudit.model.errors import FtauditError, IncompleteError, UsageError

if TYPE_CHECKING:
    import pyarrow as pa

LOCAL: Final = "local[*,4]"
"""The master by default: all cores, and a task that crashes is run again, up to four times."""

QUICK_JAVA: Final = "-XX:TieredStopAtLevel=1"
"""Options of a Java that runs here: it compiles its own code once, and not again and better, which
takes 13 seconds of processor time. Java but moves blobs."""

_SETTINGS: Final = {
    "spark.sql.execution.arrow.maxRecordsPerBatch": "16",  # rows are blobs of up to some MiB
    "spark.sql.execution.arrow.useLargeVarTypes": "true",
    "spark.sql.adaptive.enabled": "false",  # it would join the few large partitions
}
"""What is set on a session for a scan, and put back afterwards."""

_NEW: Final = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.maxResultSize": "0",
    "spark.executorEnv.POLARS_MAX_THREADS": "1",
    "spark.executorEnv.NUMBA_NUM_THREADS": "1",
    "spark.log.level": "OFF",
}
"""What is set on a session that the engine starts itself."""


class SparkTable(Struct, frozen=True, eq=False):
    """Blobs that are computed when they are asked for, in partitions."""

    frame: Any
    slots: int

    def with_blobs(self, blobs: Sequence[Blob]) -> "SparkTable":
        """Return these blobs and others, all in the partitions of their slots."""
        others = self.frame.sparkSession.createDataFrame(table_of(blobs, self.slots))
        return self.and_of(SparkTable(others, self.slots)).shuffled()

    def map(self, work: BlobWork, slots: int | None = None) -> "SparkTable":
        """Let every partition be worked on by a task, whose blobs go to one of `slots`."""
        run = _PartitionWork(work, slots or self.slots)
        return SparkTable(self.frame.mapInArrow(run, SCHEMA), run.slots)

    def shuffled(self) -> "SparkTable":
        """Send every blob to the partition of its slot."""
        return SparkTable(self.frame.repartition(self.slots, "place"), self.slots)

    def and_of(self, other: "SparkTable") -> "SparkTable":
        """Return the blobs of both, which have as many slots."""
        return SparkTable(self.frame.unionByName(other.frame), self.slots)

    def only(self, kinds: Sequence[int]) -> "SparkTable":
        """Return the blobs of some kinds, and failures."""
        listed = ", ".join(map(str, (FAILURE, *kinds)))
        return SparkTable(self.frame.where(f"kind in ({listed})"), self.slots)

    @contextmanager
    def kept(self) -> Iterator["SparkTable"]:
        """Keep the blobs on the executors' disks, once they are computed, while this lasts."""
        from pyspark import StorageLevel

        frame = self.frame.persist(StorageLevel.DISK_ONLY)
        try:
            yield SparkTable(frame, self.slots)
        finally:
            frame.unpersist()

    def gathered(self) -> list[Blob]:
        """Compute all blobs and return them, in any order.

        Raises:
            FtauditError: a task raised it; of several, the first.
            IncompleteError: the cluster could not do the work.
        """
        blobs = list(blobs_in(_done(self.frame.toArrow).to_batches()))
        failures = [
            pickle.loads(blob.data)  # noqa: S301 - our own tasks pickled it
            for blob in blobs
            if blob.kind == FAILURE
        ]
        if failures:
            raise min(failures, key=lambda failed: failed[0])[1]
        return blobs


class _PartitionWork(Struct, frozen=True, eq=False):
    """Calls a work on the blobs of a partition; failures pass by it."""

    work: BlobWork
    slots: int

    def __call__(self, batches: Iterator["pa.RecordBatch"]) -> Iterator["pa.RecordBatch"]:
        failures: list[Blob] = []

        def sound() -> Iterator[Blob]:
            for blob in blobs_in(batches):
                if blob.kind == FAILURE:
                    failures.append(blob)
                else:
                    yield blob

        try:
            yield from batches_of(self.work(sound()), self.slots)
        except FtauditError as error:
            failures.append(failure(error))
        yield from batches_of(failures, self.slots)
        leave_tidy()


class SparkCluster(Struct, frozen=True, eq=False):
    """A Spark session, and what the engine asks of it."""

    session: Any
    own: bool
    """Whether this process started it, for this scan."""

    @property
    def cores(self) -> int:
        """Return how many tasks run at once, about."""
        try:
            return max(1, int(self.session.sparkContext.defaultParallelism))
        except Exception:  # noqa: BLE001 - a session of Spark Connect has no context
            return 8

    def table(self, blobs: Sequence[Blob], slots: int) -> SparkTable:
        """Return blobs as a table, one partition for each of `slots`."""
        return SparkTable(self.session.createDataFrame(table_of(blobs, slots)), slots).shuffled()


def _done(action: Callable[[], "pa.Table"]) -> "pa.Table":
    """Do what makes a job; say in one line that it failed.

    Raises:
        IncompleteError: it did. The text of foreign exceptions may hold data: it goes no further.
    """
    try:
        return action()
    except Exception as error:
        if not type(error).__module__.startswith(("pyspark", "py4j", "grpc")):
            raise
        message = f"a Spark job failed ({type(error).__name__}): see the logs of its executors"
        raise IncompleteError(message) from None


@contextmanager
def cluster_of(master: str | None, folder: Path) -> Iterator[SparkCluster]:
    """Take the session at hand, or start one and stop it at the end.

    Args:
        master: the address of a cluster (`spark://`, `yarn`, `k8s://`, `local[…]`, `sc://`). By
            default the active session, else SPARK_REMOTE, else what `spark-submit` set, else
            `LOCAL`.
        folder: of temporary files on this machine.

    Raises:
        UsageError: pyspark or Java is missing, or the master cannot be reached.
    """
    if find_spec("pyspark") is None:
        raise UsageError("--engine spark needs pyspark: pip install 'ftaudit[spark]'")
    session, own = _session(master, folder)
    before = {name: session.conf.get(name, None) for name in _SETTINGS}
    try:
        for name, value in _SETTINGS.items():
            session.conf.set(name, value)
        yield SparkCluster(session, own)
    finally:
        if own:
            session.stop()
        else:
            _put_back(session, before)


def _put_back(session: Any, settings: dict[str, str | None]) -> None:  # noqa: ANN401 - pyspark's
    for name, value in settings.items():
        if value is None:
            session.conf.unset(name)
        else:
            session.conf.set(name, value)


def _session(master: str | None, folder: Path) -> tuple[Any, bool]:
    """Return a session, and whether it was started here."""
    from pyspark.sql import SparkSession

    active = SparkSession.getActiveSession()
    if active is not None and master is None:
        return active, False
    remote = master if (master or "").startswith("sc://") else os.environ.get("SPARK_REMOTE")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("ftaudit")
    try:
        if remote and (master is None or remote == master):
            return builder.remote(remote).getOrCreate(), True
        submitted = master is None and "PYSPARK_GATEWAY_PORT" in os.environ
        if not submitted:
            provide_java(folder)
            builder = _configured(builder.master(master or LOCAL), master or LOCAL, folder)
        return builder.getOrCreate(), True
    except FtauditError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever pyspark, py4j or Java stumble over
        message = (
            f"Spark does not start with master {master or remote or LOCAL} "
            f"({type(error).__name__}): check the address, and that Java 17 or 21 is installed"
        )
        raise UsageError(message) from None


def _configured(builder: Any, master: str, folder: Path) -> Any:  # noqa: ANN401 - pyspark's
    settings = {**_NEW}
    if master.startswith("local"):
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        os.environ.setdefault("SPARK_SUBMIT_OPTS", QUICK_JAVA)
        settings |= {
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.local.dir": str(folder / "spark"),  # goes with the run folder
            "spark.executorEnv.PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        }
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder
