"""A million results against a million: `ftaudit compare`, its time and its memory.

Run by hand: `python -m tests.bench --only compare`, or this file. Rows are made up from a seed.
"""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

ROWS = 1_000_000
CLASSES = 100
WORDS = ("card", "order", "refund", "where", "late", "please", "cancel", "plan", "error", "login")


def make(folder: Path, rows: int = ROWS) -> None:
    """Write a holdout and two files of results."""
    generator = np.random.default_rng(7)
    labels = np.array([f"class_{n:03}" for n in range(CLASSES)])
    truth = generator.integers(0, CLASSES, rows)
    words = np.array(WORDS)[generator.integers(0, len(WORDS), (rows, 6))]
    numbers = generator.integers(0, 10**9, rows)
    texts = [f"{' '.join(row)} {number}" for row, number in zip(words, numbers, strict=True)]
    pl.DataFrame({"text": texts, "label": labels[truth]}).write_parquet(folder / "test.parquet")
    for name, share in (("baseline", 0.80), ("tuned", 0.85)):
        wrong = generator.random(rows) > share
        answers = np.where(wrong, generator.integers(0, CLASSES, rows), truth)
        pl.DataFrame(
            {
                "id": np.arange(rows),
                "output": labels[answers],
                "prompt_tokens": generator.integers(50, 900, rows),
                "completion_tokens": generator.integers(1, 9, rows),
            }
        ).write_ndjson(folder / f"{name}.jsonl")


def run(folder: Path, *options: str) -> tuple[float, float]:
    """Return seconds and peak MiB of one comparison in a process of its own."""
    command = [
        *(sys.executable, "-m", "ftaudit", "compare", str(folder / "test.parquet")),
        *("--baseline", str(folder / "baseline.jsonl"), "--tuned", str(folder / "tuned.jsonl")),
        *("--output", str(folder / "out"), *options),
    ]
    start = time.perf_counter()
    ended = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    seconds = time.perf_counter() - start
    if ended.returncode not in {0, 1}:
        raise SystemExit(ended.stderr)
    return seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def main() -> None:
    """Measure, and print a line per way."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder)
        for options in ((), ("--cluster", "label")):
            seconds, memory = run(folder, *options)
            print(f"{ROWS:,} x {ROWS:,} {' '.join(options):<12} {seconds:6.1f} s {memory:7.0f} MiB")


if __name__ == "__main__":
    main()
