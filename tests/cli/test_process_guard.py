"""A command ends at once, and nothing is lost that would have come before the end."""

import atexit
import os
import sys
from threading import Event, Thread
from typing import Final, NoReturn

import pytest

from ftaudit import __version__
from ftaudit.cli.process_guard import end_process
from tests.cli.commands import python

PROGRAM: Final = """\
import atexit, os, sys
from ftaudit.__main__ import start

class Kept:
    def __del__(self):
        os.write(1, b"taken apart")

kept = Kept()
atexit.register(print, "exit handlers ran")
sys.argv = ["ftaudit", *sys.argv[1:]]
start()
"""


class EndedError(Exception):
    """The process would have ended."""


@pytest.fixture(autouse=True)
def ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """Raise an error where this process would end, and leave its exit handlers for later."""

    def end(code: int) -> NoReturn:
        raise EndedError(code)

    monkeypatch.setattr(os, "_exit", end)
    monkeypatch.setattr(atexit, "_run_exitfuncs", lambda: None)
    monkeypatch.setattr(sys, "gettrace", lambda: None)  # a debugger may run the tests


@pytest.mark.parametrize(
    ("arguments", "code", "out"),
    [
        (["--version"], 0, f"ftaudit, version {__version__}\n"),
        (["no-command"], 2, ""),
    ],
)
def test_a_command_ends_with_its_code_after_exit_handlers(
    arguments: list[str], code: int, out: str
) -> None:
    said = python(PROGRAM, *arguments)
    assert (said.code, said.out) == (code, f"{out}exit handlers ran\n")


@pytest.mark.parametrize(("given", "code"), [(None, 0), (0, 0), (3, 3), (141, 141)])
def test_the_exit_code_is_kept(given: int | None, code: int) -> None:
    with pytest.raises(EndedError, match=f"^{code}$"):
        end_process(SystemExit(given))


def test_a_message_in_place_of_a_code_is_left_to_the_interpreter() -> None:
    with pytest.raises(SystemExit, match=r"^no code$"):
        end_process(SystemExit("no code"))


def test_threads_with_work_are_awaited() -> None:
    done = Event()
    thread = Thread(target=done.wait)
    thread.start()
    try:
        with pytest.raises(SystemExit):
            end_process(SystemExit(1))
    finally:
        done.set()
        thread.join()
    with pytest.raises(EndedError):
        end_process(SystemExit(1))


def test_a_profiler_sees_the_usual_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "getprofile", lambda: print)
    with pytest.raises(SystemExit):
        end_process(SystemExit(0))


def test_output_that_cannot_be_written_is_left_to_the_interpreter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full() -> NoReturn:
        raise OSError

    monkeypatch.setattr(sys.stdout, "flush", full)
    with pytest.raises(SystemExit):
        end_process(SystemExit(0))
