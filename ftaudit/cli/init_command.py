"""`ftaudit init`: write starter files, filled with what the data tells."""

from pathlib import Path
from typing import Final

import click

from ftaudit.model.errors import UsageError

POLICY: Final = """\
# What you will accept. It overrides the standard policy rule by rule; `ftaudit policy show` lists
# and explains every rule, `ftaudit policy check policy.yaml` validates this file.
schema: ftaudit.policy/v1
id: my-policy
extends: standard

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
@click.option(
    "--output",
    default=".",
    show_default=True,
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Where to write.",
)
@click.option("--force", is_flag=True, help="Replace files that exist.")
def command(  # noqa: PLR0913, PLR0917 - one argument per option
    data: tuple[str, ...],
    holdout: tuple[str, ...],
    validation: tuple[str, ...],
    format_: str | None,
    input_column: str | None,
    output: Path,
    force: bool,  # noqa: FBT001 - a flag of click's
) -> None:
    """Write starter provenance.yaml, policy.yaml and plan.yaml.

    The provenance record holds what DATA tells (files, digests, rows, columns, licences and
    sources) and marks what a person must fill in with TODO. Without DATA only policy and plan are
    written.
    """
    from ftaudit.admission.request import starter_plan
    from ftaudit.pipeline.output import publish

    files: dict[str, str | bytes | Path] = {"policy.yaml": POLICY, "plan.yaml": starter_plan()}
    if data:
        columns = {"input": input_column} if input_column else {}
        files["provenance.yaml"] = _provenance(data, holdout, validation, format_, columns)
    standing = [name for name in files if (output / name).exists()]
    if standing and not force:
        msg = f"{output / standing[0]} exists already; --force replaces it"
        raise UsageError(msg)
    for path in publish(output, files):
        click.echo(f"wrote {path}")
    if data:
        click.echo("Fill in every TODO of provenance.yaml, keep it beside the data, then scan.")


def _provenance(
    data: tuple[str, ...],
    holdout: tuple[str, ...],
    validation: tuple[str, ...],
    format_: str | None,
    columns: dict[str, str],
) -> str:
    from ftaudit.pipeline.session import NamedData, ReadingOptions, open_session
    from ftaudit.provenance.starter_record import see_origins, starter

    named = NamedData(data, validation=validation, holdout=holdout)
    session = open_session(named, ReadingOptions(format_, columns))
    dataset = session.dataset
    return starter(
        dataset.files,
        format_=dataset.format,
        columns=dataset.columns,
        table=dict(session.inputs.schema),
        seen=see_origins(dataset.rows),
    )
