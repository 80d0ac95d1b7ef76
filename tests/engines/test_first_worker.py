"""The first worker makes checks of rows beside the parent, and changes no result."""

import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar, Self

import polars as pl
import pytest

import ftaudit
from ftaudit.checks.bias import MANY
from ftaudit.engines.base import RelationSource
from ftaudit.engines.folds import Fold
from ftaudit.engines.local import begun_folds, first_worker
from ftaudit.engines.local.engine import LocalEngine
from ftaudit.engines.local.worker_process import WorkerProcess
from ftaudit.engines.spool import Spool
from ftaudit.model.check import Check, Completed, Context, Failed, Judgement, Mapped, Relation
from ftaudit.model.dataset import TRAIN
from ftaudit.model.finding import Metric, Rule, Severity, evidence
from ftaudit.model.options import Options
from ftaudit.model.parts import HeldPart, PartSizes
from ftaudit.pipeline import scan as line
from ftaudit.pipeline.audit import Audit
from ftaudit.wire.manifest import evidence_digest
from tests.conftest import canonical
from tests.engines.test_processes import gone
from tests.sample_data.samples import OPTIONS, SAMPLES

NOW = datetime(2026, 6, 20, tzinfo=UTC)


@dataclass(frozen=True)
class Lost:
    """Find every row; in any other process than the one that made it, do something else."""

    id: ClassVar[str] = "lost"
    version: ClassVar[int] = 1
    relation: ClassVar[Relation] = Relation.ROWS
    rules: ClassVar[tuple[Rule, ...]] = (Rule("lost.row", "a row", Severity.LOW, "None."),)
    metrics: ClassVar[tuple[Metric, ...]] = (Metric("lost.rows", "rows"),)

    deed: str
    made_in: int = field(default_factory=os.getpid)

    @classmethod
    def prepare(cls, context: Context) -> Self:
        del context
        return cls("")

    def map(self, batch: pl.DataFrame) -> Mapped:
        if os.getpid() != self.made_in and self.deed == "raise":
            raise ValueError(self.deed)
        return Mapped(pl.DataFrame({"n": [batch.height]}), evidence(batch, rule="lost.row"))

    def combine(self, partials: pl.DataFrame) -> pl.DataFrame:
        return partials.sum()

    def judge(self, totals: pl.DataFrame) -> Judgement:
        if os.getpid() != self.made_in and self.deed == "die":  # its findings are on disk by now
            os.kill(os.getpid(), signal.SIGKILL)
        return Judgement({"lost.rows": totals["n"][0]}, str(os.getpid() == self.made_in))


@pytest.fixture
def worker() -> Iterator[WorkerProcess]:
    process = WorkerProcess(int)
    process.prepared.result()
    yield process
    process.kill()


def concluded(folder: Path, worker: WorkerProcess | None, check: Lost) -> tuple[Completed, Spool]:
    folder.mkdir()
    fold = Fold(check, Spool(folder, check.id, check.rules))
    frame = canonical([{"input": str(at)} for at in range(30)])

    def parts(_: PartSizes) -> list[HeldPart]:
        return [HeldPart(frame[:20]), HeldPart(frame[20:])]

    engine = LocalEngine(folder, first=worker)
    source = RelationSource(parts, divisible=True)
    (result,) = engine.conclude([fold], source)()
    assert isinstance(result, Completed)
    return result, fold.spool


@pytest.mark.parametrize(("deed", "here"), [("", False), ("raise", True), ("die", True)])
def test_what_a_worker_cannot_finish_is_made_here(
    deed: str, here: bool, tmp_path: Path, worker: WorkerProcess
) -> None:
    alone, kept = concluded(tmp_path / "alone", None, Lost(deed))
    beside, spool = concluded(tmp_path / "beside", worker, Lost(deed))
    assert alone.judgement.headline == "True"
    assert beside.judgement.headline == str(here)
    assert beside.judgement.metrics == alone.judgement.metrics == {"lost.rows": 30}
    assert (beside.seen, beside.counts) == (alone.seen, alone.counts)
    assert pl.concat(spool.frames()).equals(pl.concat(kept.frames()))


@dataclass(frozen=True)
class Broken(Lost):
    """Break in every process."""

    def judge(self, totals: pl.DataFrame) -> Judgement:
        raise ValueError(str(totals))


def test_a_check_that_breaks_everywhere_has_failed(tmp_path: Path, worker: WorkerProcess) -> None:
    fold = Fold(Broken(""), Spool(tmp_path, Broken.id, Broken.rules))
    source = RelationSource(lambda _: [HeldPart(canonical([{"input": "a"}]))], divisible=True)
    (result,) = LocalEngine(tmp_path, first=worker).conclude([fold], source)()
    assert isinstance(result, Failed)
    assert result.error.startswith("ValueError at test_first_worker.py:")


def test_rows_that_cannot_travel_are_checked_here(tmp_path: Path, worker: WorkerProcess) -> None:
    rows = canonical([{"input": "a"}]).with_columns(own=pl.Series([object()], dtype=pl.Object))
    fold = Fold(Lost(""), Spool(tmp_path, Lost.id, Lost.rules))
    source = RelationSource(lambda _: [HeldPart(rows)], divisible=True)
    (result,) = LocalEngine(tmp_path, first=worker).conclude([fold], source)()
    assert isinstance(result, Completed)
    assert result.judgement.headline == "True"


