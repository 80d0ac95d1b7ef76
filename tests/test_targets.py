"""Every test belongs to a target of make, and continuous integration runs them all."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
SPARK = "tests/engines/spark"
LONG = {
    "checks/test_privacy_workers.py",
    "checks/test_profile.py",
    "checks/test_profile_cases.py",
    "cli/test_compare.py",
    "cli/test_interruption.py",
    "cli/test_limits.py",
    "docs/test_commands.py",
    "docs/test_contributing.py",
    "docs/test_notebooks.py",
    "evaluation/test_drift_report.py",
    "fuzz/test_kills.py",
    "fuzz/test_reading.py",
    "fuzz/test_shapes.py",
    "model/statistics/test_drift_numbers.py",
    "pipeline/test_fixing.py",
    "pipeline/test_scan.py",
    "pipeline/test_split.py",
    "privacy/presidio/test_equivalence.py",
    "privacy/test_hostile.py",
    "privacy/test_never_leaks.py",
    "readers/test_parts.py",
    "similarity/divided/test_cluster_search.py",
    "similarity/kernels/test_kernels.py",
    "similarity/test_build.py",
    "similarity/test_reworded_data.py",
    "similarity/test_scale.py",
    "test_acceptance.py",
    "test_wheel.py",
}
"""Modules with tests that are whole runs: README names what they are about."""


def selections() -> dict[str, list[str]]:
    """Return what pytest is told to select, by target of the Makefile."""
    recipes = re.findall(r"^([\w-]+):.*\n((?:\t.*\n)+)", makefile(), re.MULTILINE)
    return {
        target: [word for word in shlex.split(call) if word not in {"-n", "$(CORES)"}]
        for target, recipe in recipes
        for call in re.findall(r"^\t\$\(BIN\)/pytest (.*)", recipe, re.MULTILINE)
    }


def test_the_targets_together_select_every_test() -> None:
    here = ["--dist", "worksteal", "-m"]
    assert selections() == {
        "unit": [*here, "not long", "--ignore", SPARK],
        "test-long": [*here, "long", "--ignore", SPARK],
        "test-spark": [SPARK],
    }


def test_continuous_integration_runs_every_target() -> None:
    assert re.search(r"^test:.*\n(\t.*\n)*\t@\$\(MAKE\).* unit$", makefile(), re.MULTILINE)
    lines = (ROOT / ".ci" / "run").read_text().splitlines()
    assert {f"make {t}".replace("unit", "test") for t in selections()} <= {*lines}


def test_modules_with_tests_that_are_long_are_listed() -> None:
    marked = {
        path.relative_to(ROOT / "tests").as_posix()
        for path in (ROOT / "tests").rglob("test_*.py")
        if re.search(r"\bpytest\.mark\.long\b", path.read_text())
    }
    assert marked == LONG


def test_kernels_are_compiled_with_what_is_installed_first() -> None:
    """The step before installing the rest imports no library that the rest brings."""
    listing = (
        "import sys, tests.kernels; "
        'print(*{m.partition(".")[0] for m in sys.modules} - {*sys.stdlib_module_names})'
    )
    loaded = subprocess.run(  # noqa: S603 - ours
        [sys.executable, "-c", listing], cwd=ROOT, capture_output=True, text=True, check=True
    )
    step = re.search(r"^\$\(NUMBA_READY\):.*\n((?:\t.*\n)+)", makefile(), re.MULTILINE)
    assert step
    installed = {word for line in step[1].splitlines() for word in line.split()}
    ours = {"__main__", "ftaudit", "tests", "_distutils_hack", "typing_extensions"}
    assert {*loaded.stdout.split()} - ours <= installed


def makefile() -> str:
    return (ROOT / "Makefile").read_text()
