import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import ClassVar, Self

import polars as pl
import pytest

from ftaudit.engines import spool
from ftaudit.engines.folds import Fold
from ftaudit.engines.local import mapping
from ftaudit.engines.local.mapping import map_parts
from ftaudit.engines.local.processes import DEPTH, Workers
from ftaudit.engines.spool import Spool
from ftaudit.model.attempt import BrokenCall
from ftaudit.model.check import Context, Judgement, Mapped, Relation
from ftaudit.model.finding import FINDINGS, Metric, Rule, Severity, evidence
from ftaudit.model.parts import HeldPart, pieces
from tests.conftest import canonical, dataset


@dataclass(frozen=True)
class Count:
    """Count rows; break where the text says so."""

    id: ClassVar[str] = "count"
    version: ClassVar[int] = 1
    relation: ClassVar[Relation] = Relation.ROWS
    rules: ClassVar[tuple[Rule, ...]] = (Rule("count.row", "a row", Severity.LOW, "None."),)
    metrics: ClassVar[tuple[Metric, ...]] = (Metric("count.rows", "rows"),)

    rule: str = "count.row"

    @classmethod
    def prepare(cls, context: Context) -> Self:
        del context
        return cls()

    def map(self, batch: pl.DataFrame) -> Mapped:
        if "break" in batch["input"].to_list():
            msg = "4111 1111 1111 1111 in a message"
            raise ValueError(msg)
        return Mapped(pl.DataFrame({"n": [batch.height]}), evidence(batch, rule=self.rule))

    def combine(self, partials: pl.DataFrame) -> pl.DataFrame:
        return partials.sum()

    def judge(self, totals: pl.DataFrame) -> Judgement:
        return Judgement({"count.rows": totals["n"][0]}, "")


def nothing() -> None:
    """Prepare nothing."""


@pytest.fixture(scope="module")
def two() -> Iterator[Workers]:
    """Return two workers that are up."""
    with Workers(2, nothing) as workers:
        workers.wait()
        yield workers


@pytest.fixture(params=["alone", "with workers"])
def workers(request: pytest.FixtureRequest) -> Workers | None:
    """Return none and two workers."""
    found: Workers | None = None if request.param == "alone" else request.getfixturevalue("two")
    return found


def folded(
    tmp_path: Path, texts: list[str], workers: Workers | None, rule: str = "count.row"
) -> Fold:
    data = dataset([{"input": t} for t in texts], cuts=range(len(texts)))
    tmp_path.mkdir(exist_ok=True)
    fold = Fold(Count(rule), Spool(tmp_path, "count", Count.rules))
    map_parts([fold], map(HeldPart, data.rows.batches()), workers=workers)
    return fold


@dataclass(frozen=True)
class Awaited:
    """One row; another one where a worker waited in vain for this process to map such a part."""

    here: int
    """This process."""
    mapped_here: Path

    def frames(self) -> Iterator[pl.DataFrame]:
        if os.getpid() == self.here:
            self.mapped_here.touch()
        end = time.monotonic() + 20
        while not self.mapped_here.exists() and time.monotonic() < end:
            time.sleep(0.01)
        yield canonical([{"input": "a"}] * (1 if self.mapped_here.exists() else 2))


def test_nobody_waits_for_a_part_while_others_are_not_begun(tmp_path: Path) -> None:
    """The first part ends when this process maps one that was given to the worker as well."""
    count, given = 4 * mapping.AHEAD, tmp_path / "of those given to the worker"
    other = tmp_path / "any other"
    parts = [Awaited(os.getpid(), given if i < DEPTH else other) for i in range(count)]
    fold = Fold(Count(), Spool(tmp_path, "count", Count.rules))
    with Workers(1, nothing) as one:
        one.wait()
        map_parts([fold], parts, workers=one)
    assert fold.seen == {"train": count}


def test_any_number_of_workers_tells_the_same(workers: Workers | None, tmp_path: Path) -> None:
    fold = folded(tmp_path, [str(i) for i in range(150)], workers)
    totals = fold.totals()
    assert isinstance(totals, pl.DataFrame)
    assert totals["n"].to_list() == [150]
    assert fold.seen == {"train": 150}
    assert pl.concat(fold.spool.frames())["row"].to_list() == list(range(150))
    assert fold.spool.counts == {("count.row", "low"): 150}


