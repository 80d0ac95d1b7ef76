"""`ftaudit waive`: let one rule be exceeded, by a signed statement."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ftaudit.wire.evaluation_statement import EvaluationStatement
    from ftaudit.wire.manifest import BreachRecord, Manifest


@click.command(
    epilog=(
        "Example:\n\n"
        "  ftaudit waive ftaudit-out/manifest.dsse.json --rule FTA-DUP-002 --max 0.06 "
        "--key owner.pem --by owner@example.com --requested-by ml@example.com "
        '--expires 2030-12-31 --reason "templates that customers repeat"'
    )
)
@click.argument("manifest", type=click.Path(path_type=Path))
@click.option("--rule", required=True, help="The rule that may be exceeded.")
@click.option(
    "--max",
    "ceiling",
    required=True,
    type=float,
    metavar="V",
    help="The value up to which (for a minimum: down to which) it may be.",
)
@click.option("--key", required=True, metavar="FILE", help="Private key of whoever approves.")
@click.option("--by", required=True, metavar="WHO", help="Who approves.")
@click.option("--requested-by", required=True, metavar="WHO", help="Who asked; never the approver.")
@click.option(
    "--expires", required=True, metavar="DATE", help="A day (to its end, UTC) or RFC 3339."
)
@click.option("--reason", required=True, metavar="TEXT", help="Why the breach is acceptable.")
@click.option("--reference", default="", metavar="TEXT", help="A ticket or minute.")
@click.option("--id", "id_", metavar="ID", help="Id of the waiver. [default: made from the rule]")
@click.option(
    "--policy",
    default="standard",
    show_default=True,
    metavar="FILE|NAME",
    help="The policy whose rule is waived.",
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Where to write the statement. [default: waiver-RULE.dsse.json beside the manifest]",
)
def command(
    manifest: Path, ceiling: float, id_: str | None, output: Path | None, **settings: str
) -> None:
    """Waive one rule for the data of a manifest; write a signed statement.

    The waiver covers exactly these data files, up to a ceiling, until it expires. It lapses when
    the data changes or the number gets worse.
    """
    from ftaudit.admission import statements
    from ftaudit.cli.manifest_files import expiry, read_evidence, write_new
    from ftaudit.model.rfc3339 import timestamp
    from ftaudit.wire import envelope as attestation

    opened, now = read_evidence(manifest), datetime.now(UTC)
    until = expiry(settings["expires"])
    grant = statements.WaiverGrant(
        id=id_ or f"waiver-{settings['rule']}-{now:%Y%m%d%H%M%S}",
        rule=settings["rule"],
        ceiling=int(ceiling) if ceiling.is_integer() else ceiling,
        reason=settings["reason"],
        requested_by=settings["requested_by"],
        approved_by=settings["by"],
        time_created=timestamp(now),
        expires=timestamp(until),
        reference=settings["reference"],
    )
    statement = statements.waiver(opened, grant)
    notes = _notes(opened, settings["rule"], ceiling, settings["policy"])
    key = attestation.load_private_key(settings["key"])
    target = output or manifest.with_name(f"waiver-{settings['rule']}.dsse.json")
    write_new(target, attestation.sign(statements.to_json(statement).encode(), key))
    for note in [*notes, *(["it has expired already"] if until <= now else [])]:
        click.echo(f"note: {note}; the gate will refuse it", err=True)
    click.echo(
        f"{target}: {settings['rule']} up to {ceiling:g} until {grant.expires}, signed by the key"
    )
    click.echo(key.public.keyid)


def _notes(
    manifest: "Manifest | EvaluationStatement", rule: str, ceiling: float, policy: str
) -> list[str]:
    """Return why the gate would refuse the waiver.

    Raises:
        UsageError: there is no such rule, or it cannot be waived.
    """
    from ftaudit.admission.rules import Rulebook
    from ftaudit.model.errors import UsageError, suggestion

    rules = Rulebook.load(policy).policy.rules
    gate = manifest.predicate.gate
    recorded: dict[str, BreachRecord] = {b.rule: b for b in (*gate.warnings, *gate.breaches)}
    if rule not in rules and rule not in recorded:
        ids = sorted({*rules, *recorded})
        raise UsageError(f"there is no rule {rule}{suggestion(rule, ids)}")
    limit, breach = rules.get(rule), recorded.get(rule)
    if (limit is not None and not limit.waivable) or (breach is not None and breach.value is None):
        raise UsageError(f"{rule} cannot be waived: repair the data, or let the check complete")
    minimum = limit is not None and limit.min is not None
    if breach is None or breach.value is None:
        return []
    beyond = breach.value < ceiling if minimum else breach.value > ceiling
    return [f"{breach.metric} is {breach.value:g}, beyond this ceiling"] if beyond else []
