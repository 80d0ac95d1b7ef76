"""The files by which other tools use ftaudit name commands and options that there are."""

import re
import shlex
from pathlib import Path

import click
import pytest
import yaml

from ftaudit.cli.main import COMMANDS, main

ROOT = Path(__file__).parents[1]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))


def options(name: str) -> set[str]:
    context = click.Context(main, info_name="ftaudit", **main.context_settings)
    command = main.get_command(context, name)
    assert command is not None
    return {option for param in command.get_params(context) for option in param.opts}


def scripts() -> str:
    return "\n".join(step.get("run", "") for step in ACTION["runs"]["steps"])


def test_the_action_runs_a_scan_with_options_that_exist() -> None:
    text = scripts().replace("\\\n", " ")
    line = next(line for line in text.splitlines() if "ftaudit scan" in line)
    assert set(re.findall(r"--[a-z-]+", line)) <= options("scan")


def test_the_action_reads_every_input_through_the_environment() -> None:
    assert "${{" not in scripts()
    named = set(re.findall(r"inputs\.([a-z-]+)", (ROOT / "action.yml").read_text("utf-8")))
    assert named == set(ACTION["inputs"])


def test_the_action_ends_with_the_exit_code_of_the_scan() -> None:
    last = ACTION["runs"]["steps"][-1]
    assert last["run"] == 'exit "$CODE"'
    assert last["env"]["CODE"] == "${{ steps.scan.outputs.exit-code }}"


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: str(hook["id"]))
def test_a_hook_runs_a_command_that_exists(hook: dict[str, object]) -> None:
    program, command, *rest = shlex.split(str(hook["entry"]))
    assert (program, hook["language"]) == ("ftaudit", "python")
    assert command in COMMANDS
    assert {word for word in rest if word.startswith("--")} <= options(command)
    re.compile(str(hook["files"]))


def test_the_image_needs_no_network_to_run_and_is_not_root() -> None:
    text = (ROOT / "Dockerfile").read_text("utf-8")
    last = text.rpartition("\nFROM ")[2]
    assert "pip install" not in last
    assert "USER auditor" in last
    for copied in re.findall(r"^COPY (?!--)(.+) \S+$", text, re.MULTILINE):
        assert all((ROOT / name).exists() for name in copied.split())
