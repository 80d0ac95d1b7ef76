"""Measure whole scans stage by stage, on one core and on two: two corpora.

    python -m tests.bench.bench_stages [ROWS]

ROWS rows (1,000,000 unless told) of independent words (`bench_scan`), and as many that are put
together from 40,000 sentences, so that each stands in about ninety rows. Every scan is a process of
its own, all its checks on. Prints a Markdown table for each corpus: of every stage the seconds with
one worker and with two, their ratio, and the processor seconds with one worker. Ratios tell
something on an idle machine only; processor seconds elsewhere, too.
"""

import json
import resource
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import ftaudit
from tests.bench import bench_scan
from tests.bench.process_tree import Run, run
from tests.bench.similarity_run import Stages
from tests.conftest import SHARED

ROWS = 1_000_000
GENERATOR = SHARED.parent / "prototypes" / "bench" / "gen_shared_sentences.py"
SHORT = 0.5
"""Seconds below which a stage is not shown by itself."""


def main(rows: int) -> None:
    """Write the corpora one after the other, scan them, and print their stages."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "independent" / "rows.parquet"
        path.parent.mkdir()
        bench_scan.write(path, rows)
        compare("independent rows of 300 bytes", path, path.with_name("holdout.parquet"))
    if GENERATOR.is_file():
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, str(GENERATOR), str(SHARED), folder, "--rows", str(rows)]
            _whole(run(command))
            train, test = Path(folder, "train.parquet"), Path(folder, "test.parquet")
            compare("rows of 510 bytes that share sentences", train, test)


def compare(name: str, train: Path, holdout: Path) -> None:
    """Print the stages of scans by one worker and by two."""
    command = [sys.executable, "-m", "tests.bench.bench_stages", str(train), str(holdout)]
    one, two = (_whole(run([*command, workers])) for workers in ("1", "2"))
    alone, both = (json.loads(done.output.strip().splitlines()[-1]) for done in (one, two))
    print(f"\n### {name}\n")
    print("| stage | 1 worker, s | 2 workers, s | ratio | processor s, 1 worker |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for stage, (wall, cpu) in alone["stages"].items():
        if wall >= SHORT:
            line(stage, wall, both["stages"].get(stage, (0.0, 0.0))[0], cpu)
    line("under no stage", _unnamed(alone, 0), _unnamed(both, 0), _unnamed(alone, 1))
    line("whole scan", alone["wall"], both["wall"], alone["cpu"])
    memory = " and ".join(f"{done.peak / 2**20:,.0f}" for done in (one, two))
    print(f"\nPeak memory {memory} MiB; with two workers {both['cpu']:.1f} processor seconds.")


def _unnamed(times: Mapping[str, Any], at: int) -> float:
    """Return the seconds of a scan that no stage has: by the clock (0) or of the processor (1)."""
    whole = float(times[("wall", "cpu")[at]])
    return max(0.0, whole - sum(float(taken[at]) for taken in times["stages"].values()))


def line(name: str, alone: float, both: float, cpu: float) -> None:
    """Print a line of the table."""
    print(f"| {name} | {alone:.1f} | {both:.1f} | {alone / max(both, 0.01):.2f} | {cpu:.1f} |")


def scan(train: str, holdout: str, workers: int) -> None:
    """Scan, and print one JSON object: seconds of every stage by its name, and of the whole."""
    stages, start = Stages(), time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        with stages.stage("importing ftaudit"):
            options, scan_data = ftaudit.Options(workers=workers), ftaudit.scan
        audit = scan_data(train, holdout=holdout, options=options, progress=stages)
        with stages.stage("writing reports"):
            audit.write(Path(folder))
    taken: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for name, wall, cpu, _ in stages.taken:
        taken[name][0] += wall
        taken[name][1] += cpu
    usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    whole = sum(used.ru_utime + used.ru_stime for used in usage)
    wall = time.perf_counter() - start
    print(json.dumps({"stages": taken, "wall": wall, "cpu": whole}))


def _whole(done: Run) -> Run:
    if done.exit_code:
        sys.exit(done.output)
    return done


if __name__ == "__main__":
    if len(sys.argv) > 2:
        scan(sys.argv[1], sys.argv[2], int(sys.argv[3]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
