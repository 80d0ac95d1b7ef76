"""`ftaudit provenance`: carry a record to and from the formats that others use."""

from pathlib import Path

import click

from ftaudit.cli.manifest_files import write_new


@click.group(
    epilog=(
        "Examples:\n\n"
        "  ftaudit provenance import README.md -o provenance.yaml\n\n"
        "  ftaudit provenance export provenance.yaml -o croissant.json"
    )
)
def command() -> None:
    """Read a record from a Croissant file or a dataset card, or write it as Croissant."""


@command.command(name="export", epilog="Example:\n\n  ftaudit provenance export provenance.yaml")
@click.argument("record", metavar="RECORD")
@click.option("-o", "--output", metavar="FILE", help="Where to write. [default: stdout]")
def export(record: str, output: str | None) -> None:
    """Write a provenance record as Croissant 1.1 with the RAI vocabulary (JSON-LD)."""
    from ftaudit.provenance.croissant import write_croissant
    from ftaudit.provenance.provenance_record import load_record

    _put(write_croissant(load_record(record)), output)


@command.command(name="import", epilog="Example:\n\n  ftaudit provenance import README.md")
@click.argument("source", metavar="FILE")
@click.option("-o", "--output", metavar="FILE", help="Where to write. [default: stdout]")
def import_(source: str, output: str | None) -> None:
    """Make a provenance record of a Croissant file (.json) or a dataset card (.md).

    A record made so says what the file says; `ftaudit scan` tells what is missing.
    """
    from ftaudit.provenance.croissant import read_croissant
    from ftaudit.provenance.dataset_card import read_card
    from ftaudit.provenance.provenance_record import to_yaml

    is_card = Path(source).suffix.lower() in {".md", ".markdown"}
    _put(to_yaml(read_card(source) if is_card else read_croissant(source)), output)


def _put(text: str, output: str | None) -> None:
    if output is None:
        click.echo(text, nl=False)
    else:
        write_new(Path(output), text.encode())
        click.echo(f"wrote {output}")
