"""Render the summary of a manifest for a terminal."""

from collections.abc import Iterator, Sequence
from io import StringIO
from typing import Final

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ftaudit.model.finding import counted
from ftaudit.reports import phrasing
from ftaudit.reports.excerpt import NONE, Excerpts
from ftaudit.wire.manifest import BreachRecord, CheckRecord, Input, Manifest

MARKS: Final = {"passed": "✓", "warned": "!", "failed": "✗", "skipped": "-", "error": "✗"}
STYLES: Final = {
    "passed": "green",
    "warned": "yellow",
    "failed": "bold red",
    "skipped": "dim",
    "error": "bold red",
}
SHOWN: Final = 20
"""Breaches, warnings or files shown before the rest is only counted."""


def show(manifest: Manifest, console: Console) -> None:
    """Print the summary. Works without colour, in 80 columns and on an ASCII terminal."""
    if console.options.ascii_only:
        console.print(Text(plain(manifest, width=console.width)), soft_wrap=True, end="")
    else:
        console.print(_summary(manifest))


def plain(manifest: Manifest, *, width: int = 80) -> str:
    """Return the summary as text without colour, ASCII marks only."""
    to = StringIO()
    console = Console(file=to, width=width, color_system=None, force_terminal=False, emoji=False)
    console.print(_summary(manifest))
    lines = (line.rstrip() for line in to.getvalue().translate(_ASCII).splitlines())
    return "\n".join(lines).encode("ascii", "replace").decode() + "\n"


def render(manifest: Manifest, excerpts: Excerpts = NONE) -> str:  # noqa: ARG001 - shows no row
    """Return the summary as text without colour, 80 columns wide."""
    to = StringIO()
    console = Console(file=to, width=80, color_system=None, force_terminal=False, emoji=False)
    console.print(_summary(manifest))
    return "\n".join(line.rstrip() for line in to.getvalue().splitlines()) + "\n"


_ASCII: Final = str.maketrans({"✓": "+", "✗": "x", "→": ">", "…": "~", "�": "?", "—": "-"})


def _summary(manifest: Manifest) -> Group:
    verdict, gate = phrasing.verdict(manifest), manifest.predicate.gate
    standing = [breach for breach in gate.breaches if breach.waiver is None]
    waived = [breach for breach in gate.breaches if breach.waiver is not None]
    parts = [
        _inputs(manifest.predicate.inputs),
        _checks(manifest.predicate.checks),
        *_breaches("Breaches: what stands in the way", "red", standing),
        *_breaches("Waived breaches", "yellow", waived),
        *_breaches("Warnings: worth a look", "yellow", gate.warnings),
        *_gaps(phrasing.gaps(manifest)),
        _verdict(verdict),
    ]
    return Group(*(Padding(part, (0, 0, 1, 0)) for part in parts[:-1]), parts[-1])


def _verdict(verdict: phrasing.VerdictText) -> Text:
    line = Text(verdict.word, style="bold green" if verdict.passed else "bold red")
    return line.append(f"  {verdict.meaning} {verdict.reasons}.", style="not bold default")


def _inputs(inputs: Sequence[Input]) -> RenderableType:
    formats = phrasing.listed(sorted({data.format for data in inputs}))
    rows = counted(sum(data.rows for data in inputs), "row")
    files = counted(len(inputs), "file")
    table = Table.grid(padding=(0, 2), pad_edge=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold", ratio=1)
    table.add_column(justify="right", no_wrap=True)
    for data in inputs[:SHOWN]:
        table.add_row(data.role, phrasing.name(data.name), counted(data.rows, "row"))
    if len(inputs) > SHOWN:
        table.add_row("", f"and {len(inputs) - SHOWN:,} more files", "")
    head = Text.assemble(("Recognised as ", ""), (formats, "bold"), f": {rows} in {files}")
    columns = dict.fromkeys(phrasing.role_of_columns(data) for data in inputs)
    mapped = [Text(f"Columns: {mapping}", style="dim") for mapping in list(columns)[:3] if mapping]
    return Group(head, *mapped, Padding(table, (0, 0, 0, 2)))


def _checks(checks: Sequence[CheckRecord]) -> Table:
    table = Table.grid(padding=(0, 2), pad_edge=False)
    table.add_column(no_wrap=True)
    longest = max((len(phrasing.name(check.id)) for check in checks), default=0)
    table.add_column(overflow="fold", min_width=min(longest, 24), max_width=24)
    table.add_column(overflow="fold", ratio=1)
    for check in checks:
        mark = Text(f"{MARKS[check.status]} {check.status}", style=STYLES[check.status])
        table.add_row(mark, Text(phrasing.name(check.id)), Text(phrasing.outcome(check)))
    return table


def _breaches(title: str, color: str, breaches: Sequence[BreachRecord]) -> Iterator[RenderableType]:
    if not breaches:
        return
    table = Table.grid(padding=(0, 2), pad_edge=False)
    table.add_column(overflow="fold", max_width=24, style="bold")
    table.add_column(overflow="fold", ratio=1)
    for breach in breaches[:SHOWN]:
        table.add_row(Text(phrasing.name(breach.rule)), _advice(breach))
    if len(breaches) > SHOWN:
        table.add_row("", f"and {len(breaches) - SHOWN:,} more, in the manifest")
    yield Group(Text(title, style=f"bold {color}"), Padding(table, (0, 0, 0, 2)))


def _advice(breach: BreachRecord) -> Text:
    text = Text(phrasing.sentence(breach.message))
    if breach.waiver is not None:
        return text.append(f" Waived by {phrasing.name(breach.waiver)}.")
    return text.append(f"\n→ {phrasing.sentence(breach.fix)}", style="dim") if breach.fix else text


def _gaps(gaps: Sequence[str]) -> Iterator[RenderableType]:
    if gaps:
        title = Text("Not looked at", style="bold")
        yield Group(title, *(Padding(Text(gap), (0, 0, 0, 2)) for gap in gaps))
