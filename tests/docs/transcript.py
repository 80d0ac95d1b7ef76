"""Commands of a page, run in the order in which they stand there, and what they print."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.docs.pages import Command
from tests.docs.shell import run_shell

_MARK: Final = "\x1e"


def verify(commands: Sequence[Command], folder: Path, **environment: str) -> None:
    """Run commands in one shell and hold each to what its page says of it.

    A command may fail only where the page asks for its exit code next.
    """
    results = transcript(commands, folder, **environment)
    followers = [*(command.text for command in commands[1:]), ""]
    for command, (printed, code), follower in zip(commands, results, followers, strict=True):
        place = f"{command.where}: $ {command.text}\n{printed}"
        assert code == 0 or follower == "echo $?", f"exit code {code}\n{place}"
        assert command.prints(printed), f"the page says\n{command.output}\n{place}"
        assert "Traceback (most recent call last)" not in printed, place


def transcript(
    commands: Sequence[Command], folder: Path, **environment: str
) -> list[tuple[str, int]]:
    """Run commands in one shell; return what each prints, and its exit code."""
    script = ["__code=0"]
    for command in commands:
        script += [f"(exit $__code)\n{command.text}", "__code=$?"]
        script += [f"printf '{_MARK}%d{_MARK}' $__code"]
    printed = run_shell("\n".join(script), folder, _environment() | environment)
    parts = printed.split(_MARK)
    assert len(parts) == 2 * len(commands) + 1, f"the shell ended early:\n{printed}"
    return [(parts[i], int(parts[i + 1])) for i in range(0, len(parts) - 1, 2)]


def _environment() -> dict[str, str]:
    return {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": os.environ.get("HOME", ""),
        "COLUMNS": "80",
        "LC_ALL": "C.UTF-8",
        "NO_COLOR": "1",
    }
