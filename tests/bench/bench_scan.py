"""Measure whole scans: python -m tests.bench.bench_scan [ROWS].

1. Start-up: `ftaudit --help` and `ftaudit checks`, the median of nine.
2. banking77 with its holdout: the first run on a machine (no compiled kernels), then later ones.
3. ROWS synthetic rows of 300 bytes (1,000,000 unless told): time, and peak memory.

Prints Markdown tables. Every scan is a process of its own, all its checks on.
"""

import json
import random
import statistics
import sys
import tempfile
from pathlib import Path

import polars as pl

from tests.bench.process_tree import Run, run
from tests.conftest import SHARED

FTAUDIT = (sys.executable, "-m", "ftaudit")
ROWS = 1_000_000
BYTES = 300
"""Length of the text of a synthetic row, on average."""
CHUNK = 50_000


def main(rows: int) -> None:
    """Print what start-up, banking77 and the synthetic rows take."""
    print("| command | seconds |\n| --- | ---: |")
    for words in (("--help",), ("checks",)):
        seconds = statistics.median(_run(*words).seconds for _ in range(9))
        print(f"| `ftaudit {' '.join(words)}` | {seconds:.2f} |")
    print(
        "\n| scan | rows | seconds | peak memory, MiB |\n| --- | ---: | ---: | ---: |", flush=True
    )
    with tempfile.TemporaryDirectory() as folder:
        if SHARED.is_dir():
            banking(Path(folder))
        synthetic(Path(folder), rows)


def banking(folder: Path) -> None:
    """Scan banking77 without compiled kernels, and three times with them."""
    cache = {"XDG_CACHE_HOME": str(folder / "cache")}
    data = [str(SHARED / "banking77_train.csv"), "--holdout", str(SHARED / "banking77_test.csv")]
    first = _scan(folder, *data, environment=cache)
    later = [_scan(folder, *data, environment=cache) for _ in range(3)]
    _print("banking77, first run", folder, first)
    _print("banking77, later runs", folder, min(later, key=lambda r: r.seconds))


def synthetic(folder: Path, rows: int) -> None:
    """Scan synthetic rows, and say what was found in them."""
    path = folder / "rows.parquet"
    run([sys.executable, "-m", "tests.bench.bench_scan", "write", str(path), str(rows)])
    found = _scan(folder, str(path), "--holdout", str(folder / "holdout.parquet"))
    _print(f"synthetic, {BYTES} bytes", folder, found)
    manifest = json.loads((folder / "out" / "manifest.json").read_text(encoding="utf-8"))
    print()
    for check in manifest["predicate"]["checks"]:
        print(f"- {check['id']}: {check['status']}, {check['headline'] or check['reason']}")


def write(path: Path, rows: int) -> None:
    """Write rows of random words, 2 % of them near-copies, 1 % with personal data; and a holdout.

    Words are drawn as in language, the r-th most frequent with weight 1/r.
    """
    chance = random.Random(77)  # noqa: S311 - a benchmark's data, not a secret
    letters = "etaoinshrdlucmfwypvbgk"
    words = ["".join(chance.choices(letters, k=2 + i % 9)) for i in range(30_000)]
    weights = [1 / (rank + 3) for rank in range(len(words))]
    frames = []
    for start in range(0, rows, CHUNK):
        drawn = chance.choices(words, weights, k=CHUNK * 45)
        texts = [" ".join(drawn[i * 45 : i * 45 + 45]) for i in range(min(CHUNK, rows - start))]
        frames.append(pl.DataFrame({"text": _altered(texts, chance)}))
    frame = pl.concat(frames).with_row_index("id")
    labelled = frame.with_columns(label=pl.format("class_{}", pl.col("id") % 20))
    labelled.write_parquet(path)
    fresh = [" ".join(chance.choices(words, weights, k=45)) for _ in range(max(10, rows // 100))]
    holdout = pl.DataFrame({"text": fresh}).with_row_index("id")
    classes = pl.format("class_{}", pl.col("id") % 20)
    holdout.with_columns(label=classes).write_parquet(path.with_name("holdout.parquet"))


def _altered(texts: list[str], chance: random.Random) -> list[str]:
    """Make every fiftieth text a near-copy of another, and plant an address in every hundredth."""
    for i in range(0, len(texts), 50):
        texts[i] = texts[chance.randrange(len(texts))] + " again"
    for i in range(1, len(texts), 100):
        texts[i] += f" write to person{chance.randrange(10**6)}@example.com"
    return texts


def _scan(folder: Path, *data: str, environment: dict[str, str] | None = None) -> Run:
    return _run("scan", *data, "--output", str(folder / "out"), environment=environment)


def _run(*words: str, environment: dict[str, str] | None = None) -> Run:
    found = run([*FTAUDIT, *words], environment=environment)
    if found.exit_code not in {0, 1} or "Traceback" in found.output:
        sys.exit(found.output)
    return found


def _print(name: str, folder: Path, found: Run) -> None:
    manifest = json.loads((folder / "out" / "manifest.json").read_text(encoding="utf-8"))
    rows = sum(i["rows"] for i in manifest["predicate"]["inputs"])
    print(f"| {name} | {rows:,} | {found.seconds:.1f} | {found.peak / 2**20:,.0f} |", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["write"]:
        write(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
