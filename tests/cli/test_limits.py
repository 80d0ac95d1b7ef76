"""Where a machine has too little: no room, no temporary folder, few handles, closed streams."""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import pytest

from tests.cli.commands import CLEAN, FAST, Shell

pytestmark = pytest.mark.long

posix = pytest.mark.skipif(os.name != "posix", reason="limits are those of POSIX")
SCAN: Final = ("scan", CLEAN, *FAST, "--quiet", "--output", "out")


def limited(
    folder: Path,
    limit: Callable[[], None] | None = None,
    *,
    words: tuple[str, ...] = SCAN,
    redirect: str = "",
    environment: Mapping[str, str] | None = None,
) -> tuple[int, str]:
    """Run a command in an interpreter of its own; return how it ended, and stderr."""
    ended = subprocess.run(  # noqa: S603 - our own command
        ["/bin/sh", "-c", f'"$@" {redirect}', "sh", sys.executable, "-m", "ftaudit", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=limit,
        env={**os.environ, **(environment or {})},
    )
    return ended.returncode, ended.stderr


def at_most(kind: int, amount: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(kind, (amount, amount))


@posix
def test_no_room_for_a_temporary_file_is_one_line(tmp_path: Path) -> None:
    code, error = limited(tmp_path, at_most(resource.RLIMIT_FSIZE, 0))
    assert (code, error.count("\n")) == (2, 1)
    assert "set TMPDIR" in error


@posix
def test_a_disk_that_is_full_later_is_one_line_and_no_result(tmp_path: Path) -> None:
    code, error = limited(tmp_path, at_most(resource.RLIMIT_FSIZE, 2_000))
    assert (code, error.count("\n")) == (2, 1)
    assert "cannot " in error
    assert not (tmp_path / "out").exists()


@posix
def test_few_handles_and_a_home_that_is_no_folder_are_enough(tmp_path: Path) -> None:
    nowhere = {"HOME": "/dev/null", "XDG_CACHE_HOME": "/dev/null"}
    handles = at_most(resource.RLIMIT_NOFILE, 64)
    assert limited(tmp_path, handles, environment=nowhere) == (0, "")


@posix
@pytest.mark.parametrize("redirect", ["2>&-", "2>/dev/full"])
def test_a_stderr_that_takes_nothing_changes_no_exit_code(tmp_path: Path, redirect: str) -> None:
    words = tuple(word for word in SCAN if word != "--quiet")
    code, _ = limited(tmp_path, words=words, redirect=f"{redirect} >/dev/null <&-")
    assert code == 0
    assert json.loads((tmp_path / "out" / "manifest.json").read_bytes())


@posix
def test_results_with_excerpts_are_for_their_owner_alone(shell: Shell) -> None:
    assert shell(*SCAN).code == 0
    modes = {p.name: p.stat().st_mode & 0o777 for p in (shell.folder / "out").iterdir()}
    private = {name for name, mode in modes.items() if mode == 0o600}
    assert private >= {"findings.parquet", "report.html", "report.md"}


@pytest.mark.parametrize("option", [("--output", ""), ("--output", " ")])
def test_an_output_folder_without_a_name_is_not_the_working_folder(
    shell: Shell, option: tuple[str, str]
) -> None:
    ended = shell("scan", CLEAN, *FAST, *option)
    assert ended.code == 2
    assert "an empty name is no path" in ended.err
    assert shell.left() == []
