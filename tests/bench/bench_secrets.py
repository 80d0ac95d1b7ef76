"""Print rows per second of the searches of our own, one process: secrets, markings, cues.

python tests/bench/bench_secrets.py [folder of the shared data]
"""

import random
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl

from ftaudit.privacy.findings.span import Span
from ftaudit.privacy.marking_scanner import MarkingScanner
from ftaudit.privacy.recognizers.cued_scanner import CuedScanner
from ftaudit.privacy.secrets.secret_scanner import SecretScanner
from tests.conftest import SHARED
from tests.privacy.corpora import banking, gsm8k, roleplay
from tests.privacy.planted import planted

ROWS, SIZE, REPEATS = 40_000, 500, 3
Find = Callable[[pl.Series], Iterator[tuple[int, list[Span]]]]
SEARCHES: dict[str, Find] = {
    "secrets": SecretScanner().find,
    "markings": MarkingScanner().find,
    "cues": CuedScanner().find,
}


def windows(text: str, seed: int) -> list[str]:
    """Return distinct random windows of 500 characters."""
    source = random.Random(seed)  # noqa: S311 - a fixed seed
    starts = (source.randrange(len(text) - SIZE) for _ in range(ROWS))
    return [text[start : start + SIZE] for start in starts]


def planted_rows(rows: list[str]) -> list[str]:
    """Put a planted value into one row of a hundred."""
    values = [value.text for value in planted()]
    return [
        f"{row[:200]} {values[i % len(values)]} {row[200:]}"[: SIZE + 60] if i % 100 == 0 else row
        for i, row in enumerate(rows)
    ]


def main(shared: Path) -> None:
    prose = "\n".join(roleplay(shared))
    mixed = prose + "\n".join(gsm8k(shared)) + ". ".join(banking(shared))
    corpora = {
        "prose, 500 characters": windows(prose, 1),
        "mixed, 500 characters, 1 % with a finding": planted_rows(windows(mixed, 2)),
        "gsm8k": gsm8k(shared),
        "banking77": banking(shared),
    }
    print("| data | rows | " + " | ".join(f"{name}, rows/s" for name in SEARCHES) + " |")
    print("| --- | ---: |" + " ---: |" * len(SEARCHES))
    for title, texts in corpora.items():
        column = pl.Series(texts)
        speeds = [len(texts) / _best(find, column) for find in SEARCHES.values()]
        print(f"| {title} | {len(texts):,} | " + " | ".join(f"{s:,.0f}" for s in speeds) + " |")


def _best(find: Find, column: pl.Series) -> float:
    """Return the least of a few times, in seconds; the first run compiles."""
    times = []
    for _ in range(REPEATS + 1):
        start = time.perf_counter()
        for _found in find(column):
            pass
        times.append(time.perf_counter() - start)
    return min(times[1:])


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SHARED)
