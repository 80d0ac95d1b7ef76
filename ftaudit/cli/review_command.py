"""`ftaudit review`: write the cases that only a person can decide."""

from pathlib import Path
from typing import Final, cast

import click

from ftaudit.cli.audit_options import SHARED, chosen_options
from ftaudit.cli.progress_line import shown_progress
from ftaudit.cli.scan_command import options_of_scan

REVIEWED: Final = SHARED - {
    *("validation", "provenance", "expectations", "method", "shingles", "memory"),
}
"""The options of a scan that a review takes, too."""


@click.command(
    epilog=(
        "Examples:\n\n"
        "  ftaudit review tickets.csv -o review.html\n\n"
        "  ftaudit review train.csv --holdout test.csv -o review.csv\n\n"
        "  ftaudit fix train.csv --holdout test.csv --decisions review.csv -o fixed"
    )
)
@click.argument("data", nargs=-1, required=True, metavar="DATA...")
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Where to write the cases: NAME.csv or NAME.html.",
)
@click.option(
    "--holdout",
    multiple=True,
    metavar="PATH",
    help="Data that must not leak into training. Repeatable.",
)
@options_of_scan(
    REVIEWED,
    policy="The policy whose threshold, columns and checks hold.",
    group_column="Customer, ticket or document id.",
    time_column="When a record was made.",
    workers="Threads. [default: the cores there are]",
)
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
def command(data: tuple[str, ...], **settings: object) -> None:
    """Write the cases of DATA that only a person can decide, as csv or as one html page.

    Rows whose labels contradict a near-identical row, labels that are likely wrong, and answers
    that clash: texts masked, the words that differ, which is more likely wrong, and an empty
    column `decision` for `keep`, `drop` or a label. `ftaudit fix --decisions` applies it.
    """
    from ftaudit.model.errors import UsageError
    from ftaudit.model.escape import printable
    from ftaudit.model.finding import counted

    output, quiet = settings["output"], bool(settings["quiet"])
    assert isinstance(output, Path)  # noqa: S101 - click has made it one
    if output.suffix.lower() not in {".csv", ".html"}:
        raise UsageError("cases are written as NAME.csv or NAME.html: give --output such a name")
    with shown_progress(f"reading {' '.join(data)}", quiet=quiet) as progress:
        from ftaudit.pipeline.output import publish
        from ftaudit.pipeline.review import review
        from ftaudit.reports.review_cases import review_csv
        from ftaudit.reports.review_page import render_review

        holdout = cast("tuple[str, ...]", settings["holdout"])
        cases = review(
            list(data), holdout=list(holdout), options=chosen_options(settings), progress=progress
        )
        as_csv = output.suffix.lower() == ".csv"
        text = (
            review_csv(cases)
            if as_csv
            else render_review(cases, ", ".join(Path(path).name for path in data))
        )
        publish(output.parent, {output.name: text})
    if not quiet:
        rows = sum(len(case.rows) for case in cases)
        click.echo(
            f"{printable(str(output))}: {counted(rows, 'row')} in {counted(len(cases), 'case')}"
        )
