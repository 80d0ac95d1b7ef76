"""Time the scan for personal data: beside plain Presidio, and on two processes beside one.

Run it as `python tests/bench/bench_pii.py [ROWS] [TIMES]`. The first table searches ROWS of each
kind of text (by default 30,000; dense text a tenth) beside plain Presidio, in the same run, with
the same NLP engine. The second takes the `pii` check over parquet files, as a scan does, on one
process and on two, TIMES times in turn (by default 3), and keeps the shortest of each; workers are
up before the clock starts, and what that takes is told. Prints Markdown.

`python tests/bench/bench_pii.py train.parquet [TIMES]` takes the check over a file of your own, and
tells the processor time of one process a row, reading the rows included and loading left out.
"""

import hashlib
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import polars as pl

if __name__ == "__main__":  # run by its path, from anywhere
    sys.path.insert(0, str(Path(__file__).parents[2]))

from ftaudit.checks.pii import Pii
from ftaudit.engines.folds import Fold
from ftaudit.engines.local.mapping import map_parts
from ftaudit.engines.local.processes import Workers
from ftaudit.engines.spool import Spool
from ftaudit.model.dataset import ROWS
from ftaudit.model.parts import HeldPart, PartSizes
from ftaudit.privacy.findings.span import Span
from ftaudit.privacy.presidio.presidio_scanner import PresidioScanner
from ftaudit.readers.inputs import Inputs, open_inputs
from ftaudit.records.detect import recognise
from ftaudit.records.rows import RowPart, RowReader
from tests.bench import pii_corpus as corpus

if TYPE_CHECKING:
    from concurrent.futures import Future

Found = list[tuple[int, list[Span]]]
T = TypeVar("T")

KINDS: dict[str, Callable[[int, int], list[str]]] = {
    "mixed, 1 % with personal data": corpus.mixed,
    "clean prose": corpus.clean,
    "grade-school maths": corpus.numbers,
    "nothing but personal data": corpus.dense,
}
SIZES: Final = dict(zip(KINDS, (300_000, 1_000_000, 150_000, 6_000), strict=True))
"""Rows of 500 bytes that take one process several seconds."""

COLUMNS = ("plain, rows/s", "two-stage, rows/s", "ratio", "findings")
PROCESSES = (
    "rows",
    "one process, s",
    "two, s",
    "to one",
    "loop",
    "processor time, s",
    "of a row, µs",
    "of two, s",
    "findings",
    "peak of the worker",
)


def head(first: str, columns: Sequence[str]) -> str:
    """Return the head of a table."""
    return f"| {first} | {' | '.join(columns)} |\n| --- |{' ---: |' * len(columns)}"


@dataclass(frozen=True)
class Timed:
    """Rows per second, by the clock and by the processor."""

    found: Found
    rows: float
    cpu: float


def timed(
    find: Callable[[pl.Series], Iterator[tuple[int, list[Span]]]], rows: Sequence[str]
) -> Timed:
    """Search rows and take the time."""
    texts = pl.Series(rows)
    wall, cpu = time.perf_counter(), time.process_time()
    found = list(find(texts))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return Timed(found, len(rows) / wall, len(rows) / cpu)


def compare(name: str, rows: list[str], sample: int) -> str:
    """Return one line of the first table: plain on a sample, two-stage on all."""
    from ftaudit.privacy.presidio import plain_analyzer, registry

    plain = timed(plain_analyzer.PlainAnalyzer(registry.load(("en",))).find, rows[:sample])
    one = timed(PresidioScanner().find, rows)
    same = [f for f in one.found if f[0] < sample] == plain.found
    return (
        f"| {name} | {plain.rows:,.0f} | {one.rows:,.0f} | {one.cpu / plain.cpu:.1f} x "
        f"| {'the same' if same else 'DIFFERENT'} |"
    )


@dataclass(frozen=True)
class Scan:
    """Seconds of one scan, and a digest of all it said."""

    wall: float
    cpu: float
    """Of all processes together."""
    said: str


