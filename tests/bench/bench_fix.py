"""`ftaudit fix` against the scan alone, on the same files: time and the peak of memory.

Run by hand: `python -m tests.bench --only fix`, or `python -m tests.bench.bench_fix ROWS`. By
default 1,000,000 rows of about 500 bytes, of which some repeat, leak or hold personal data.
"""

import json
import os
import random
import sys
import tempfile
from pathlib import Path

from tests.bench.process_tree import Run, run

ROWS = 1_000_000
WORDS = 66
"""Words of a text: about 480 bytes."""


def texts(rows: int) -> list[str]:
    """Return texts of words drawn by chance; one in fifty repeats, some name a mail."""
    draw = random.Random(7)  # noqa: S311 - reproducible, and no secret
    letters = "abcdefghijklmnopqrstuvwxyz"
    words = ["".join(draw.choices(letters, k=draw.randint(3, 9))) for _ in range(20_000)]
    made: list[str] = []
    for number in range(rows):
        text = " ".join(draw.choices(words, k=WORDS))
        if number % 50 == 49:
            text = f"{draw.choice(made[-1_000:])} {draw.choice(words)}"
        if number % 100 == 3:
            text += f" write to {draw.choice(words)}.{draw.choice(words)}@postfach-hansa.net"
        made.append(text)
    return made


def write(path: Path, rows: list[str]) -> None:
    """Write a file of labelled texts."""
    lines = (json.dumps({"text": t, "label": f"c{n % 20}"}) for n, t in enumerate(rows))
    path.write_text("".join(line + "\n" for line in lines))


def measured(folder: Path, *words: str) -> Run:
    """Run a command of ftaudit on the files in a folder."""
    data = ["train.jsonl", "--holdout", "test.jsonl"]
    command = [sys.executable, "-m", "ftaudit", *words[:1], *data, *words[1:]]
    return run(command, cwd=folder, environment={"PYTHONPATH": os.getcwd()})  # noqa: PTH109 - of the bench


def main(rows: int) -> None:
    """Print a table of both."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = texts(rows)
        write(folder / "train.jsonl", made)
        write(folder / "test.jsonl", [*texts(rows // 20), *made[: rows // 2_000]])
        print(f"{rows:,} rows, {(folder / 'train.jsonl').stat().st_size >> 20} MiB\n")
        print("| command | seconds | processor | peak MiB | exit |")
        print("| --- | ---: | ---: | ---: | ---: |", flush=True)
        scanned = measured(folder, "scan", "--quiet", "--output", "out")
        fixed = measured(folder, "fix", "--output", "fixed")
        for title, result in (("scan", scanned), ("fix", fixed)):
            peak = result.peak >> 20
            times = f"{result.seconds:.1f} | {result.processor:.1f}"
            print(f"| {title} | {times} | {peak:,} | {result.exit_code} |")
        ratio = fixed.processor / scanned.processor
        print(f"\nfix takes {ratio:.2f} times the processor seconds of the scan")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
