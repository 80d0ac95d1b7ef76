"""Run `ftaudit` as a shell would: in this process, or in one of its own."""

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from ftaudit.cli.main import run
from tests.sample_data.samples import SAMPLES

CLEAN = str(SAMPLES / "clean")
FAST = ("--only", "schema", "--only", "class-balance", "--policy", "report-only")
"""Options for a scan that loads little."""


class Said(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str


class Shell:
    """Runs commands in an empty folder and keeps what they print."""

    def __init__(self, folder: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capture = capture

    def __call__(self, *arguments: str | Path) -> Said:
        self._capture.readouterr()
        code = run([str(a) for a in arguments])
        return Said(code, *self._capture.readouterr())

    def left(self) -> list[str]:
        """Return what stands in the folder, hidden files too."""
        return sorted(p.relative_to(self.folder).as_posix() for p in self.folder.rglob("*"))


def python(program: str, *arguments: str) -> Said:
    """Run a program in an interpreter of its own."""
    done = subprocess.run(  # noqa: S603 - this interpreter, a program of the tests
        [sys.executable, "-c", program, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "NO_COLOR": "1"},
    )
    return Said(done.returncode, done.stdout, done.stderr)
