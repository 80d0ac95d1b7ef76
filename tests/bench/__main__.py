"""Run the benchmarks one after the other: python -m tests.bench [--only NAME]... (`make bench`).

NAME is a module `bench_NAME` of this folder. Each runs in a process of its own. Nothing here is
a test: a time is measured, never asserted.
"""

import argparse
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
NAMES = sorted(p.stem.removeprefix("bench_") for p in FOLDER.glob("bench_*.py"))


def main() -> int:
    """Run the chosen benchmarks; return 1 when one of them broke."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--only", action="append", choices=NAMES, help="run this one; repeatable")
    failed = []
    for name in parser.parse_args().only or NAMES:
        print(f"\n## {name}\n", flush=True)
        command = [sys.executable, "-m", f"tests.bench.bench_{name}"]
        done = subprocess.run(command, cwd=FOLDER.parents[1], check=False)  # noqa: S603 - our own modules
        if done.returncode:
            failed.append(name)
    if failed:
        print(f"\nbroke: {', '.join(failed)}", file=sys.stderr)
    return int(bool(failed))


if __name__ == "__main__":
    raise SystemExit(main())
