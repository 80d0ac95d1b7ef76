"""Read many mutated files in processes of their own; say how each of those that fail does.

`python -m tests.fuzz.driver COUNT [FIRST]`, which `make fuzz` calls, ends with 1 if any failed.
"""

import signal
import subprocess
import sys
from collections.abc import Iterator

SECONDS = 120
"""Longest that one process may be silent about the next input."""


def failures(first: int, count: int) -> Iterator[str]:
    """Yield a line for every input that does not end as it must, from number `first` on."""
    number = first
    while number < first + count:
        command = [
            sys.executable,
            "-m",
            "tests.fuzz.reading",
            str(number),
            str(first + count - number),
        ]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own module
        yield from ended.stdout.splitlines()
        if ended.returncode == 0:
            return
        begun = [int(line) for line in ended.stderr.splitlines() if line.isdecimal()]
        number = begun[-1] if begun else number
        yield f"{number}: the process ended with {_named(ended.returncode)}"
        number += 1


def _named(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


if __name__ == "__main__":
    wrong = list(failures(int(sys.argv[2]) if len(sys.argv) > 2 else 0, int(sys.argv[1])))
    print("\n".join(wrong) or f"{sys.argv[1]} mutated files: every one read or refused")  # noqa: T201 - a command
    sys.exit(bool(wrong))
