"""`ftaudit findings`: show the findings of a scan."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from ftaudit.pipeline.findings_view import FindingsView

LIMIT: Final = 20
"""Findings shown when no limit is named and they go to the console."""


@click.command(
    epilog=(
        "Examples:\n\n"
        "  ftaudit findings ftaudit-out\n\n"
        "  ftaudit findings ftaudit-out train.csv test.csv --rule leakage.near --limit 50\n\n"
        "  ftaudit findings ftaudit-out --check pii --csv pii.csv"
    )
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("data", nargs=-1, metavar="[DATA...]")
@click.option("--check", metavar="ID", help="Only findings of this check.")
@click.option("--rule", metavar="ID", help="Only findings of this rule, or of a pattern: 'pii.*'.")
@click.option(
    "--split",
    type=click.Choice(["train", "validation", "holdout"]),
    help="Only findings in rows of this split.",
)
@click.option(
    "--limit",
    type=click.IntRange(1),
    metavar="N",
    help=f"Findings at most. [default: {LIMIT} on the console, else all]",
)
@click.option(
    "--csv",
    "csv_file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Write them to a CSV file.",
)
@click.option("--json", "as_json", is_flag=True, help="Print them as a JSON list, nothing else.")
@click.option("--no-excerpts", is_flag=True, help="Show no text of the data, not even masked.")
def command(  # noqa: PLR0913 - click hands each option over by name
    *,
    folder: Path,
    data: tuple[str, ...],
    check: str | None,
    rule: str | None,
    split: str | None,
    limit: int | None,
    csv_file: Path | None,
    as_json: bool,
    no_excerpts: bool,
) -> None:
    """Show the findings of a scan: rows, rules, masked excerpts, the words that differ.

    DIR is the folder that `ftaudit scan` wrote. DATA is the audited data; without it, files below
    the current folder are taken that have the names and digests of the manifest. Personal data and
    secrets are masked.
    """
    from ftaudit.cli.manifest_files import write_new
    from ftaudit.pipeline.findings_view import FindingSelection, findings_view
    from ftaudit.reports.findings_table import findings_csv, findings_json

    on_console = not as_json and csv_file is None
    most = limit or (LIMIT if on_console else None)
    selection = FindingSelection(check, rule, split, most, pairs_once=on_console)
    view = findings_view(folder, selection, data, with_excerpts=not no_excerpts)
    if view.note:
        click.echo(f"note: {view.note}", err=True)
    groups = view.groups
    if csv_file is not None:
        write_new(csv_file, findings_csv(groups, view.excerpts).encode())
        rows = sum(len(group.examples) for group in groups)
        click.echo(f"{csv_file}: {rows:,} findings", err=as_json)
    if as_json:
        click.echo(findings_json(groups, view.excerpts), nl=False)
    elif on_console:
        _show(view)


def _show(view: "FindingsView") -> None:
    from ftaudit.cli.terminal import Terminal
    from ftaudit.reports.findings_table import show_findings

    if not view.groups:
        click.echo("No findings.")
        return
    show_findings(view.groups, view.excerpts, Terminal(soft_wrap=False))
