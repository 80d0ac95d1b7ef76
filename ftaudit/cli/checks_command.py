"""`ftaudit checks`: list the checks, or explain one."""

import inspect
from typing import TYPE_CHECKING

import click

from ftaudit.model.errors import UsageError, suggestion

if TYPE_CHECKING:
    from ftaudit.model.check import Check


@click.command(epilog="Examples:\n\n  ftaudit checks\n\n  ftaudit checks label-conflicts")
@click.argument("check_id", required=False, metavar="[ID]")
def command(check_id: str | None) -> None:
    """List the checks, or explain one: what it finds, why it matters, how it decides."""
    from ftaudit.checks import discover

    checks = discover()
    if check_id is None:
        width = max(map(len, checks))
        for id_, check in checks.items():
            click.echo(f"{id_:<{width}}  {_title(check)}")
        click.echo("\n`ftaudit checks ID` explains one.")
        return
    if check_id not in checks:
        msg = f"there is no check {check_id}{suggestion(check_id, checks)}; see `ftaudit checks`"
        raise UsageError(msg)
    click.echo(_page(checks[check_id]))


def _title(check: "type[Check]") -> str:
    return (inspect.getdoc(check) or "").partition("\n")[0]


def _page(check: "type[Check]") -> str:
    """Return the documentation of a check: its docstring, its rules and its metrics."""
    lines = [f"# {check.id} (version {check.version})", "", inspect.getdoc(check) or "", ""]
    lines += ["Rules", ""]
    lines += [f"  {r.id} ({r.severity}): {r.title}. {r.remedy}" for r in check.rules]
    lines += ["", "Metrics", ""]
    lines += [f"  {m.name} [{m.unit}]: {m.meaning}" for m in check.metrics]
    return "\n".join(lines)