def test_the_parts_of_workers_that_were_killed_are_mapped_here(tmp_path: Path) -> None:
    with Workers(2, nothing) as workers:
        workers.wait()
        for process in workers._processes:  # noqa: SLF001 - as a machine without memory would
            os.kill(process.process_id, signal.SIGKILL)
        fold = folded(tmp_path, [str(i) for i in range(150)], workers)
    totals = fold.totals()
    assert isinstance(totals, pl.DataFrame)
    assert totals["n"].to_list() == [150]
    assert pl.concat(fold.spool.frames())["row"].to_list() == list(range(150))


def test_parts_that_no_worker_begins_are_mapped_here(tmp_path: Path) -> None:
    with Workers(2, signal.pause) as workers:  # neither of them is ever up
        fold = folded(tmp_path, [str(i) for i in range(30)], workers)
        assert workers.offer(nothing)
        for process in workers._processes:  # noqa: SLF001 - they would never end
            process.kill()
    totals = fold.totals()
    assert isinstance(totals, pl.DataFrame)
    assert totals["n"].to_list() == [30]
    assert pl.concat(fold.spool.frames())["row"].to_list() == list(range(30))


def test_a_check_that_raises_is_broken_and_its_text_goes_no_further(
    workers: Workers | None, tmp_path: Path
) -> None:
    fold = folded(tmp_path, ["a", "break", "b"], workers)
    totals = fold.totals()
    assert isinstance(totals, BrokenCall)
    assert totals.error.startswith("ValueError at test_local.py:")
    assert "4111" not in totals.error


def test_a_rule_that_was_not_declared_breaks_the_check(tmp_path: Path) -> None:
    assert isinstance(folded(tmp_path, ["a"], None, rule="count.other").totals(), BrokenCall)


def test_equal_findings_give_equal_bytes_however_they_were_cut(tmp_path: Path) -> None:
    texts = [str(i) for i in range(100)]
    data = dataset([{"input": t} for t in texts])
    written = []
    for name, cuts in (("one", ()), ("many", range(0, 100, 3))):
        folder = tmp_path / name
        folder.mkdir()
        fold = Fold(Count(), Spool(folder, "count", Count.rules))
        frame = canonical([{"input": t} for t in texts])
        bounds = [0, *cuts, 100]
        map_parts([fold], [HeldPart(frame[a:b]) for a, b in pairwise(bounds)])
        assert spool.write([fold.spool], data.files, folder / "f.parquet") == 100
        written.append((folder / "f.parquet").read_bytes())
    assert written[0] == written[1]
    assert pl.read_parquet(tmp_path / "one" / "f.parquet").schema == FINDINGS


def test_no_findings_are_an_empty_file_of_the_same_shape(tmp_path: Path) -> None:
    spool.write([], (), tmp_path / "f.parquet")
    assert pl.read_parquet(tmp_path / "f.parquet").schema == FINDINGS


@dataclass(frozen=True)
class Halved:
    """A part that is read in two batches."""

    part: HeldPart

    def frames(self) -> Iterator[pl.DataFrame]:
        for batch in self.part.frames():
            yield batch[: batch.height // 2]
            yield batch[batch.height // 2 :]


def test_batches_are_read_and_cut_where_they_are_mapped(
    workers: Workers | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ftaudit.model.parts.PIECE_BYTES", 1_000)
    frame = canonical([{"input": f"row {i}"} for i in range(100)])
    fold = Fold(Count(), Spool(tmp_path, "count", Count.rules))
    done: list[int] = []
    map_parts(
        [fold],
        [Halved(HeldPart(piece)) for piece in pieces(frame)],
        workers=workers,
        advance=done.append,
    )
    totals = fold.totals()
    assert isinstance(totals, pl.DataFrame)
    assert totals["n"].to_list() == [100]
    assert sum(done) == 100
    assert len(done) > 4
    rows = pl.concat(fold.spool.frames())["row"]
    assert rows.to_list() == list(range(100))


def test_little_frames_of_one_schema_are_mapped_together(monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = canonical([{"input": "one"}]), canonical([{"input": "two"}, {"input": "three"}])
    other = pl.DataFrame({"x": [1]})
    frames = [a, b, other, a]
    together = [frame.height for frame in mapping.merged(iter(frames))]
    monkeypatch.setattr("ftaudit.model.parts.PIECE_BYTES", 8)
    apart = [frame.height for frame in mapping.merged(iter(frames))]
    assert together == [3, 1, 1]
    assert apart == [1, 2, 1, 1]
