"""Build the relation of one parquet file once, in a process of its own, and say what it took.

    python -m tests.bench.similarity_run chat.parquet --method minhash --workers 1

Prints one JSON object. With several rounds the first also loads libraries and kernels and takes
memory from the system; the best is told. Memory is the peak of the whole process.
"""

import argparse
import json
import os
import resource
import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import numpy as np
import polars as pl

from ftaudit.model.dataset import ROWS, DataFile
from ftaudit.model.progress import Advance, Silent
from ftaudit.similarity.build import build
from ftaudit.similarity.labels.suspected_labels import review_labels
from ftaudit.similarity.parameters import SimilarityOptions
from ftaudit.similarity.relation import Similar
from ftaudit.similarity.runtime.kernel_loader import load_kernels
from ftaudit.similarity.runtime.threads import ALONE, running_threads
from ftaudit.similarity.text.row_numbering import RowNumbering
from ftaudit.similarity.text.shingling import shingle
from ftaudit.similarity.text.text_source import TextSlice, TextSource

T = TypeVar("T")


@dataclass(frozen=True)
class Parquet:
    """Rows of a parquet file with a column `text`, streamed."""

    path: Path
    rows: int
    chunk: int = 25_000

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        """Yield rows of one training file, without labels and outputs."""
        start, names = 0, list(columns or ROWS.names())
        for texts in self._texts({"input", "text"} & set(names)):
            rows = np.arange(start, start + len(texts), dtype=np.uint64)
            start += len(texts)
            same = {"id": pl.Series(rows), "row": pl.Series(rows), "input": texts, "text": texts}
            constant = {"split": "train", "file": 0}
            yield pl.DataFrame(
                {
                    name: same[name]
                    if name in same
                    else _repeated(constant.get(name), len(rows), ROWS[name])
                    for name in names
                }
            )

    def _texts(self, wanted: Collection[str]) -> Iterator[pl.Series]:
        """Yield the texts, or as many nulls where nobody asks for them."""
        file = pl.scan_parquet(self.path).select("text")
        if wanted:
            for frame in file.collect_batches(chunk_size=self.chunk, maintain_order=True):
                yield frame["text"]
            return
        for start in range(0, self.rows, 4 * self.chunk):
            rows = min(4 * self.chunk, self.rows - start)
            yield _repeated(None, rows, pl.String())


def _repeated(value: object, times: int, dtype: pl.DataType) -> pl.Series:
    return pl.Series([value], dtype=dtype).new_from_index(0, times)


@dataclass
class Stages:
    """Seconds of wall and CPU time of every stage, and GB resident at its peak."""

    taken: list[tuple[str, float, float, float]] = field(default_factory=list)
    peak: float = 0.0
    """The highest so far."""

    @contextmanager
    def stage(self, name: str, total: int | None = None) -> Iterator[Advance]:  # noqa: ARG002 - as agreed
        """Time one stage."""
        self.look()
        wall, cpu = time.perf_counter(), time.process_time()
        yield lambda _: None
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        self.taken.append((name, round(wall, 3), round(cpu, 3), round(self.look(), 2)))

    def look(self) -> float:
        """Return the peak since the last look."""
        peak = resident_peak()
        self.peak = max(self.peak, peak)
        with suppress(OSError):  # Linux takes it anew from here
            Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
        return peak


def resident_peak() -> float:
    """Return the most memory this process held, in GB (10^9 bytes), since it was looked at."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9


@dataclass(frozen=True)
class Best:
    """The least seconds of several rounds in one process, by the clock and of the processor."""

    wall: float
    cpu: float

    def said(self, rows: int) -> dict[str, object]:
        """Return what is printed of it."""
        return {
            "seconds": round(self.wall, 3),
            "cpu": round(self.cpu, 3),
            "us_per_row": round(self.cpu / rows * 1e6, 2),
        }


def best_of(rounds: int, work: Callable[[], T]) -> tuple[Best, T]:
    """Run `work` so often; return the best times and what the last round returned."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    best = Best(time.perf_counter() - wall, time.process_time() - cpu)
    if rounds == 1:
        return best, result
    del result  # as large as what the next round makes
    later, result = best_of(rounds - 1, work)
    return Best(min(best.wall, later.wall), min(best.cpu, later.cpu)), result


def measure(given: argparse.Namespace) -> dict[str, object]:
    """Build the relation."""
    rows = pl.scan_parquet(given.path).select(pl.len()).collect().item()
    files = (DataFile("bench.parquet", "train", "0" * 64, rows, 0),)
    options = SimilarityOptions(
        threshold=given.threshold,
        method=given.method,
        shingles=given.shingles,
        compare=given.compare,
    )
    stages = Stages()

    def once() -> Similar:
        stages.taken.clear()
        with tempfile.TemporaryDirectory(dir=given.path.parent) as folder:
            return build(
                Parquet(given.path, rows),
                files,
                options,
                label_reader=review_labels,
                workers=given.workers,
                memory=given.memory * 1_000_000 if given.memory else None,
                folder=Path(folder),
                progress=stages if given.stages else Silent(),
            )

    best, found = best_of(given.rounds, once)
    clusters = members = 0
    for frame in found.batches():
        clusters += frame.height
        members += int(frame["members"].list.len().sum())
    return {
        "rows": rows,
        "method": found.configuration["method"],
        "shingles": found.configuration["shingles"],
        "workers": given.workers,
        **best.said(rows),
        "gb": round(max(stages.peak, stages.look()), 2),
        "clusters": clusters,
        "members": members,
        "stages": stages.taken,
        "notes": found.notes,
    }


def floor(given: argparse.Namespace) -> dict[str, object]:
    """Read, normalise and hash every shingle of every row once, and do nothing with them."""
    count = pl.scan_parquet(given.path).select(pl.len()).collect().item()
    numbering = RowNumbering((DataFile("x", "train", "0" * 64, count, 0),))
    load_kernels(Silent(), "shingle_rows")

    def once() -> int:
        with running_threads(given.workers) as pool:
            source = TextSource(Parquet(given.path, count), numbering, "input")

            def hashed(piece: TextSlice) -> int:
                return sum(shingle(ALONE, given.shingles, piece.column, lambda _, h, __: len(h)))

            return sum(pool.through(source.texts(), hashed))

    best, shingles = best_of(given.rounds, once)
    return {
        "rows": count,
        "method": "hash every shingle once",
        "workers": given.workers,
        **best.said(count),
        "shingles": shingles,
    }


def main() -> None:
    """Measure what the arguments say, and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("--method", choices=["auto", "exact", "minhash", "floor"], default="auto")
    parser.add_argument("--shingles", choices=["auto", "char5", "word3"], default="word3")
    parser.add_argument("--compare", choices=["input", "text"], default="text")
    parser.add_argument("--threshold", type=float, default=0.8)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--memory", type=int, help="megabytes")
    parser.add_argument("--stages", action="store_true", help="time each, which takes some time")
    parser.add_argument("--rounds", type=int, default=1, help="of which the best is told")
    given = parser.parse_args()
    if given.workers == 1:
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    print(json.dumps(floor(given) if given.method == "floor" else measure(given)))


if __name__ == "__main__":
    main()
