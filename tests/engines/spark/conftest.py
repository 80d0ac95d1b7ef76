"""A Spark session for the tests, a store that it reads, and scans of data on both engines."""

import hashlib
import json
import logging
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.request import Request, urlopen

import pytest
from msgspec.structs import replace

import ftaudit
from ftaudit.engines.spark import spark_engine
from ftaudit.engines.spark.spark_session import SparkCluster, cluster_of
from ftaudit.model.options import Options
from ftaudit.pipeline.audit import FINDINGS_FILE
from ftaudit.readers.remote import GOOGLE_EMULATOR
from ftaudit.wire.manifest import evidence_digest

NOW = datetime(2026, 1, 1, tzinfo=UTC)
BUCKET = "training"


QUIET = ("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
"""Py4J leaves sockets to the garbage collector."""


LAST = ("lost_executors", "started_sessions")
"""Modules that start a session of their own, once the one of the others has ended."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: any(name in item.nodeid for name in LAST))
    for item in items:
        if "engines/spark" in item.nodeid:
            for warning in QUIET:
                item.add_marker(pytest.mark.filterwarnings(warning))


@dataclass(frozen=True)
class Bucket:
    """A bucket of a store on this machine that speaks the protocol of S3."""

    name: str
    client: Any

    def put(self, key: str, content: bytes) -> None:
        self.client.put_object(Bucket=self.name, Key=key, Body=content)


@pytest.fixture(scope="session")
def bucket() -> Iterator[Bucket]:
    """Start a store, and say in the environment where it is: executors inherit that."""
    import boto3
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        patch.setenv("AWS_ACCESS_KEY_ID", "made-up")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "made-up")
        patch.setenv("AWS_REGION", "us-east-1")
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        client = boto3.client("s3")
        client.create_bucket(Bucket=BUCKET)
        yield Bucket(BUCKET, client)
    server.stop()


class GoogleBucket(NamedTuple):
    """A bucket of a store on this machine that speaks the protocols of Google's."""

    name: str
    address: str

    def put(self, key: str, content: bytes) -> None:
        upload = f"/upload/storage/v1/b/{self.name}/o?uploadType=media&name={key}"
        with urlopen(Request(self.address + upload, content)) as answer:  # noqa: S310 - our own
            answer.read()


@pytest.fixture(scope="session")
def google_bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GoogleBucket]:
    """Start a store, and say in the environment where it is: executors inherit that."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    account = tmp_path_factory.mktemp("google") / "account.json"
    nobody = {"client_email": "", "private_key": "", "private_key_id": "", "disable_oauth": True}
    account.write_text(json.dumps(nobody | {"gcs_base_url": address}))
    words = [sys.executable, str(Path(__file__).with_name("google_store.py")), str(port), BUCKET]
    with (
        pytest.MonkeyPatch.context() as patch,
        subprocess.Popen(words, stderr=subprocess.DEVNULL) as server,  # noqa: S603 - our own
    ):
        patch.setenv(GOOGLE_EMULATOR, address)
        patch.setenv("GOOGLE_SERVICE_ACCOUNT", str(account))
        while server.poll() is None and not _answers(port):
            time.sleep(0.05)
        yield GoogleBucket(BUCKET, address)
        server.kill()


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


@pytest.fixture(scope="session")
def cluster(
    bucket: Bucket,
    google_bucket: GoogleBucket,
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> Iterator[SparkCluster]:
    """Start the session that all tests have; what is shuffled is cut into few pieces."""
    assert bucket.name == google_bucket.name
    master = getattr(request, "param", "local[2,4]")
    with (
        pytest.MonkeyPatch.context() as patch,
        cluster_of(master, tmp_path_factory.mktemp("session")) as running,
    ):
        patch.setattr(spark_engine, "SLOTS_PER_CORE", 1)
        yield running


@dataclass(frozen=True)
class Scanned:
    """What a scan must have in common with another of the same data."""

    evidence: str
    findings: str
    statuses: Mapping[str, str] = field(compare=False)


@dataclass(frozen=True)
class Data:
    """Data to scan, and how."""

    train: tuple[str, ...]
    holdout: tuple[str, ...] = ()
    options: Options = field(default_factory=Options)

    def scanned(self, engine: str, output: Path) -> Scanned:
        chosen = replace(self.options, engine=engine, excerpts=False)
        with ftaudit.scan(
            list(self.train), holdout=list(self.holdout), options=chosen, now=NOW
        ) as audit:
            audit.write(output, ["text"])
            statuses = {check.id: check.status for check in audit.manifest.predicate.checks}
            findings = hashlib.sha256((output / FINDINGS_FILE).read_bytes()).hexdigest()
            return Scanned(evidence_digest(audit.manifest), findings, statuses)


@pytest.fixture
def part_bytes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Cut the data into parts of so many bytes."""
    size: int = request.param
    monkeypatch.setattr(spark_engine, "PART_BYTES", size)
    return size
