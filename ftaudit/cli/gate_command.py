"""`ftaudit gate`: may tuning proceed? The first command of a training job."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ftaudit.cli.progress_line import shown_progress

if TYPE_CHECKING:
    from ftaudit.admission.admission import Admission
    from ftaudit.wire.keyless import Identity


@click.command(
    epilog=(
        "Examples:\n\n"
        "  ftaudit gate ftaudit-out/manifest.json train.parquet\n\n"
        "  ftaudit gate manifest.dsse.json data/ --policy strict --trusted-key release.pub.json\n\n"
        "  ftaudit gate manifest.dsse.json data/ --trusted-key owner.pub.json "
        "--waiver waiver-FTA-DUP-002.dsse.json --json\n\n"
        "Exit codes: 0 tuning may proceed, 1 blocked, 2 usage or malformed input, 3 a required "
        "check could not be completed, 4 integrity or signature failure."
    )
)
@click.argument("manifest", type=click.Path(path_type=Path))
@click.argument("data", nargs=-1, metavar="[DATA...]")
@click.option(
    "--holdout", multiple=True, metavar="PATH", help="Data the job only measures on. Repeatable."
)
@click.option(
    "--validation", multiple=True, metavar="PATH", help="Data the job validates on. Repeatable."
)
@click.option(
    "--partial", is_flag=True, help="DATA is meant to be a part of the audited training data."
)
@click.option(
    "--policy",
    default="standard",
    show_default=True,
    metavar="FILE|NAME",
    help="The policy in force now, whatever the manifest was made under.",
)
@click.option(
    "--trusted-key",
    "trusted_keys",
    multiple=True,
    metavar="FILE",
    help="A public key. Given any, the manifest must be signed by one. Repeatable.",
)
@click.option("--waiver", "waivers", multiple=True, metavar="FILE", help="A waiver. Repeatable.")
@click.option(
    "--approval", "approvals", multiple=True, metavar="FILE", help="An approval. Repeatable."
)
@click.option(
    "--identity",
    metavar="NAME",
    help="Who must have signed a sigstore bundle: an e-mail address or a workflow's URL.",
)
@click.option("--issuer", metavar="URL", help="Who vouched for the identity (OpenID Connect).")
@click.option(
    "--require-signature/--no-require-signature",
    default=None,
    help="Refuse a manifest that no trusted key signed.  [default: where CI is set]",
)
@click.option("--policy-sha256", metavar="HEX", help="The SHA-256 that the policy file must have.")
@click.option(
    "--evaluation",
    metavar="FILE",
    help="An evaluation of `ftaudit compare`: it must show what the policy asks for.",
)
@click.option(
    "--lineage",
    multiple=True,
    metavar="FILE",
    help="Lineage of `ftaudit fix`: how the audited data came from its source. Repeatable.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the verdict as JSON, nothing else.")
@click.pass_context
def command(
    ctx: click.Context,
    /,
    manifest: Path,
    data: tuple[str, ...],
    *,
    as_json: bool,
    **settings: Any,  # noqa: ANN401 - click has made each what `examine` takes
) -> None:
    """Verify a manifest against the data, keys, time and current policy; exit by the verdict.

    DATA is all that will be trained on: files, folders, patterns or addresses. It must be the
    training data that was audited, byte for byte or the same rows re-encoded, and nothing else. The
    recorded numbers are judged again under the policy; the recorded verdict is never trusted.
    """
    identity = _identity(settings.pop("identity"), settings.pop("issuer"))
    with shown_progress(f"checking {manifest}", quiet=as_json) as progress:
        from ftaudit.admission.verify import examine  # slow to load: after the line is shown

        admission = examine(manifest, data, identity=identity, progress=progress, **settings)
    click.echo(admission.to_json() if as_json else _shown(admission), nl=not as_json)
    ctx.exit(admission.exit_code)


def _identity(name: str | None, issuer: str | None) -> "Identity | None":
    from ftaudit.wire.keyless import Identity

    if (name is None) != (issuer is None):
        raise click.UsageError("--identity and --issuer belong together")
    return Identity(name, issuer) if name is not None and issuer is not None else None


def _shown(admission: "Admission") -> str:
    """Return the verdict with its reasons, a line each."""
    from ftaudit.model.escape import printable
    from ftaudit.reports.limits import breach_sentence

    lines = [
        ("", admission.headline),
        *(("reason", reason) for reason in admission.reasons),
        *(("refused", f"{refusal.name}: {refusal.reason}") for refusal in admission.refused),
        *(
            ("waived", f"{b.rule}: {breach_sentence(b).removesuffix('.')}, by {b.waiver}")
            for b in admission.breaches
            if b.waiver
        ),
        *(("warning", warning) for warning in admission.warnings),
        *admission.verified,
        *(("note", note) for note in admission.notes),
    ]
    return "\n".join(
        f"  {topic:<10} {printable(text, limit=1_000)}" if topic else text for topic, text in lines
    )
