"""`ftaudit preview`: what a trainer makes of single records."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ftaudit.pipeline.preview import RecordPreview


@click.command(
    epilog=(
        "Examples:\n\n"
        "  ftaudit preview train.jsonl --profile trl-sft --tokenizer o200k\n\n"
        "  ftaudit preview train.jsonl --tokenizer model/ --chat-template model/ --row 7"
    )
)
@click.argument("data", nargs=-1, required=True, metavar="DATA...")
@click.option("--profile", metavar="NAME|FILE", help="What is trained, and the limit.")
@click.option(
    "--tokenizer", metavar="NAME|PATH", help="o200k, cl100k, a tokenizer.json or a model's folder."
)
@click.option("--chat-template", metavar="PATH", help="A jinja template or a model's folder.")
@click.option("--max-tokens", type=click.IntRange(1), metavar="N", help="Tokens that are kept.")
@click.option(
    "--row",
    "rows",
    multiple=True,
    type=click.IntRange(0),
    metavar="N",
    help="A row of the first file, from 0. Repeatable. [default: the first five]",
)
@click.option(
    "--html", metavar="FILE", type=click.Path(path_type=Path), help="Write a page instead."
)
def command(
    data: tuple[str, ...],
    rows: tuple[int, ...],
    max_tokens: int | None,
    html: Path | None,
    **settings: str | None,
) -> None:
    """Show records as a trainer sees them: what is trained, what is given, what is cut off.

    Values that a check would find are masked.
    """
    from ftaudit.pipeline.output import publish
    from ftaudit.pipeline.preview import PreviewOptions, preview
    from ftaudit.reports.preview_page import console_text, html_page

    options = PreviewOptions(rows=rows, max_tokens=max_tokens, **settings)
    records = list(preview(list(data), options))
    if html is not None:
        page = html_page((_title(r), *r.record.marked) for r in records)
        publish(html.parent, {html.name: page})
        click.echo(f"Page      {html}")
        return
    colours = sys.stdout.isatty()
    for record in records:
        text = console_text(_title(record), *record.record.marked, colours=colours)
        click.echo(f"{text}\n")


def _title(record: "RecordPreview") -> str:
    line = f", line {record.line}" if record.line else ""
    return f"{record.file}, row {record.row}{line}"
