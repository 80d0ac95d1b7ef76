"""`ftaudit init`: write starter files, filled with what the data tells."""

import json
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from ftaudit.cli.column_options import ROLES, given_ignored, given_roles, role_options
from ftaudit.model.errors import UsageError
from ftaudit.model.escape import printable

if TYPE_CHECKING:
    from ftaudit.pipeline.session import Session

POLICY: Final = """\
# What you will accept. It overrides the standard policy rule by rule; `ftaudit policy show` lists
# and explains every rule, `ftaudit policy check policy.yaml` validates this file.
schema: ftaudit.policy/v1
id: my-policy
extends: standard

{columns}
# rules:
#   FTA-DUP-002: {max: 0.10}        # allow more near-duplicates
#   FTA-PII-001: {severity: warn}   # report personal data, do not block
#
# approvals:
#   require: [data-owner]
#   roles:
#     data-owner: {keys: [KEYID], may_waive: ["FTA-PROV-*"]}
#
# signature: {required: true, keys: [KEYID]}
"""


@click.command(epilog="Example:\n\n  ftaudit init train.csv --holdout test.csv --output .")
@click.argument("data", nargs=-1, metavar="[DATA...]")
@click.option(
    "--holdout", multiple=True, metavar="PATH", help="Data that must not leak. Repeatable."
)
@click.option("--validation", multiple=True, metavar="PATH", help="Validation data. Repeatable.")
@click.option(
    "--format", "format_", metavar="NAME", help="The record format. [default: recognised]"
)
@click.option("--input-column", metavar="NAME", help="What the model is given.")
@role_options
@click.option(
    "-o",
    "--output",
    default=".",
    show_default=True,
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Where to write.",
)
@click.option("--force", is_flag=True, help="Replace files that exist.")
def command(data: tuple[str, ...], output: Path, **settings: object) -> None:
    """Write starter provenance.yaml, policy.yaml and plan.yaml.

    The provenance record holds what DATA tells (files, digests, rows, columns, licences and
    sources) and marks what a person must fill in with TODO. Without DATA only policy and plan are
    written.
    """
    from ftaudit.admission.request import starter_plan
    from ftaudit.pipeline.output import publish

    session = _session(data, settings) if data else None
    columns = _columns(session) if session else _NO_COLUMNS
    policy = POLICY.replace("{columns}", columns)
    files: dict[str, str | bytes | Path] = {"policy.yaml": policy, "plan.yaml": starter_plan()}
    if session:
        files["provenance.yaml"] = _provenance(session)
    standing = [name for name in files if (output / name).exists()]
    if standing and not settings["force"]:
        msg = f"{output / standing[0]} exists already; --force replaces it"
        raise UsageError(msg)
    for path in publish(output, files):
        click.echo(f"wrote {path}")
    if data:
        click.echo("Fill in every TODO of provenance.yaml, then run")
        click.echo(f"  {_next_scan(data, settings, output)}")


def _next_scan(data: tuple[str, ...], settings: dict[str, object], output: Path) -> str:
    """Return the scan that reads the files that were written: one beside the data it finds."""
    from ftaudit.pipeline.session import NamedData

    words = ["ftaudit", "scan", *data]
    for option in ("validation", "holdout"):
        words += [word for path in _paths(settings[option]) for word in (f"--{option}", path)]
    words += ["--policy", str(output / "policy.yaml")]
    record, beside = output / "provenance.yaml", NamedData(data).provenance_beside()
    if beside is None or not beside.samefile(record):
        words += ["--provenance", str(record)]
    return printable(shlex.join(words), limit=1_000)


def _session(data: tuple[str, ...], settings: dict[str, object]) -> "Session":
    from ftaudit.pipeline.session import NamedData, ReadingOptions, open_session

    others = {name: _paths(settings[name]) for name in ("validation", "holdout")}
    columns = {"input": str(settings["input_column"])} if settings["input_column"] else {}
    format_ = str(settings["format_"]) if settings["format_"] else None
    reading = ReadingOptions(format_, columns, given_roles(settings), given_ignored(settings))
    return open_session(NamedData(data, **others), reading)


def _paths(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, tuple) else ()


_NO_COLUMNS: Final = """\
# columns:
#   context: [passage]              # compared with the input, as one text
#   ignore: [notes]                 # known and not used
"""


def _columns(session: "Session") -> str:
    """Return the policy's section of columns: the roles of those beside the record format's own."""
    recognised = session.recognised
    main = ", ".join(f"{part}: {column}" for part, column in recognised.parts.items())
    lines = [f"# Recognised as {recognised.format} ({main}).", "columns:"]
    for role in ROLES:
        columns = [c for c in recognised.before + recognised.after if recognised.roles[c] == role]
        lines += [f"  {role}: {_listed(columns)}"] if columns else []
    ignored = [c for c in recognised.not_read if c not in recognised.unread]
    lines.append(f"  ignore: {_listed(ignored)}")
    if recognised.unread:
        lines.append(f"  # TODO text that nobody reads: {_listed(recognised.unread)}")
        lines.append("  # put each under context, title or choices, or under ignore")
    return "\n".join(lines) + "\n"


def _listed(columns: Sequence[str]) -> str:
    return json.dumps(list(columns), ensure_ascii=False)


def _provenance(session: "Session") -> str:
    from ftaudit.provenance.starter_record import see_origins, starter

    dataset = session.dataset
    return starter(
        dataset.files,
        format_=dataset.format,
        columns=dataset.columns,
        table=dict(session.inputs.schema),
        seen=see_origins(dataset.rows),
    )
