"""`ftaudit scan`: audit training data, write a manifest, exit by the gate."""

import shutil
from collections.abc import Callable, Collection, Sequence
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import click

from ftaudit.cli.audit_options import (
    FINISHED,
    AuditCommand,
    chosen_options,
    listed,
    shared_options,
)
from ftaudit.cli.column_options import Command, csv_options, role_options
from ftaudit.cli.progress_line import shown_progress

if TYPE_CHECKING:
    from ftaudit.pipeline.audit import Audit
    from ftaudit.reports.audit_difference import AuditDifference
    from ftaudit.wire.manifest import Manifest

REPORTS: Final = ("html", "markdown", "sarif", "junit", "text")


@click.command(
    cls=AuditCommand,
    epilog=(
        "Examples:\n\n"
        "  ftaudit scan train.parquet --holdout test.parquet\n\n"
        "  ftaudit scan dataset/ --policy strict --sign key.pem\n\n"
        "  ftaudit scan tickets.csv --input-column body --label-column reason --json"
    ),
)
@click.argument("data", nargs=-1, required=True, metavar="DATA...")
@click.option(
    "--holdout",
    multiple=True,
    metavar="PATH",
    help="Data that must not leak into training. Repeatable.",
)
@click.option(
    "--validation",
    multiple=True,
    metavar="PATH",
    help="Data used to choose between models. Repeatable.",
)
@click.option(
    "--policy",
    default="standard",
    show_default=True,
    metavar="FILE|NAME",
    help="standard, strict, report-only, or a file of yours.",
)
@click.option(
    "--provenance",
    metavar="FILE",
    help="The provenance record. [default: provenance.yaml beside the data]",
)
@click.option(
    "--expectations",
    multiple=True,
    metavar="FILE|FOLDER",
    help="Great Expectations suites. Repeatable.",
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
    help="Customer, ticket or document id that may not stand on both sides.",
)
@click.option(
    "--time-column",
    metavar="NAME",
    help="When a record was made; training may not be younger than the holdout.",
)
@click.option(
    "--annotator-column",
    metavar="NAME",
    help="Who gave the label: rows of one text by several people are held together.",
)
@role_options
@csv_options
@click.option(
    "-o",
    "--output",
    default="ftaudit-out",
    show_default=True,
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Where manifest, findings and reports are written.",
)
@click.option("--only", multiple=True, metavar="CHECK", help="Run only these checks. Repeatable.")
@click.option("--skip", multiple=True, metavar="CHECK", help="Leave these checks out. Repeatable.")
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
    help="Compare what the model is given, or whole records, shared boilerplate included.",
)
@click.option(
    "--vectors",
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    help="A static embedding model (tokenizer.json and safetensors) that finds more rewordings.",
)
@click.option(
    "--workers",
    type=click.IntRange(1),
    metavar="N",
    help="Processes and threads. [default: the cores there are]",
)
@click.option(
    "--memory",
    type=click.IntRange(64),
    metavar="MIB",
    help="Memory for the similarity engine, in MiB. [default: a quarter of the machine's]",
)
@click.option(
    "--engine",
    type=click.Choice(["local", "spark"]),
    default="local",
    show_default=True,
    help="Where the work is done: on this machine, or by Apache Spark. Results are the same.",
)
@click.option(
    "--master",
    metavar="URL",
    help="The Spark cluster. [default: the session at hand, else local[*,4]]",
)
@click.option(
    "--report",
    "reports",
    multiple=True,
    type=click.Choice(REPORTS),
    help="Reports to write. Repeatable. [default: html, markdown]",
)
@click.option(
    "--profile-key",
    metavar="FILE",
    help="Key the class names of profile.json, and the digests of rows in findings.parquet, with "
    "the bytes of this file.",
)
@click.option(
    "--no-excerpts", is_flag=True, help="Show no text of the data in reports, not even masked."
)
@click.option("--sign", metavar="KEY", help="Sign the manifest with this private key.")
@click.option(
    "--waiver", "waivers", multiple=True, metavar="FILE", help="A signed waiver. Repeatable."
)
@click.option(
    "--trusted-key",
    "trusted_keys",
    multiple=True,
    metavar="KEY",
    help="A public key that waivers may be signed by. Repeatable.",
)
@click.option(
    "--baseline",
    metavar="OLD",
    type=click.Path(path_type=Path),
    help="An earlier audit (folder or manifest): say what got better or worse since.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["gate", "new"]),
    default="gate",
    show_default=True,
    help="new: exit 1 only when something that blocks is new since --baseline.",
)
@click.option(
    "--resume",
    is_flag=True,
    help="Keep finished parts beside the results, and go on from those of a scan that was killed.",
)
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
@click.option("--json", "as_json", is_flag=True, help="Print the manifest on stdout, nothing else.")
@click.pass_context
def command(ctx: click.Context, /, data: tuple[str, ...], **settings: object) -> None:
    """Audit training data; write a manifest; exit by the gate.

    DATA is one or more files (parquet, jsonl, json, csv, tsv, arrow; .gz and .zst), folders,
    globs or URLs (s3, gs, az, hf, https). A folder with train, test and validation files is split
    by name.
    """
    quiet = bool(settings["quiet"] or settings["as_json"])
    baseline = _baseline(settings)
    with shown_progress(f"auditing {' '.join(data)}", quiet=quiet) as progress:
        from ftaudit.pipeline import scan as audit  # slow to load: after the first line is shown

        result = audit.scan(
            list(data),
            holdout=listed(settings["holdout"]),
            validation=listed(settings["validation"]),
            options=chosen_options(settings),
            progress=progress,
        )
        ctx.call_on_close(result.close)
        written = _write(result, settings)
    _show(result, data, settings | {"chosen": shared_options(ctx)}, written)
    code = result.exit_code
    if baseline is not None:
        changes = _compare(baseline, result, settings, quiet=quiet)
        code = changes.exit_code if settings["fail_on"] == "new" else code
    ctx.exit(code)


