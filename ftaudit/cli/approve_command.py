"""`ftaudit approve`: approve tuning, in a role, by a signed statement."""

from datetime import UTC, datetime
from pathlib import Path

import click


@click.command(
    epilog=(
        "Examples:\n\n"
        "  ftaudit approve ftaudit-out/manifest.dsse.json --role data-owner --key owner.pem "
        "--by owner@example.com --expires 2030-12-31\n\n"
        "Policies that require it: approvals: {require: [data-owner], roles: {data-owner: "
        "{keys: [KEYID]}}}"
    )
)
@click.argument("manifest", type=click.Path(path_type=Path))
@click.option("--role", required=True, help="The role that approves, as the policy calls it.")
@click.option("--key", required=True, metavar="FILE", help="Private key of whoever approves.")
@click.option("--by", required=True, metavar="WHO", help="Who approves.")
@click.option(
    "--expires", required=True, metavar="DATE", help="A day (to its end, UTC) or RFC 3339."
)
@click.option("--requested-by", default="", metavar="WHO", help="Who asked; never the approver.")
@click.option("--reference", default="", metavar="TEXT", help="A ticket or minute.")
@click.option(
    "--scope",
    type=click.Choice(["audit", "data"]),
    default="audit",
    show_default=True,
    help="audit: this data with these results; data: these files, whatever a later audit says.",
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Where to write the statement. [default: approval-ROLE.dsse.json beside the manifest]",
)
def command(manifest: Path, output: Path | None, **settings: str) -> None:
    """Approve tuning on the data of a manifest; write a signed statement.

    The approval holds for exactly this audit (or these data files) until it expires.
    """
    from ftaudit.admission import statements
    from ftaudit.cli.manifest_files import expiry, read_evidence, write_new
    from ftaudit.model.rfc3339 import timestamp
    from ftaudit.wire import envelope as attestation

    opened, now = read_evidence(manifest), datetime.now(UTC)
    until = expiry(settings["expires"])
    grant = statements.ApprovalGrant(
        id=f"approval-{settings['role']}-{now:%Y%m%d%H%M%S}",
        role=settings["role"],
        approved_by=settings["by"],
        requested_by=settings["requested_by"],
        time_created=timestamp(now),
        expires=timestamp(until),
        reference=settings["reference"],
    )
    scope: statements.Scope = "data" if settings["scope"] == "data" else "audit"
    statement = statements.approval(opened, grant, scope=scope)
    key = attestation.load_private_key(settings["key"])
    target = output or manifest.with_name(f"approval-{_name(settings['role'])}.dsse.json")
    write_new(target, attestation.sign(statements.to_json(statement).encode(), key))
    if until <= now:
        click.echo("note: it has expired already; the gate will refuse it", err=True)
    click.echo(f"{target}: {settings['role']} approves until {grant.expires}, signed by the key")
    click.echo(key.public.keyid)


def _name(role: str) -> str:
    return "".join(c if c.isalnum() or c in "-_" else "-" for c in role)
