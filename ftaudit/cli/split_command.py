"""`ftaudit split`: split data so that nothing leaks."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import click

from ftaudit.cli.column_options import csv_options, given_ignored, given_roles, role_options
from ftaudit.cli.progress_line import shown_progress

if TYPE_CHECKING:
    from ftaudit.model.options import Options
    from ftaudit.wire.split_record import SplitRecord

COLUMNS: Final = ("input", "output", "label", "group", "time")
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
@click.option(
    "--format", "format_", metavar="NAME", help="The record format. [default: recognised]"
)
@click.option("--input-column", metavar="NAME", help="What the model is given.")
@click.option("--output-column", metavar="NAME", help="What the model should answer.")
@click.option("--label-column", metavar="NAME", help="The class of a record.")
@click.option(
    "--group-column",
    metavar="NAME",
    help="Customer, ticket or document id; rows of one stay together.",
)
@click.option(
    "--time-column", metavar="NAME", help="When a record was made; the latest are held out."
)
@role_options
@csv_options
@click.option(
    "--policy",
    default="standard",
    show_default=True,
    metavar="FILE|NAME",
    help="The policy whose threshold and columns hold.",
)
@click.option(
    "--threshold",
    type=click.FloatRange(0, 1, min_open=True),
    metavar="J",
    help="Jaccard similarity of near-identical texts. [default: 0.8]",
)
@click.option(
    "--method",
    type=click.Choice(["auto", "exact", "minhash"]),
    default="auto",
    show_default=True,
    help="How near-identical texts are found; exact misses none.",
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
            options=_options(settings),
            progress=progress,
        )
        record = result.write(output)
    if not quiet:
        _show(record, output)
    ctx.exit(1 if result.undecided else 0)


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
        method=cast("Any", settings["method"]),
        compare=cast("Any", settings["compare"]),
        workers=cast("int | None", settings["workers"]),
    )


def _show(record: "SplitRecord", folder: Path) -> None:
    from ftaudit.model.escape import printable

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
        click.echo(f"Next        {shlex.join(step)}  # audit the parts as they were written")
