"""The recipe of CONTRIBUTING.md, a check in ten minutes, works as it is printed there."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, RUN, Block, blocks, commands
from tests.docs.transcript import verify

pytestmark = pytest.mark.long

PAGE = ROOT / "CONTRIBUTING.md"
MARKS = (".numba-ready", ".ready")
"""What make leaves in the environment after each step of installing, in their order."""
CHECK, TEST = "ftaudit/checks/cut_off.py", "tests/checks/test_cut_off.py"


def recipe() -> list[Block]:
    """Return the blocks of the page that a reader follows."""
    return [b for b in blocks(PAGE) if b.file or (b.language in RUN and not b.excused)]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the repository, set up, in which the recipe was not followed yet."""
    folder = tmp_path_factory.mktemp("repository")
    kept = shutil.ignore_patterns("__pycache__")
    for name in ("ftaudit", "expectations", "docs", "sample_data", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=kept)
    for name in ("Makefile", "constraints.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, folder / name)
    (folder / ".venv").mkdir()
    for part in Path(sys.prefix).iterdir():
        if part.name not in MARKS:
            (folder / ".venv" / part.name).symlink_to(part)
    for mark in MARKS:
        (folder / ".venv" / mark).touch()  # newer than pyproject.toml: make installs nothing
    return folder


def test_the_recipe_works_as_it_is_printed(copy: Path) -> None:
    steps = recipe()
    assert {b.file for b in steps if b.file} == {CHECK, TEST}
    assert not any((copy / name).exists() for name in (CHECK, TEST))
    told = [command for block in steps for command in commands(block)]
    assert any("ftaudit scan" in command.text for command in told)
    verify(told, copy, PYTHONPATH=str(copy), COLUMNS="100")
    assert "cut_off.share" in (copy / "docs" / "reference" / "checks" / "cut-off.md").read_text()


def test_the_page_is_written_as_the_project_writes(copy: Path) -> None:
    for block in recipe():
        if block.file:
            (copy / block.file).write_text(block.body, encoding="utf-8")
    ruff = [str(copy / ".venv" / "bin" / "ruff")]
    for words in (["check", "--quiet"], ["format", "--check", "--quiet"]):
        done = subprocess.run(  # noqa: S603 - our own tools
            [*ruff, *words, CHECK, TEST], cwd=copy, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout
