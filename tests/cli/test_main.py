"""The command itself: help, versions, unknown words, and what may not be imported."""

import json
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from ftaudit import __version__
from ftaudit.cli.main import COMMANDS
from tests.cli.commands import Shell, python

posix = pytest.mark.skipif(os.name != "posix", reason="a pipe that breaks is told otherwise")

HEAVY = ("presidio_analyzer", "spacy", "great_expectations", "numba", "pandas")
IMPORTED = """\
import json, sys
from ftaudit.cli.main import run
ends = []
for arguments in json.loads(sys.argv[1]):
    code = run(arguments)
    ends.append([arguments, code, [name for name in {heavy} if name in sys.modules]])
print(json.dumps(ends), file=sys.stderr)
"""

NESTED = [("policy", "show"), ("policy", "check")]


@pytest.mark.parametrize("command", [(), *((name,) for name in COMMANDS), *NESTED])
def test_every_command_has_help(command: tuple[str, ...], shell: Shell) -> None:
    said = shell(*command, "--help")
    assert said.code == 0
    assert said.out.startswith(" ".join(("Usage: ftaudit", *command)))
    assert said.err == ""
    assert len([line for line in said.out.splitlines() if line.strip()]) > 3


@pytest.mark.parametrize("command", [*((name,) for name in COMMANDS), *NESTED])
def test_every_command_that_writes_takes_the_short_option(
    command: tuple[str, ...], shell: Shell
) -> None:
    said = shell(*command, "--help").out
    assert "--output" not in said or "-o, --output" in said


def test_the_help_lists_every_command_with_what_it_does(shell: Shell) -> None:
    listed = shell("--help").out.partition("Commands:")[2].partition("Exit codes")[0]
    lines = [line.split(maxsplit=1) for line in listed.splitlines() if line.startswith("  ")]
    told = {words[0]: words[1] for words in lines if len(words) == 2}
    assert set(COMMANDS) <= told.keys()


def test_the_help_names_the_exit_codes(shell: Shell) -> None:
    said = shell("--help").out
    for words in (
        "0 tuning may proceed",
        "1 the gate blocks",
        "3 a check could not",
        "4 integrity",
    ):
        assert words in " ".join(said.split())


def test_the_version_is_the_packages(shell: Shell) -> None:
    assert shell("--version").out == f"ftaudit, version {__version__}\n"


@pytest.mark.parametrize(
    ("wrong", "meant"), [("scna", "scan"), ("chekcs", "checks"), ("aprove", "approve")]
)
def test_an_unknown_command_is_answered_with_the_nearest(
    wrong: str, meant: str, shell: Shell
) -> None:
    said = shell(wrong)
    assert said.code == 2
    assert said.out == ""
    assert f"did you mean {meant}?" in said.err
    assert "Traceback" not in said.err


def test_an_unknown_option_is_answered_with_the_nearest(shell: Shell) -> None:
    said = shell("scan", "x.csv", "--hold-out", "y.csv")
    assert (said.code, said.out) == (2, "")
    assert "--holdout" in said.err


def test_help_and_the_list_of_checks_load_nothing_heavy() -> None:
    commands = [["--help"], ["--version"], ["checks"], ["checks", "pii"], ["scan", "--help"]]
    said = python(IMPORTED.format(heavy=HEAVY), json.dumps(commands))
    ends = json.loads(said.err.splitlines()[-1])
    assert ends == [[arguments, 0, []] for arguments in commands]


@pytest.mark.parametrize("command", ["scan", "fix", "review", "index"])
def test_a_panic_of_native_code_is_one_line_and_no_verdict(
    command: str, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    def panic(*args: object, **kwargs: object) -> None:  # noqa: ARG001 - whatever is called
        os.write(2, b"thread 'x' (1) panicked at a.rs:1:1:\nSECRET\n")
        raise pl.exceptions.PanicException("SECRET")

    monkeypatch.setattr("ftaudit.readers.inputs.open_inputs", panic)
    monkeypatch.setattr("ftaudit.pipeline.session.recognise", panic)
    Path("a.csv").write_text("text,label\nhello there,a\nbye,b\n", encoding="utf-8")
    said = shell(command, "a.csv", *([] if command == "scan" else ["-o", "out.csv"]))
    assert said.code == 2
    assert "ftaudit: polars broke on this data at " in said.err
    assert said.err.count("\n") == 1
    assert "SECRET" not in said.err


def test_the_module_runs_as_the_command_does() -> None:
    program = "import runpy; runpy.run_module('ftaudit', run_name='__main__')"
    said = python(program, "--version")
    assert (said.code, said.out) == (0, f"ftaudit, version {__version__}\n")


@posix
def test_a_reader_that_goes_away_is_no_verdict(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "import sys\nfrom ftaudit.cli.main import run\n"
        "end = run(['checks', 'pii'])\nsys.stderr.write(str(end))\n"
    )
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(  # noqa: S603 - this interpreter, a program of this test
        [sys.executable, program], stdout=writer, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, str(128 + 13))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_is_one_line(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text("from ftaudit.cli.main import main\nmain(['checks'])\n")
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(  # noqa: S603 - this interpreter, a program of this test
            [sys.executable, program], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 2
    assert done.stderr.startswith("ftaudit: cannot write (No space left on device). Make room")
    assert done.stderr.count("\n") == 1
