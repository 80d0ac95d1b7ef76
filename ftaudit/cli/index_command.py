"""`ftaudit index`: write an index of a benchmark or holdout, without any of its text."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import click

from ftaudit.cli.column_options import given_ignored, given_roles, role_options
from ftaudit.cli.progress_line import shown_progress
from ftaudit.model.cores import cores

if TYPE_CHECKING:
    from ftaudit.model.dataset import Dataset

COLUMNS: Final = ("input", "output", "label")


@click.command(
    epilog=(
        "Examples:\n\n"
        "  ftaudit index gsm8k_test.jsonl -o gsm8k.ftidx\n\n"
        "  ftaudit scan train.parquet --benchmark gsm8k.ftidx\n\n"
        "  ftaudit index test.parquet -o holdout.ftidx --secret\n\n"
        "  ftaudit scan train.parquet --holdout-index holdout.ftidx"
    )
)
@click.argument("holdout", nargs=-1, required=True, metavar="HOLDOUT...")
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Where to write the index, such as holdout.ftidx.",
)
@click.option(
    "--format", "format_", metavar="NAME", help="The record format. [default: recognised]"
)
@click.option("--input-column", metavar="NAME", help="What the model is given.")
@click.option("--output-column", metavar="NAME", help="What the model should answer.")
@click.option("--label-column", metavar="NAME", help="The class of a record.")
@role_options
@click.option(
    "--shingles",
    type=click.Choice(["auto", "char5", "word3"]),
    default="auto",
    show_default=True,
    help="What texts are compared by.",
)
@click.option(
    "--compare",
    type=click.Choice(["input", "text"]),
    default="input",
    show_default=True,
    help="Compare what the model is given, or whole records.",
)
@click.option(
    "--secret",
    is_flag=True,
    help="For a holdout that nobody may see: leave out all from which its words can be guessed.",
)
@click.option(
    "--workers", type=click.IntRange(1), metavar="N", help="Threads. [default: the cores there are]"
)
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
def command(holdout: tuple[str, ...], **settings: object) -> None:
    """Write an index of HOLDOUT: what finds its rows in training data, without their text.

    For a benchmark, scan with --benchmark: rows are found as a whole, nearly, and inside longer
    texts. An index lets anyone test whether a text they already have is in the holdout, or nearly;
    and who knows eight words of a row can guess the next, and so on. For a holdout that must stay
    unseen use --secret, and scan with --holdout-index.
    """
    from ftaudit.similarity.index.signature_index import make_index, write_index
    from ftaudit.similarity.parameters import SimilarityOptions

    path, workers = settings["output"], settings["workers"]
    assert isinstance(path, Path)  # noqa: S101 - click has made it one
    dataset = _dataset(holdout, settings)
    options = SimilarityOptions(
        shingles=cast("Any", settings["shingles"]), compare=cast("Any", settings["compare"])
    )
    quiet = bool(settings["quiet"])
    with shown_progress(f"reading {' '.join(holdout)}", quiet=quiet) as progress:
        index = make_index(
            dataset.rows,
            dataset.files,
            options,
            secret=bool(settings["secret"]),
            workers=workers if isinstance(workers, int) else cores(),
            progress=progress,
        )
    write_index(index, path)
    if not quiet:
        click.echo(f"{path}: {len(index):,} of {index.total:,} rows, {index.header.shingles}")


def _dataset(holdout: tuple[str, ...], settings: dict[str, object]) -> "Dataset":
    from ftaudit.pipeline.session import ReadingOptions, open_one_split

    columns = {c: str(settings[f"{c}_column"]) for c in COLUMNS if settings[f"{c}_column"]}
    format_ = str(settings["format_"]) if settings["format_"] else None
    return open_one_split(
        holdout,
        ReadingOptions(format_, columns, given_roles(settings), given_ignored(settings)),
        named="HOLDOUT",
    ).dataset
