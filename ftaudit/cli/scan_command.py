"""`ftaudit scan`: audit training data, write a manifest, exit by the gate."""

import shutil
from collections.abc import Callable, Collection, Sequence
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

import click
from click.core import ParameterSource

from ftaudit.cli.column_options import (
    Command,
    csv_options,
    given_ignored,
    given_roles,
    role_options,
)
from ftaudit.cli.progress_line import shown_progress

if TYPE_CHECKING:
    from ftaudit.model.declaration import CheckOption
    from ftaudit.model.options import Options
    from ftaudit.pipeline.audit import Audit
    from ftaudit.reports.audit_difference import AuditDifference
    from ftaudit.wire.manifest import Manifest

FINISHED: Final = ".ftaudit-parts"
"""In the output folder: results of finished parts, while a scan with `--resume` is under way."""
REPORTS: Final = ("html", "markdown", "sarif", "junit", "text")
SHARED: Final = frozenset(
    {
        *("validation", "policy", "provenance", "expectations", "format_"),
        *(f"{column}_column" for column in ("input", "output", "label", "group", "time")),
        "annotator_column",
        *(f"{role}_column" for role in ("context", "title", "choices", "ignore")),
        *("delimiter", "no_header", "encoding", "threshold", "method", "shingles", "compare"),
        *("workers", "memory", "vectors"),
    }
)
"""Options that say which data is audited, and how; other commands that audit take them, too."""
COLUMNS: Final = ("input", "output", "label", "group", "time", "annotator")


class AuditCommand(click.Command):
    """A command that audits data, with the options that the installed checks declare."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return the command's own parameters, then those of the checks."""
        own = super().get_params(ctx)
        options = {option.flag: option for _, option in _check_options()}
        declared = [
            click.Option(
                [option.flag],
                metavar=option.metavar,
                help=option.help,
                multiple=option.repeatable,
            )
            for option in options.values()
        ]
        return [*own[:-1], *declared, own[-1]]  # the last is --help


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
            holdout=_list(settings["holdout"]),
            validation=_list(settings["validation"]),
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
    from ftaudit.cli.diff_command import manifest_in
    from ftaudit.model.errors import UsageError

    path = settings.get("baseline")
    if not isinstance(path, Path):
        if settings.get("fail_on") == "new":
            raise UsageError(
                "--fail-on new compares with an earlier audit: name it with --baseline"
            )
        return None
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


def shared_options(
    ctx: click.Context, without: Collection[str] = (), only: Collection[str] | None = None
) -> list[str]:
    """Return the options on the command line that other commands which audit take, too.

    Of these `only` some, where a command takes fewer.
    """
    options: list[str] = []
    for param in ctx.command.get_params(ctx):
        named = ctx.get_parameter_source(param.name or "") is ParameterSource.COMMANDLINE
        declared = {_argument(option) for _, option in _check_options()} if named else set()
        if (
            named
            and isinstance(param, click.Option)
            and param.name in (SHARED | declared).difference(without)
            and (only is None or param.name in only)
        ):
            value = ctx.params[param.name]
            for item in value if isinstance(value, tuple) else (value,):
                options += [param.opts[-1], *([] if param.is_flag else [str(item)])]
    return options


def chosen_options(settings: dict[str, object]) -> "Options":
    """Return what the options of a command that audits data set."""
    from ftaudit.model.options import Options

    columns = {c: str(settings[f"{c}_column"]) for c in COLUMNS if settings.get(f"{c}_column")}
    memory, workers, threshold = settings.get("memory"), settings["workers"], settings["threshold"]
    return Options(
        policy=str(settings["policy"]),
        provenance=str(settings["provenance"]) if settings.get("provenance") else None,
        expectations=tuple(_list(settings.get("expectations"))),
        format=str(settings["format_"]) if settings["format_"] else None,
        columns=columns,
        roles=given_roles(settings),
        ignore=given_ignored(settings),
        delimiter=str(settings["delimiter"]) if settings["delimiter"] else None,
        header=not settings["no_header"],
        encoding=str(settings["encoding"]) if settings["encoding"] else None,
        keep_going=bool(settings.get("keep_going")),
        only=tuple(_list(settings.get("only"))),
        skip=tuple(_list(settings.get("skip"))),
        threshold=threshold if isinstance(threshold, float) else None,
        method=cast("Any", settings.get("method", "auto")),
        shingles=cast("Any", settings.get("shingles", "auto")),
        compare=cast("Any", settings["compare"]),
        vectors=str(settings["vectors"]) if settings.get("vectors") else None,
        parameters=_parameters(settings),
        workers=workers if isinstance(workers, int) else None,
        memory=memory * 1024 * 1024 if isinstance(memory, int) else None,
        engine=cast("Any", settings.get("engine", "local")),
        master=str(settings["master"]) if settings.get("master") else None,
        excerpts=not settings.get("no_excerpts"),
        waivers=tuple(_list(settings.get("waivers"))),
        trusted_keys=tuple(_list(settings.get("trusted_keys"))),
        profile_key=str(settings["profile_key"]) if settings.get("profile_key") else None,
        resume=_resumed(settings),
    )


def _resumed(settings: dict[str, object]) -> Path | None:
    """Return where finished parts are kept: inside the output folder, if they are."""
    output = settings.get("output")
    return output / FINISHED if settings.get("resume") and isinstance(output, Path) else None


def _parameters(settings: dict[str, object]) -> dict[str, dict[str, object]]:
    """Return what options set for single checks: check id → parameter → value."""
    parameters: dict[str, dict[str, object]] = {}
    for check, option in _check_options():
        if value := settings.get(_argument(option)):
            parameters.setdefault(check, {})[option.parameter] = (
                _list(value) if option.repeatable else str(value)
            )
    return parameters


def _check_options() -> "list[tuple[str, CheckOption]]":
    """Return check id and option of every option that a check declares."""
    from ftaudit.checks import discover
    from ftaudit.model.declaration import declaration

    return [
        (id_, option) for id_, check in discover().items() for option in declaration(check).options
    ]


def _argument(option: "CheckOption") -> str:
    """Return the name under which click hands an option's value over."""
    return option.flag.removeprefix("--").replace("-", "_")


def _write(result: "Audit", settings: dict[str, object]) -> list[Path]:
    reports = _list(settings["reports"]) or ["html", "markdown"]
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
            _list(settings["holdout"]),
            _list(settings["chosen"]),
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


def _list(value: object) -> list[str]:
    return [str(v) for v in value] if isinstance(value, tuple | list) else []
