"""`ftaudit split`: split data so that nothing leaks."""

from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import click

from ftaudit.cli.audit_options import SHARED, chosen_options
from ftaudit.cli.progress_line import shown_progress
from ftaudit.cli.scan_command import options_of_scan

if TYPE_CHECKING:
    from ftaudit.wire.split_record import SplitRecord

SHARE: Final = click.FloatRange(0, 1, min_open=True, max_open=True)


@click.command(
    epilog=(
        "Examples:\n\n"
        "  ftaudit split tickets.csv -o split\n\n"
        "  ftaudit split tickets.csv -o split --holdout 0.2 --validation 0.1 "
        "--group-column customer\n\n"
        "  ftaudit split tickets.csv -o folds --folds 5\n\n"
        "  ftaudit split tickets.csv -o split-2 --keep split"
    )
)
@click.argument("data", nargs=-1, required=True, metavar="DATA...")
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Where the parts and split.json are written; must not exist.",
)
@click.option(
    "--holdout", type=SHARE, metavar="SHARE", help="Share of the rows held out. [default: 0.2]"
)
@click.option("--validation", type=SHARE, metavar="SHARE", help="Share of the rows for validation.")
@click.option("--folds", type=click.IntRange(2), metavar="K", help="Parts of equal size instead.")
@click.option(
    "--keep",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="An earlier split: its rows stay in their parts.",
)
@click.option(
    "--holdout-after",
    metavar="DATE",
    help="Hold out what is later, such as 2026-03-31; needs --time-column.",
)
@click.option(
    "--seed", type=click.IntRange(0), default=1, show_default=True, metavar="N", help="Of the draw."
)
@options_of_scan(
    SHARED - {"validation", "provenance", "expectations", "shingles", "memory"},
    policy="The policy whose threshold and columns hold.",
    group_column="Customer, ticket or document id; rows of one stay together.",
    time_column="When a record was made; the latest are held out.",
    workers="Threads. [default: the cores there are]",
)
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
@click.pass_context
def command(ctx: click.Context, /, data: tuple[str, ...], **settings: object) -> None:
    """Split DATA so that no row of one part is near-identical to a row of another.

    Rows that are near-identical, contain one another or are of one group stay together; every class
    is within a row of its share where that allows it. Parts are written in the format of the data,
    rows as the bytes they were. The same content and seed give the same split.
    """
    quiet, output = bool(settings["quiet"]), settings["output"]
    assert isinstance(output, Path)  # noqa: S101 - click has made it one
    with shown_progress(f"splitting {' '.join(data)}", quiet=quiet) as progress:
        from ftaudit.pipeline.split import split  # slow to load: after the first line is shown

        result = split(
            list(data),
            holdout=cast("float | None", settings["holdout"]),
            validation=cast("float | None", settings["validation"]) or 0.0,
            folds=cast("int | None", settings["folds"]) or 0,
            keep=cast("Path | None", settings["keep"]),
            holdout_after=cast("str | None", settings["holdout_after"]),
            seed=cast("int", settings["seed"]),
            options=chosen_options(settings),
            progress=progress,
        )
        record = result.write(output)
    if not quiet:
        _show(record, output)
    ctx.exit(1 if result.undecided else 0)


def _show(record: "SplitRecord", folder: Path) -> None:
    from ftaudit.model.escape import printable, shell_command

    units = record.units
    click.echo(
        f"Units       {units.count:,}, {units.larger:,} of them of several rows "
        f"({units.rows_in_larger:,} rows, at most {units.largest:,} in one)"
    )
    for part in record.parts:
        click.echo(f"{part.name:<12}{part.rows:,} rows ({part.share:.1%})")
    for remark in record.remarks:
        click.echo(f"note: {printable(remark)}")
    click.echo(f"Split       {printable(str(folder))}")
    if not record.parameters.folds:
        step = ["ftaudit", "scan", str(folder)]
        for role in ("group", "time"):
            if column := getattr(record.parameters, f"{role}_column"):
                step += [f"--{role}-column", column]
        click.echo(f"Next        {shell_command(step)}  # audit the parts as they were written")
