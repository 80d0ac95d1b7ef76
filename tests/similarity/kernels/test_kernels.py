"""No kernel reads or writes past a buffer."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_with_bounds_checked_the_kernels_equal_plain_python_on_fuzzed_bytes(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.similarity.checked"],
        cwd=ROOT,
        env=os.environ | {"NUMBA_BOUNDSCHECK": "1", "NUMBA_CACHE_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    said = ["bounds are checked", "equal to plain Python", "not run:"]
    assert done.stdout.splitlines() == said, done.stderr