@dataclass(frozen=True)
class Bench:
    """One file, the `pii` check, and a worker that is up."""

    inputs: Inputs
    worker: Workers
    check: Pii

    @cached_property
    def reading(self) -> RowReader:
        """What makes canonical rows of the file."""
        return RowReader(recognise(self.inputs.schema, self.inputs.json_columns))

    def scan(self, *, alone: bool) -> Scan:
        """Take the check over the file, as a scan does."""
        with tempfile.TemporaryDirectory() as folder:
            fold = Fold(self.check, Spool(Path(folder), "pii", self.check.rules))
            parts = self.inputs.parts(PartSizes(self.inputs.memory, 1 if alone else 2))
            workers = None if alone else self.worker
            wall, cpu = time.perf_counter(), self._cpu()
            map_parts([fold], [HeldPart(ROWS.to_frame())])
            map_parts([fold], (RowPart(part, self.reading) for part in parts), workers=workers)
            totals = fold.totals()
            wall, cpu = time.perf_counter() - wall, self._cpu() - cpu
            return Scan(wall, cpu, _digest(fold, totals))

    def loop(self) -> float:
        """Return how many times as fast two loops of integers run as one, here and now."""
        count()
        one = count()
        there = offered(self.worker, count)
        both = max(count(), there.result())
        return 2 * one / both

    def peak(self) -> float:
        """Return the megabytes the worker has held at most."""
        return offered(self.worker, _peak).result()

    def _cpu(self) -> float:
        return time.process_time() + offered(self.worker, time.process_time).result()


def offered(worker: Workers, call: Callable[[], T]) -> "Future[T]":
    """Give a call to a worker that has nothing to do."""
    future = worker.offer(call)
    if future is None:
        msg = "the worker is busy"
        raise RuntimeError(msg)
    return future


def count() -> float:
    """Return the seconds that a loop of integers takes."""
    start, total = time.perf_counter(), 0
    for i in range(20_000_000):
        total += i
    return time.perf_counter() - start


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _digest(fold: Fold, totals: object) -> str:
    """Return a short digest of findings and totals."""
    if not isinstance(totals, pl.DataFrame):
        return repr(totals)
    found = hashlib.sha256()
    for frame in (*fold.spool.frames(), totals):
        for row in frame.iter_rows():
            found.update(repr(row).encode())
    return found.hexdigest()


def load(check: Pii) -> None:
    """Load what the check searches with."""
    check.search.check()


def on_two(name: str, rows: list[str], folder: Path, worker: Workers, times: int) -> str:
    """Return one line of the second table."""
    path = folder / "rows.parquet"
    pl.DataFrame({"text": rows}).write_parquet(path)
    return measured(name, path, len(rows), worker, times)


def measured(name: str, path: Path, rows: int, worker: Workers, times: int) -> str:
    """Return the line of the table for a file of so many rows."""
    bench = Bench(open_inputs([path]), worker, Pii())
    one, two, loops = [], [], []
    for _ in range(times):
        loops.append(bench.loop())
        one.append(bench.scan(alone=True))
        two.append(bench.scan(alone=False))
    loops.append(bench.loop())
    same = len({scan.said for scan in (*one, *two)}) == 1
    alone, both = (min(scan.wall for scan in scans) for scans in (one, two))
    return (
        f"| {name} | {rows:,} | {alone:.1f} | {both:.1f} | {alone / both:.2f} x "
        f"| {min(loops):.2f} to {max(loops):.2f} x "
        f"| {min(scan.cpu for scan in one):.1f} | {min(scan.cpu for scan in one) / rows * 1e6:.1f} "
        f"| {min(scan.cpu for scan in two):.1f} "
        f"| {'the same' if same else 'DIFFERENT'} | {bench.peak():.0f} MB |"
    )


def main(rows: int, times: int) -> None:
    """Print the tables."""
    list(PresidioScanner().find(pl.Series(corpus.mixed(200))))
    print(head("500-byte rows", COLUMNS))
    for name, make in KINDS.items():
        dense = make is corpus.dense
        print(compare(name, make(rows // 10 if dense else rows, 0), 300 if dense else 500))
    load(Pii())
    start = time.perf_counter()
    with Workers(1, partial(load, Pii())) as worker, tempfile.TemporaryDirectory() as folder:
        worker.wait()
        print(f"\nA worker is up after {time.perf_counter() - start:.1f} s.\n")
        print(head("from a parquet file", PROCESSES))
        for name, make in KINDS.items():
            print(on_two(name, make(SIZES[name], 0), Path(folder), worker, times), flush=True)


def of_file(path: Path, times: int) -> None:
    """Print the second table for a file of one's own."""
    load(Pii())
    rows = int(pl.scan_parquet(path).select(pl.len()).collect().item())
    with Workers(1, partial(load, Pii())) as worker:
        worker.wait()
        print(head("from a parquet file", PROCESSES))
        print(measured(path.name, path, rows, worker, times))


if __name__ == "__main__":
    from tests.bench.bench_pii import main, of_file  # workers know modules, not this script

    if sys.argv[1:] and not sys.argv[1].isdecimal():
        of_file(Path(sys.argv[1]), int((sys.argv[2:] or ["3"])[0]))
    else:
        given = [int(argument) for argument in sys.argv[1:]]
        main(*(given + [30_000, 3][len(given) :]))