class Baseline(NamedTuple):
    """An earlier audit, as it stood before this one was written."""

    manifest: "Manifest"
    folder: Path


def _baseline(settings: dict[str, object]) -> Baseline | None:
    """Return the audit that `--baseline` names, read before anything is written.

    Raises:
        UsageError: `--fail-on new` without a baseline.
    """
    from ftaudit.model.errors import UsageError

    path = settings.get("baseline")
    if not isinstance(path, Path):
        if settings.get("fail_on") == "new":
            raise UsageError(
                "--fail-on new compares with an earlier audit: name it with --baseline"
            )
        return None
    from ftaudit.cli.diff_command import manifest_in

    output = settings["output"]
    folder = path if path.is_dir() else path.parent
    if isinstance(output, Path) and output.resolve() == folder.resolve():
        raise UsageError("the baseline stands where results are written: choose another --output")
    return Baseline(manifest_in(path), folder)


def _compare(
    baseline: Baseline, result: "Audit", settings: dict[str, object], *, quiet: bool
) -> "AuditDifference":
    """Say what is different since the baseline."""
    from ftaudit.cli.diff_command import compared, show

    output = settings["output"]
    assert isinstance(output, Path)  # noqa: S101 - click has made it one
    changes = compared(baseline.manifest, result.manifest, baseline.folder, output)
    if not quiet:
        click.echo()
        show(changes)
    return changes


def options_of_scan(names: Collection[str], **helps: str) -> Callable[[Command], Command]:
    """Give a command options of `scan`, by the names of their parameters.

    Args:
        names: of the parameters, such as `format_`.
        helps: what options mean for this command, where that differs.
    """

    def add(function: Command) -> Command:
        options = [copy(option) for option in command.params if option.name in names]
        for option in options:
            if isinstance(option, click.Option):
                option.help = helps.get(option.name or "", option.help)
        function.__dict__.setdefault("__click_params__", []).extend(reversed(options))
        return function

    return add


def _write(result: "Audit", settings: dict[str, object]) -> list[Path]:
    reports = listed(settings["reports"]) or ["html", "markdown"]
    folder = settings["output"]
    assert isinstance(folder, Path)  # noqa: S101 - click has made it one
    key = settings["sign"]
    written = result.write(folder, reports, sign_with=str(key) if key else None)
    if settings["resume"]:
        shutil.rmtree(folder / FINISHED, ignore_errors=True)
    return written


def _show(
    result: "Audit", data: Sequence[str], settings: dict[str, object], written: Sequence[Path]
) -> None:
    from ftaudit.cli.next_steps import FinishedScan, next_steps
    from ftaudit.cli.terminal import Terminal
    from ftaudit.reports import console
    from ftaudit.wire.manifest import to_json

    if settings["as_json"]:
        click.echo(to_json(result.manifest), nl=False)
    elif not settings["quiet"]:
        terminal = Terminal(soft_wrap=False)
        console.show(result.manifest, terminal, result.excerpts, result.training_examples)
        click.echo()
        for title, path in _results(written):
            click.echo(f"{title:<8}  {path}")
        run = FinishedScan(
            data,
            listed(settings["holdout"]),
            listed(settings["chosen"]),
            written[-1].parent,
        )
        steps = next_steps(result.manifest, run)
        for at, (step, purpose) in enumerate(steps):
            click.echo(f"{'' if at else 'Next':<8}  {step}  # {purpose}")


def _results(written: Sequence[Path]) -> list[tuple[str, Path]]:
    """Return what to read first: title and path. Of several reports, the page is enough."""
    titles = {
        "manifest.json": "Manifest",
        "manifest.dsse.json": "Signed",
        "findings.parquet": "Findings",
        "profile.json": "Profile",
    }
    named = {path: titles.get(path.name, "Report") for path in written}
    page = [path for path in written if path.name == "report.html"]
    reports = page or [path for path in written if named[path] == "Report"]
    rest = [path for title in titles.values() for path in written if named[path] == title]
    return [(named[path], path) for path in (*reports, *rest)]
