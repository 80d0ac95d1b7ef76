"""`ftaudit completion`, as a shell asks for it."""

import subprocess
import sys

import pytest

from ftaudit.cli.main import main
from tests.cli.commands import Shell


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_a_script_for_each_shell_is_printed(name: str, shell: Shell) -> None:
    said = shell("completion", name)
    assert (said.code, said.err) == (0, "")
    assert "_FTAUDIT_COMPLETE" in said.out
    assert "ftaudit" in said.out


def variables(words: str) -> dict[str, str]:
    """Return the variables by which a shell asks for the last of these words."""
    number = len(words.split(" ")) - 1
    return {
        "_FTAUDIT_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(number),
    }


def completions(words: str) -> list[str]:
    """Return what a shell is told for the last of these words."""
    done = subprocess.run(
        [sys.executable, "-c", "from ftaudit.cli.main import main; main(prog_name='ftaudit')"],
        env={"PYTHONPATH": ":".join(sys.path)} | variables(words),
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.splitlines()


def test_a_shell_is_answered_by_a_process_of_its_own() -> None:
    assert completions("ftaudit scan --hold")[0] == "plain,--holdout"


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("ftaudit sca", "plain,scan"),
        ("ftaudit scan tra", "file,tra"),
        ("ftaudit scan x.csv --policy po", "file,po"),
        ("ftaudit scan x.csv --only dup", "plain,duplicates"),
        ("ftaudit findings out --check leak", "plain,leakage"),
        ("ftaudit checks sec", "plain,secrets"),
    ],
)
def test_commands_options_files_and_checks_are_completed(
    words: str, first: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in variables(words).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit):
        main(prog_name="ftaudit")
    assert capsys.readouterr().out.splitlines()[0] == first
