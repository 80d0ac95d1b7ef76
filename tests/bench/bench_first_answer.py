"""Measure the first answer as a multiple of importing polars.

    python -m tests.bench.bench_first_answer [PAIRS]

Python with polars imported and `ftaudit scan` run in turn, so that both see the same machine. Of
each the processor time of the process and its children, user and system; of their ratios the
median. Bytecode is compiled before, as an installer does.

1. `sample_data/clean`, caches filled.
2. The same with empty caches: nothing derived, no kernel compiled.
3. banking77 with its holdout, caches filled.

Prints a Markdown table.
"""

import compileall
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import ftaudit
from tests.conftest import SHARED

PAIRS = 5
POLARS = ("-c", "import polars")
CLEAN = ("-m", "ftaudit", "scan", "sample_data/clean")
BANKING = (
    *("-m", "ftaudit", "scan", str(SHARED / "banking77_train.csv")),
    *("--holdout", str(SHARED / "banking77_test.csv")),
)


@dataclass(frozen=True)
class Cost:
    """Seconds of a command."""

    processor: float
    wall: float


def main(pairs: int) -> None:
    """Print what a first answer costs."""
    compileall.compile_dir(Path(ftaudit.__file__).parent, quiet=1)
    print("| `ftaudit scan` | processor seconds | times polars | wall seconds | times polars |")
    print("| --- | ---: | ---: | ---: | ---: |")
    show("`sample_data/clean`, warm", in_turn(CLEAN, pairs, warm=True))
    show("`sample_data/clean`, empty caches", in_turn(CLEAN, pairs, warm=False))
    if SHARED.is_dir():
        show("banking77 with its holdout, warm", in_turn(BANKING, pairs, warm=True))


def in_turn(words: Sequence[str], pairs: int, *, warm: bool) -> list[tuple[Cost, Cost]]:
    """Return the costs of importing polars and of a scan, run in turn."""
    with tempfile.TemporaryDirectory() as folder:
        caches = (Path(folder, "cache" if warm else f"cache-{i}") for i in range(pairs + 1))
        costs = [*_pairs(words, Path(folder, "out"), caches)]
    return costs[1:] if warm else costs  # the first fills the caches


def _pairs(words: Sequence[str], out: Path, caches: Iterator[Path]) -> Iterator[tuple[Cost, Cost]]:
    for cache in caches:
        environment = {"XDG_CACHE_HOME": str(cache)}
        scan = (*words, "--output", str(out))
        yield cost(POLARS, environment), cost(scan, environment)


def cost(words: Sequence[str], environment: dict[str, str]) -> Cost:
    """Run Python; return what it and its children cost."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), perf_counter()
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, *words], env=os.environ | environment, capture_output=True, check=False
    )
    wall, after = perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in {0, 1} or b"Traceback" in done.stderr:
        sys.exit(done.stderr.decode())
    user = after.ru_utime - before.ru_utime
    return Cost(user + after.ru_stime - before.ru_stime, wall)


def show(name: str, costs: list[tuple[Cost, Cost]]) -> None:
    """Print the medians."""
    seconds = statistics.median(scan.processor for _, scan in costs)
    wall = statistics.median(scan.wall for _, scan in costs)
    ratio = statistics.median(scan.processor / polars.processor for polars, scan in costs)
    ratio_wall = statistics.median(scan.wall / polars.wall for polars, scan in costs)
    print(f"| {name} | {seconds:.2f} | {ratio:.1f} | {wall:.2f} | {ratio_wall:.1f} |", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else PAIRS)
