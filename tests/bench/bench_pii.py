"""Time the two-stage scan beside plain Presidio, in the same run, with the same NLP engine.

Run it as `python tests/bench/bench_pii.py [ROWS] [MILLION]`: ROWS per kind of text (by default
100,000; dense text a tenth), MILLION rows of mixed text for the last line (by default 200,000).
Prints Markdown.
"""

import hashlib
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import polars as pl

if __name__ == "__main__":  # run by its path, from anywhere
    sys.path.insert(0, str(Path(__file__).parents[2]))

from ftaudit.privacy.scan import Scanner
from ftaudit.privacy.span import Span
from tests.bench import pii_corpus as corpus

Found = list[tuple[int, list[Span]]]

KINDS: dict[str, Callable[[int, int], list[str]]] = {
    "mixed, 1 % with personal data": corpus.mixed,
    "clean prose": corpus.clean,
    "grade-school maths": corpus.numbers,
    "nothing but personal data": corpus.dense,
}


COLUMNS = (
    "plain, rows/s",
    "two-stage, rows/s",
    "ratio",
    "two processes, rows/s",
    "to one",
    "their processor time",
    "findings",
    "peak",
)
HEAD = f"| 500-byte rows | {' | '.join(COLUMNS)} |\n| --- |{' ---: |' * len(COLUMNS)}"


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


@dataclass(frozen=True)
class Part:
    """What a worker made of its part of the rows."""

    found: Found
    cpu: float
    """Seconds of processor time."""
    peak: float
    """Megabytes the process has held at most."""


def scanned(start: int, texts: pl.Series) -> Part:
    """Search rows in a worker process; spans by row."""
    cpu = time.process_time()
    found = [(start + i, spans) for i, spans in Scanner().find(texts)]
    return Part(found, time.process_time() - cpu, _peak())


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def made_and_scanned(seed: int, count: int) -> tuple[int, float, float]:
    """Make mixed rows and search them; returns findings, seconds of searching, peak in MB."""
    texts = pl.Series(corpus.mixed(count, seed))
    start = time.perf_counter()
    findings = sum(len(spans) for _, spans in Scanner().find(texts))
    seconds = time.perf_counter() - start
    return findings, seconds, _peak()


def warm() -> None:
    """Build a worker's engine."""
    scanned(0, pl.Series(corpus.dense(20)))


def digest(found: Found) -> str:
    """Return a short digest of findings."""
    return hashlib.sha256(repr(found).encode()).hexdigest()[:12]


def compare(name: str, rows: list[str], sample: int, pool: ProcessPoolExecutor) -> str:
    """Return one line of the table: plain on a sample, two-stage on one and on two processes."""
    from ftaudit.privacy import engine, registry

    plain = timed(engine.Plain(registry.load(("en",))).find, rows[:sample])
    one = timed(Scanner().find, rows)
    wall, parts = _on_both(rows, pool)
    two = [found for part in parts for found in part.found]
    same = [f for f in one.found if f[0] < sample] == plain.found and digest(two) == digest(
        one.found
    )
    cpu = sum(part.cpu for part in parts) / len(rows) * one.cpu
    return (
        f"| {name} | {plain.rows:,.0f} | {one.rows:,.0f} | {one.cpu / plain.cpu:.1f} x "
        f"| {len(rows) / wall:,.0f} | {len(rows) / wall / one.rows:.2f} x | {cpu:.2f} x "
        f"| {'the same' if same else 'DIFFERENT'} | {max(part.peak for part in parts):.0f} MB |"
    )


def _on_both(rows: list[str], pool: ProcessPoolExecutor) -> tuple[float, list[Part]]:
    """Search rows in two processes; returns seconds, and what each part gave."""
    size = max(100, len(rows) // 16)
    starts = range(0, len(rows), size)
    columns = [pl.Series(rows[i : i + size]) for i in starts]
    wall = time.perf_counter()
    parts = list(pool.map(scanned, starts, columns))
    return time.perf_counter() - wall, parts


def main(count: int, many: int) -> None:
    """Print the tables."""
    with ProcessPoolExecutor(2, get_context("spawn"), warm) as pool:
        list(pool.map(time.sleep, [1] * 4))  # until both are up
        list(Scanner().find(pl.Series(corpus.mixed(200))))
        print(HEAD)
        for name, make in KINDS.items():
            dense = make is corpus.dense
            rows = make(count // 10 if dense else count, 0)
            print(compare(name, rows, 300 if dense else 500, pool), flush=True)
        size = 20_000
        done = list(pool.map(made_and_scanned, range(many // size), [size] * (many // size)))
    seconds, findings = sum(each[1] for each in done) / 2, sum(each[0] for each in done)
    print(
        f"\n{many:,} mixed rows: {seconds:.1f} s on two processes, {findings:,} findings, ", end=""
    )
    print(f"{max(each[2] for each in done):.0f} MB at most in a worker")


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:]]
    main(*(given + [100_000, 200_000][len(given) :]))