def test_a_worker_that_is_not_up_in_time_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(begun_folds, "PATIENCE", 0.01)
    slow = WorkerProcess(_forever)
    result, _ = concluded(tmp_path / "rows", slow, Lost(""))
    assert result.judgement.headline == "True"
    assert gone([slow.process_id])


def _forever() -> None:
    signal.pause()


def scanned(folder: Path) -> tuple[str, bytes]:
    """Scan faulty data; return the digest of the evidence and the bytes of the findings."""
    with ftaudit.scan(SAMPLES / "dirty", options=OPTIONS["dirty"], now=NOW, workers=2) as audit:
        audit.write(folder, ["html"])
        report = (folder / "report.html").read_bytes()
        return evidence_digest(audit.manifest) + str(hash(report)), _findings(audit)


def _findings(audit: Audit) -> bytes:
    return (Path(audit._folder.path) / "findings.parquet").read_bytes()  # noqa: SLF001 - the bytes as they are written


@pytest.mark.parametrize("ending", ["itself", "at once", "in the middle"])
def test_the_first_worker_changes_no_byte_however_it_ends(
    ending: str, alone: tuple[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_worker, "cores", lambda: 2)
    first_worker.begin()
    (worker,) = first_worker._started  # noqa: SLF001 - to end it
    similar = LocalEngine.similar

    def end_it(engine: LocalEngine, *arguments: object) -> object:
        worker.kill()
        return similar(engine, *arguments)  # type: ignore[arg-type] # as they came

    if ending == "at once":
        worker.kill()
    elif ending == "in the middle":
        monkeypatch.setattr(LocalEngine, "similar", end_it)
    else:
        worker.prepared.result()
    assert scanned(tmp_path) == alone
    assert first_worker.take() is None
    assert gone([worker.process_id])


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, bytes]:
    """Scan without a worker."""
    return scanned(tmp_path_factory.mktemp("alone"))


@pytest.mark.parametrize(
    ("arguments", "begun"),
    [
        (["scan", "data.csv"], True),
        (["scan", "data.csv", "--workers", "2"], True),
        (["scan", "data.csv", "--workers", "1"], False),
        (["scan", "data.csv", "--workers=1"], False),
        (["scan", "data.csv", "--engine", "spark"], False),
        (["scan", "--help"], False),
        (["scan"], False),
        (["--help"], False),
        (["gate", "manifest.json"], False),
        (["gate", "scan"], False),
        ([], False),
    ],
)
def test_only_a_scan_begins_with_a_worker(
    arguments: list[str], begun: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[bool] = []
    monkeypatch.setattr(first_worker, "begin", lambda: calls.append(True))
    monkeypatch.setattr(first_worker, "has_idle_core", lambda: True)
    first_worker.begin_for(arguments)
    assert calls == [True] * begun
    monkeypatch.setattr(first_worker, "has_idle_core", lambda: False)
    first_worker.begin_for(arguments)
    assert calls == [True] * begun


@pytest.mark.parametrize(
    ("rows", "workers_and_idle", "begins_with"),
    [
        (3_000, (None, False), ["begin", "load"]),
        (3_000, (1, True), []),
        (300, (None, True), ["begin"]),
        (300, (None, False), []),
        (3, (None, True), []),
    ],
)
def test_a_scan_from_python_begins_with_one_for_much_data(
    rows: int,
    workers_and_idle: tuple[int | None, bool],
    begins_with: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    workers, idle = workers_and_idle
    monkeypatch.setattr(line, "WORTH_BEGINNING", 1 << 10)
    monkeypatch.setattr(line, "WORTH_LOADING", 16 << 10)
    monkeypatch.setattr(line, "has_idle_core", lambda: idle)
    begins: list[str] = []
    monkeypatch.setattr(first_worker, "begin", lambda: begins.append("begin"))
    monkeypatch.setattr(first_worker, "load", lambda *_: begins.append("load"))
    (tmp_path / "data").mkdir()
    pl.DataFrame({"text": [f"row {at}" for at in range(rows)]}).write_csv(tmp_path / "data/a.csv")
    options = Options(only=("schema",), policy="report-only", workers=workers)
    ftaudit.scan(tmp_path / "data", options=options).close()
    assert begins == begins_with


def test_a_worker_that_loads_all_checks_a_row_as_one_of_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mapped: list[tuple[str, int, int]] = []

    def mapped_here(check: type[Check], batch: pl.DataFrame, context: Context | None) -> None:
        mapped.append((check.id, batch.height, context.rows[TRAIN] if context else 0))

    monkeypatch.setattr(first_worker, "_mapped", mapped_here)
    first_worker.load_all()
    assert {"bias", "pii", "secrets"} <= {id_ for id_, _, _ in mapped}
    assert {(height, rows >= MANY) for _, height, rows in mapped} == {(1, True)}
    for only, skip, ids in ((("pii", "bias"), (), {"bias", "pii"}), (("pii",), ("pii",), set())):
        mapped.clear()
        first_worker.load_all(only, skip)
        assert {id_ for id_, _, _ in mapped} == ids


def test_one_core_has_no_room_for_a_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_worker, "cores", lambda: 1)
    first_worker.begin()
    assert first_worker.take() is None
