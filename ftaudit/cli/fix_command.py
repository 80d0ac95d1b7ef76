"""`ftaudit fix`: trainable data from a blocked scan, every change on record."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ftaudit.cli.audit_options import SHARED, AuditCommand, chosen_options, shared_options
from ftaudit.cli.main import COMMANDS
from ftaudit.cli.progress_line import shown_progress
from ftaudit.cli.review_command import REVIEWED
from ftaudit.cli.scan_command import options_of_scan

if TYPE_CHECKING:
    from ftaudit.pipeline.fixed import Fixed
    from ftaudit.remedies.recipe import Recipe


@click.command(
    cls=AuditCommand,
    epilog=(
        "Examples:\n\n"
        "  ftaudit fix train.csv --holdout test.csv --output fixed\n\n"
        "  ftaudit fix train.csv --holdout test.csv --dry-run\n\n"
        "  ftaudit fix data/ --output fixed --remedy redact --remedy deduplicate\n\n"
        "Exit codes: 0 done, 1 something is left that only a person can decide, 2 usage or "
        "malformed input."
    ),
)
@click.argument("data", nargs=-1, required=True, metavar="DATA...")
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Where the data is written; it appears whole.",
)
@click.option(
    "--remedy",
    "remedies",
    multiple=True,
    metavar="NAME",
    help="Apply this remedy. Repeatable. [default: those of what blocks or warns]",
)
@click.option("--recipe", metavar="FILE", help="Remedies and how each is set, as YAML.")
@click.option("--decisions", metavar="FILE", help="What people decided (`ftaudit review`).")
@click.option("--dry-run", is_flag=True, help="Say what would change, and write nothing.")
@click.option("--no-set-aside", is_flag=True, help="Do not write the rows that were removed.")
@click.option("--sign", metavar="KEY", help="Sign the lineage with this private key.")
@click.option(
    "--redaction-key",
    metavar="FILE",
    help="Key hashes and surrogates with the bytes of this file. [default: a random key]",
)
@options_of_scan(SHARED | {"holdout"})
@click.pass_context
def command(ctx: click.Context, /, data: tuple[str, ...], **settings: Any) -> None:  # noqa: ANN401 - click has parsed each
    """Write data without what a scan found; every change on record.

    DATA is what `ftaudit scan` takes; it is not changed. Rows that stay keep their bytes, files
    their names and formats. Beside them stand changes.parquet (every change, without text),
    lineage.json and set-aside/.
    """
    from ftaudit.model.escape import printable

    output = settings["output"]
    if output is None and not settings["dry_run"]:
        raise click.UsageError("name the folder to write with --output, or say --dry-run")
    with shown_progress(f"fixing {' '.join(data)}", quiet=False) as progress:
        from ftaudit.pipeline.fixing import fix  # slow to load: after the first line is shown

        fixed = fix(
            list(data),
            holdout=list(settings["holdout"]),
            validation=list(settings["validation"]),
            recipe=_recipe(settings),
            decisions=settings["decisions"],
            key=_key(settings["redaction_key"]),
            options=chosen_options(settings),
            progress=progress,
        )
        ctx.call_on_close(fixed.close)
        if not settings["dry_run"]:
            fixed.write(output, set_aside=not settings["no_set_aside"], sign_with=settings["sign"])
    for line in _summary(fixed, dry_run=settings["dry_run"]):
        click.echo(line)
    if not settings["dry_run"]:
        click.echo(f"\nData      {printable(str(output))}")
    for at, (step, purpose) in enumerate(_next_steps(fixed, data, ctx)):
        click.echo(f"{'' if at else 'Next':<8}  {step}  # {purpose}")
    ctx.exit(fixed.exit_code)


def _recipe(settings: dict[str, Any]) -> "Recipe":
    from ftaudit.model.errors import UsageError
    from ftaudit.remedies.recipe import Recipe

    if settings["recipe"] and settings["remedies"]:
        raise UsageError("--recipe and --remedy exclude each other")
    if settings["recipe"]:
        return Recipe.load(settings["recipe"])
    return Recipe.of(settings["remedies"])


def _key(path: str | None) -> bytes | None:
    from ftaudit.model.errors import InputError

    if path is None:
        return None
    try:
        key = Path(path).read_bytes()
    except OSError as error:
        raise InputError(path, f"the key cannot be read ({error.strerror})") from None
    if not key.strip():
        raise InputError(path, "the key is empty")
    return key


def _summary(fixed: "Fixed", *, dry_run: bool) -> Iterator[str]:
    """Yield what was changed, by remedy and rule, and what is left."""
    from ftaudit.model.finding import counted

    verb = "would be " if dry_run else ""
    counts = fixed.record.counts()
    if not counts:
        yield "nothing to change"
    for remedy in dict.fromkeys(remedy for remedy, _, _, _ in counts):
        own = [(rule, rows, spans) for name, rule, rows, spans in counts if name == remedy]
        rows, spans = sum(rows for _, rows, _ in own), sum(spans for _, _, spans in own)
        parts = [f"{counted(rows, 'row')} {verb}removed"] if rows else []
        parts += [f"{counted(spans, 'place')} {verb}replaced"] if spans else []
        rules = ", ".join(f"{rule} {rows + spans:,}" for rule, rows, spans in own)
        yield f"{remedy:<18} {' and '.join(parts)}: {rules}"
    kept = {split: _rows(fixed, split) for split in ("train", "validation", "holdout")}
    for split, (before, after) in kept.items():
        if before:
            yield f"{split:<18} {before:,} → {after:,} rows"
    yield from _left(fixed)


def _rows(fixed: "Fixed", split: str) -> tuple[int, int]:
    """Return how many rows a split had, and how many it has."""
    numbers = [n for n, source in enumerate(fixed.sources) if source.file.split == split]
    before = sum(fixed.sources[n].file.rows for n in numbers)
    return before, sum(int(fixed.record.kept[n].sum()) for n in numbers)


def _left(fixed: "Fixed") -> Iterator[str]:
    from ftaudit.model.finding import counted

    held = fixed.held
    if held.height:
        rules = ", ".join(sorted(set(held["rule"])))
        yield f"{'to be decided':<18} {counted(held.height, 'row')} set aside for a person: {rules}"
    if fixed.undecided:
        yield f"{'undecided':<18} {counted(fixed.undecided, 'row')} of the decisions file"
    for left in fixed.leftovers:
        yield f"{'left':<18} {counted(left.findings, 'finding')} of {left.rule} ({left.remedy})"


def _next_steps(
    fixed: "Fixed", data: Sequence[str], ctx: click.Context
) -> Iterator[tuple[str, str]]:
    """Yield commands and what each is for."""
    from ftaudit.model.escape import shell_command

    settings = ctx.params
    if fixed.held.height and "review" in COMMANDS:
        names = [word for name in settings["holdout"] for word in ("--holdout", name)]
        names += shared_options(ctx, only=REVIEWED)
        review = ["ftaudit", "review", *data, *names, "-o", "review.csv"]
        yield shell_command(review), "decide on them"
    if not settings["dry_run"]:
        output = Path(settings["output"])
        files = {split: fixed.names(split) for split in ("train", "validation", "holdout")}
        paths = [str(output / name) for name in files["train"]]
        for split in ("holdout", "validation"):
            for name in files[split]:
                paths += [f"--{split}", str(output / name)]
        paths += shared_options(ctx, without=("validation", "provenance"))
        yield shell_command(["ftaudit", "scan", *paths]), "scan what was written"
