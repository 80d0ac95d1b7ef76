"""Run every case of the shared detection set, and print which are right.

python tests/bench/detection_cases.py [NUMBER ...]

The README of the set holds a line per case: file, command, metrics that a user expects.
"""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from typing import NamedTuple

from tests.conftest import SHARED

CASES = SHARED / "cases" / "detection"
_EXPECTED = re.compile(r"`([a-zA-Z_.]+)` (\d+)")
_LEAKED = re.compile(r"(\d+) (?:leaked rows|row reported)")


class Case(NamedTuple):
    """One line of the README."""

    number: str
    arguments: list[str]
    expected: dict[str, int]
    leaked: int | None
    """Rows that must be reported under `leakage`, whatever the kind."""


def read() -> Iterator[Case]:
    """Yield the cases in the order of the README."""
    for line in (CASES / "README.md").read_text("utf-8").splitlines():
        command = re.search(r"`ftaudit (scan [^`]*)`", line)
        if command:
            cells = line.strip("|").split(" | ")
            expected = {name: int(count) for name, count in _EXPECTED.findall(cells[2])}
            leaked = _LEAKED.search(cells[2])
            number = cells[0].strip().split("-")[0]
            yield Case(number, command[1].split(), expected, int(leaked[1]) if leaked else None)


def metrics_of(case: Case) -> dict[str, float] | str:
    """Return the metrics of a case's scan, or the last line of its error."""
    with tempfile.TemporaryDirectory() as output:
        done = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "ftaudit", *case.arguments, "--json", "--output", output],
            cwd=CASES,
            capture_output=True,
            text=True,
            check=False,
        )
    try:
        checks = json.loads(done.stdout)["predicate"]["checks"]
    except ValueError:
        return (done.stderr.strip().splitlines() or ["no output"])[-1]
    return {name: value for check in checks for name, value in check["metrics"].items()}


def is_right(case: Case, metrics: dict[str, float]) -> bool:
    """Say whether a scan measured what a user expects."""
    if case.leaked is not None:
        reported = [n for name, n in metrics.items() if re.fullmatch(r"leakage\.\w+_rows", name)]
        return sum(reported) >= case.leaked
    return all(metrics.get(name) == count for name, count in case.expected.items())


def main(numbers: list[str]) -> int:
    """Run the cases named, or all; return how many are wrong."""
    wrong = total = 0
    for case in read():
        if numbers and case.number not in numbers:
            continue
        metrics = metrics_of(case)
        right = isinstance(metrics, dict) and is_right(case, metrics)
        total, wrong = total + 1, wrong + (not right)
        measured = (
            {name: metrics.get(name) for name in case.expected}
            if isinstance(metrics, dict)
            else metrics
        )
        print(f"{case.number:4} {'right' if right else 'WRONG'}  {measured}", flush=True)
    print(f"{total - wrong} of {total} right")
    return wrong


if __name__ == "__main__":
    sys.exit(bool(main(sys.argv[1:])))
