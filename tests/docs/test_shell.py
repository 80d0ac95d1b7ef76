"""What runs in the process of the tests ends, prints and leaves all else as a process would."""

import os
import sys
from pathlib import Path

import pytest

from tests.docs.shell import run_shell


def run(script: str, folder: Path, **environment: str) -> str:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return run_shell(script, folder, {"PATH": path, "LC_ALL": "C.UTF-8", **environment})


def test_the_exit_code_is_that_of_the_command(tmp_path: Path) -> None:
    assert run("ftaudit --version > /dev/null; echo $?", tmp_path) == "0\n"
    assert run("ftaudit scan no.csv 2> /dev/null; echo $?", tmp_path) == "2\n"
    assert run("echo 'raise SystemExit(7)' | python -; echo $?", tmp_path) == "7\n"
    assert run("echo 1/0 | python - 2> /dev/null; echo $?", tmp_path) == "1\n"


def test_streams_go_where_the_shell_leads_them(tmp_path: Path) -> None:
    script = "ftaudit scan no.csv 2> errors | wc -c; grep -c no.csv errors"
    assert run(script, tmp_path).split() == ["0", "1"]
    assert run("echo 'import sys; sys.stderr.write(input())' | python - 2>&1", tmp_path)


def test_folder_and_environment_are_the_shells(tmp_path: Path) -> None:
    program = 'import os; print(os.getcwd(), os.environ["A"])'
    script = f"mkdir deep && cd deep && echo '{program}' | python -"
    assert run(script, tmp_path, A="b") == f"{tmp_path}/deep b\n"


def test_nothing_of_a_command_stays(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    before = Path.cwd(), dict(os.environ), sys.stdin, sys.stdout, sys.stderr
    run("cd / && export A=b && ftaudit --version && echo 'print(1)' | python -", tmp_path)
    assert (Path.cwd(), dict(os.environ), sys.stdin, sys.stdout, sys.stderr) == before
    sys.stdout.write("still here")
    assert capfd.readouterr() == ("still here", "")


def test_a_program_in_a_file_has_an_interpreter_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text("import os; print(os.getpid())")
    assert int(run("python program.py", tmp_path)) != os.getpid()
