"""`ftaudit review`: write the cases that only a person can decide."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import click

from ftaudit.cli.column_options import csv_options, given_ignored, given_roles, role_options
from ftaudit.cli.progress_line import shown_progress

if TYPE_CHECKING:
    from ftaudit.model.options import Options

COLUMNS: Final = ("input", "output", "label", "group", "time")


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
@click.option(
    "--format", "format_", metavar="NAME", help="The record format. [default: recognised]"
)
@click.option("--input-column", metavar="NAME", help="What the model is given.")
@click.option("--output-column", metavar="NAME", help="What the model should answer.")
@click.option("--label-column", metavar="NAME", help="The class of a record.")
@click.option("--group-column", metavar="NAME", help="Customer, ticket or document id.")
@click.option("--time-column", metavar="NAME", help="When a record was made.")
@role_options
@csv_options
@click.option(
    "--policy",
    default="standard",
    show_default=True,
    metavar="FILE|NAME",
    help="The policy whose threshold, columns and checks hold.",
)
@click.option(
    "--threshold",
    type=click.FloatRange(0, 1, min_open=True),
    metavar="J",
    help="Jaccard similarity of near-identical texts. [default: 0.8]",
)
@click.option(
    "--compare",
    type=click.Choice(["input", "text"]),
    default="input",
    show_default=True,
    help="Compare what the model is given, or whole records, shared boilerplate included.",
)
@click.option(
    "--workers", type=click.IntRange(1), metavar="N", help="Threads. [default: the cores there are]"
)
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
def command(data: tuple[str, ...], **settings: object) -> None:
    """Write the cases of DATA that only a person can decide, as csv or as one html page.

    Rows whose labels contradict a near-identical row, labels that are likely wrong, and answers
    that clash: texts masked, the words that differ, which is more likely wrong, and an empty
    column `decision` for `keep`, `drop` or a label. `ftaudit fix --decisions` applies it.
    """
    from ftaudit.model.errors import UsageError
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
            list(data), holdout=list(holdout), options=_options(settings), progress=progress
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
        click.echo(f"{output}: {counted(rows, 'row')} in {counted(len(cases), 'case')}")


def _options(settings: dict[str, object]) -> "Options":
    from ftaudit.model.options import Options

    return Options(
        policy=str(settings["policy"]),
        format=cast("str | None", settings["format_"]),
        columns={c: str(settings[f"{c}_column"]) for c in COLUMNS if settings[f"{c}_column"]},
        roles=given_roles(settings),
        ignore=given_ignored(settings),
        delimiter=cast("str | None", settings["delimiter"]),
        header=not settings["no_header"],
        encoding=cast("str | None", settings["encoding"]),
        threshold=cast("float | None", settings["threshold"]),
        compare=cast("Any", settings["compare"]),
        workers=cast("int | None", settings["workers"]),
    )
