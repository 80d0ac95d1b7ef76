"""No kernel reads or writes past a buffer."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ftaudit.similarity.runtime.kernel_loader import cache_folder

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[3]


def test_with_bounds_checked_the_kernels_equal_plain_python_on_fuzzed_bytes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NUMBA_BOUNDSCHECK", "1")
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(cache_folder()))  # of kernels with bounds checked
    done = subprocess.run(
        [sys.executable, "-m", "tests.similarity.checked"],
        cwd=ROOT,
        env=os.environ,
        capture_output=True,
        text=True,
        check=False,
    )
    said = ["bounds are checked", "equal to plain Python", "not run:"]
    assert done.stdout.splitlines() == said, done.stderr
