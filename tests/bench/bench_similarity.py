"""Measure the similarity engine: python -m tests.bench.bench_similarity [--peers] [--scale].

Everything runs in processes of their own, one after the other: on one core (pinned) unless it says
two. `us/row` is CPU time per row, which other work on the machine disturbs less than wall time.
`--peers` installs datasketch, rensa and daft into a virtual environment of their own, once.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import venv
from operator import itemgetter
from pathlib import Path
from typing import Any

from tests.bench import corpus

ROOT = Path(__file__).parents[2]
TURNS = 3
"""Processes for each measurement that is compared with others of ours."""
PEERS = ("datasketch", "rensa", "daft")
Result = dict[str, Any]


def run(command: list[str], workers: int = 1) -> Result:
    """Run one measurement and return what it prints."""
    threads = {"POLARS_MAX_THREADS": str(workers), "RAYON_NUM_THREADS": str(workers)}
    done = subprocess.run(  # noqa: S603 - our own modules
        command, cwd=ROOT, env=os.environ | threads, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stderr}")
    result: Result = json.loads(done.stdout.splitlines()[-1])
    return result


def ours(path: Path, method: str, workers: int = 1, *options: str) -> Result:
    """Run one measurement of ours, and show it."""
    result = measured(path, method, workers, *options)
    show(result, path.stem)
    return result


def measured(path: Path, method: str, workers: int, *options: str) -> Result:
    """Run one measurement of ours."""
    command = [sys.executable, "-m", "tests.bench.similarity_run", str(path), "--method", method]
    return run([*command, "--workers", str(workers), *options], workers)


def in_turn(path: Path, *options: str) -> dict[tuple[str, int], Result]:
    """Measure both methods on one and two cores, again and again; show and return the best of each.

    In turn, for what else the machine does changes from minute to minute, and would be taken for
    a difference between them.
    """
    kinds = [(method, workers) for method in ("minhash", "exact") for workers in (1, 2)]
    turns = [{kind: measured(path, *kind, *options) for kind in kinds} for _ in range(TURNS)]
    best = {kind: min((turn[kind] for turn in turns), key=itemgetter("seconds")) for kind in kinds}
    for result in best.values():
        show(result, path.stem)
    return best


def show(result: Result, what: str) -> None:
    cells = [
        what,
        str(result["method"]),
        str(result.get("workers", 1)),
        f"{result['rows']:,}",
        f"{result['seconds']:.2f}",
        f"{result['cpu']:.2f}",
        f"{result['us_per_row']:.2f}",
        str(result.get("gb", "")),
        str(result.get("clusters", "")),
    ]
    print("|", " | ".join(cells), "|", flush=True)


def table(title: str) -> None:
    print(f"\n### {title}\n")
    print("| data | method | cores | rows | wall s | CPU s | us/row | GB | clusters |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |", flush=True)


def made(folder: Path, rows: int, kind: str, template: int = 0) -> Path:
    """Return a corpus, made once."""
    path = folder / f"{kind}-{rows // 1000}k{'-template' if template else ''}.parquet"
    if not path.exists():
        corpus.write(path, rows, kind, template=template)
    return path


def small(folder: Path, rounds: int, python: Path | None) -> None:
    """Measure 100,000 chat rows: the floor, both methods, one and two cores, and peers."""
    path = made(folder, 100_000, "chat")
    table("100,000 chat rows")
    many = ("--rounds", str(rounds))
    floor = ours(path, "floor", 1, *many)
    both = in_turn(path, *many)
    base = both["minhash", 1]["cpu"]
    ratios = [f"ours / hashing every shingle once: {base / floor['cpu']:.2f}"]
    for peer in PEERS if python else ():
        script = str(ROOT / "tests/bench/similarity_peers.py")
        found = run([str(python), script, peer, str(path), "--rounds", "2"])
        show(found, f"{path.stem}, {found['version']}")
        ratios.append(f"{peer} / ours: {found['cpu'] / base:.1f}")
    told(ratios, both)


def million(folder: Path, rounds: int) -> None:
    """Measure 1,000,000 chat rows."""
    path = made(folder, 1_000_000, "chat")
    table("1,000,000 chat rows")
    many = ("--memory", "800", "--rounds", str(rounds))
    floor = ours(path, "floor", 1, "--rounds", str(rounds))
    both = in_turn(path, *many)
    base = both["minhash", 1]["cpu"]
    ratios = [
        f"ours / hashing every shingle once: {base / floor['cpu']:.2f}",
        f"exact / minhash: {both['exact', 1]['cpu'] / base:.2f}",
    ]
    told(ratios, both)


def told(ratios: list[str], both: dict[tuple[str, int], Result]) -> None:
    """Print ratios, and how much faster two cores are than one."""
    for method in ("minhash", "exact"):
        faster = both[method, 1]["seconds"] / both[method, 2]["seconds"]
        ratios.append(f"{method}, one core / two: {faster:.2f}")
    print("\n" + "\n".join(f"- {ratio}" for ratio in ratios))


def large(folder: Path) -> None:
    """Measure growth: short rows to 10,000,000, chat rows to 5,000,000, and one huge cluster."""
    table("Growth, two cores")
    for rows in (100_000, 1_000_000, 10_000_000):
        ours(made(folder, rows, "short"), "minhash", 2, "--shingles", "char5", "--memory", "1000")
    ours(made(folder, 5_000_000, "chat"), "minhash", 2, "--memory", "1000")
    for rows in (25_000, 100_000):
        ours(made(folder, rows, "chat", template=rows), "minhash", 2)
        ours(made(folder, rows, "chat", template=rows), "exact", 2)


def peers(folder: Path) -> Path:
    """Return the Python of an environment with the peers."""
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        subprocess.run(  # noqa: S603 - fixed names
            [python, "-m", "pip", "install", "-q", *PEERS, "polars", "pyarrow"], check=True
        )
    return python


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="keep the corpora here")
    parser.add_argument("--rounds", type=int, default=10, help="of which the best is told")
    parser.add_argument("--peers", action="store_true", help="measure peers too")
    parser.add_argument(
        "--peers-folder", type=Path, default=Path(tempfile.gettempdir()) / "ftaudit-peers"
    )
    parser.add_argument("--million", action="store_true", help="also 1,000,000 chat rows")
    parser.add_argument("--scale", action="store_true", help="also 10,000,000 rows: an hour, 10 GB")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as made_here:
        folder = given.folder or Path(made_here)
        folder.mkdir(parents=True, exist_ok=True)
        small(folder, given.rounds, peers(given.peers_folder) if given.peers else None)
        if given.million or given.scale:
            million(folder, given.rounds)
        if given.scale:
            large(folder)


if __name__ == "__main__":
    main()
