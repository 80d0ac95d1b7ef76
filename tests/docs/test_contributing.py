"""The check that CONTRIBUTING.md adds in ten minutes works as it stands on the page."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, blocks

CHECK, TEST = "ftaudit/checks/cut_off.py", "tests/checks/test_cut_off.py"


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the repository with the page's check and its test, and no more changed."""
    folder = tmp_path_factory.mktemp("repository")
    kept = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "ftaudit", folder / "ftaudit", ignore=kept)
    shutil.copytree(ROOT / "tests" / "checks", folder / "tests" / "checks", ignore=kept)
    shutil.copytree(ROOT / "expectations", folder / "expectations", ignore=kept)
    shutil.copytree(ROOT / "sample_data" / "clean", folder / "clean")
    for name in ("pyproject.toml", "tests/__init__.py", "tests/conftest.py"):
        shutil.copy(ROOT / name, folder / name)
    given = {b.file: b.body for b in blocks(ROOT / "CONTRIBUTING.md") if b.file}
    assert set(given) == {CHECK, TEST}
    for name, text in given.items():
        assert not (folder / name).exists()
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def run(folder: Path, *words: str) -> str:
    """Run a Python module in the copy; its own package is the one that is imported."""
    done = subprocess.run(  # noqa: S603 - our own modules
        [sys.executable, "-m", *words],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder), "NO_COLOR": "1", "COLUMNS": "100"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_the_new_check_passes_its_own_tests_and_the_laws(copy: Path) -> None:
    chosen = ("-k", "cut_off or cut-off", "-p", "no:cacheprovider")
    told = run(copy, "pytest", TEST, "tests/checks/test_laws.py", "-v", *chosen)
    assert "test_cut_off" in told
    for law in ("batches_and_order", "empty_relation", "documents_and_declares", "is_declared"):
        assert any(law in line and "[cut-off]" in line for line in told.splitlines()), law


def test_the_new_check_is_listed_and_explained(copy: Path) -> None:
    assert "cut-off  " in run(copy, "ftaudit", "checks")
    assert "cut_off.share [ratio]" in run(copy, "ftaudit", "checks", "cut-off")


def test_the_new_check_is_part_of_a_scan(copy: Path) -> None:
    told = run(copy, "ftaudit", "scan", "clean", "--only", "cut-off", "--policy", "report-only")
    assert "inputs end in mid-sentence" in told


def test_the_page_is_written_as_the_project_writes(copy: Path) -> None:
    run(copy, "ruff", "check", "--quiet", CHECK, TEST)
    run(copy, "ruff", "format", "--check", "--quiet", CHECK, TEST)
