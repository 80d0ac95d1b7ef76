"""Write the reference of checks and commands from their docstrings: `make docs`."""

import inspect
from pathlib import Path
from typing import Final

import click

from ftaudit.check import Check
from ftaudit.checks import discover
from ftaudit.cli.main import COMMANDS, main

HERE: Final = Path(__file__).parent / "reference"


def check_page(check: type[Check]) -> str:
    """Return the page of one check: its docstring, parameters, rules and metrics."""
    lines = [
        f"# {check.id}",
        "",
        f"Version {check.version}, over the relation `{check.relation}`.",
        "",
    ]
    lines += [
        inspect.getdoc(check) or "",
        "",
        "## Rules",
        "",
        "| rule | severity | finding | what to do |",
    ]
    lines += ["| --- | --- | --- | --- |"]
    lines += [f"| `{r.id}` | {r.severity} | {r.title} | {r.remedy} |" for r in check.rules]
    lines += ["", "## Metrics", "", "| metric | unit | meaning |", "| --- | --- | --- |"]
    lines += [f"| `{m.name}` | {m.unit} | {m.meaning} |" for m in check.metrics]
    return "\n".join(lines) + "\n"


def checks_index() -> str:
    """Return the list of all checks."""
    lines = ["# Checks", "", "Generated from their docstrings by `make docs`.", ""]
    for id_, check in discover().items():
        title = (inspect.getdoc(check) or "").partition("\n")[0]
        lines.append(f"- [{id_}]({id_}.md): {title}")
    return "\n".join(lines) + "\n"


def commands_page() -> str:
    """Return the help of every command."""
    lines = ["# Commands", "", "Generated from their help by `make docs`.", ""]
    context = click.Context(main, info_name="ftaudit", max_content_width=100, terminal_width=100)
    for name in COMMANDS:
        command = main.get_command(context, name)
        if command is not None:
            lines += [f"## ftaudit {name}", "", "```", _help(command, context, name), "```", ""]
    return "\n".join(lines)


def _help(command: click.Command, parent: click.Context, name: str) -> str:
    context = click.Context(command, parent=parent, info_name=name, terminal_width=100)
    parts = [command.get_help(context)]
    if isinstance(command, click.Group):
        for sub in command.list_commands(context):
            inner = command.get_command(context, sub)
            if inner is not None:
                parts += ["", inner.get_help(click.Context(inner, parent=context, info_name=sub))]
    return "\n".join(parts)


def pages() -> dict[str, str]:
    """Return every generated page: path below docs/reference → text."""
    found = {f"checks/{id_}.md": check_page(check) for id_, check in discover().items()}
    return found | {"checks/index.md": checks_index(), "commands.md": commands_page()}


def write() -> None:
    """Write every page."""
    for name, text in pages().items():
        path = HERE / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
