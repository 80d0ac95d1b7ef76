"""`ftaudit diff`: what got better or worse between two audits."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from ftaudit.reports.audit_difference import AuditDifference
    from ftaudit.wire.manifest import Manifest

MANIFESTS: Final = ("manifest.json", "manifest.dsse.json")


@click.command(
    epilog=(
        "Examples:\n\n"
        "  ftaudit diff last-week/ ftaudit-out/\n\n"
        "  ftaudit diff baseline/manifest.json ftaudit-out/manifest.json --fail-on new\n\n"
        "Exit codes: 0, or with --fail-on new: 1 something that blocks is new, 3 a required check "
        "could no longer be completed; 2 usage or malformed input, 4 a damaged manifest."
    )
)
@click.argument("old", metavar="OLD", type=click.Path(path_type=Path))
@click.argument("new", metavar="NEW", type=click.Path(path_type=Path))
@click.option(
    "--fail-on",
    type=click.Choice(["never", "new"]),
    default="never",
    show_default=True,
    help="new: exit 1 when something that blocks is new or got worse.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the difference as JSON, nothing else.")
@click.pass_context
def command(ctx: click.Context, /, old: Path, new: Path, fail_on: str, *, as_json: bool) -> None:
    """Say what got better or worse between two audits.

    OLD and NEW are folders that `ftaudit scan` wrote, or manifests. What blocks and is new stands
    first, then the rows that are new findings: a row is known again by its content, wherever it
    stands and whatever its file is called. So that CI can hold a line on data that is not clean
    yet: `--fail-on new`, or `ftaudit scan --baseline OLD --fail-on new` in one go. Signatures are
    not verified; `ftaudit gate` does that.
    """
    before, after = (manifest_in(path) for path in (old, new))
    changes = compared(before, after, old, new)
    show(changes, as_json=as_json)
    ctx.exit(changes.exit_code if fail_on == "new" else 0)


def manifest_in(path: Path) -> "Manifest":
    """Return the manifest that a path names: the file, or the one in the folder.

    Raises:
        InputError: there is none.
        IntegrityError: a damaged envelope or manifest.
    """
    from ftaudit.cli.manifest_files import read_manifest

    if not path.is_dir():
        return read_manifest(path)
    inside = [path / name for name in MANIFESTS]
    return read_manifest(next((file for file in inside if file.is_file()), inside[0]))


def compared(before: "Manifest", after: "Manifest", old: Path, new: Path) -> "AuditDifference":
    """Return the difference of two audits, with the findings that are new."""
    from ftaudit.pipeline.new_findings import new_findings
    from ftaudit.reports.audit_difference import difference

    before_in, after_in = (path if path.is_dir() else path.parent for path in (old, new))
    findings = new_findings(before_in, after_in)
    return difference(before, after, findings.rows, findings.obstacle)


def show(changes: "AuditDifference", *, as_json: bool = False) -> None:
    """Print a difference."""
    from ftaudit.reports import difference_page

    if as_json:
        click.echo(difference_page.as_json(changes))
        return
    for line in difference_page.lines(changes):
        click.echo(line)
