"""`ftaudit sign`: sign a manifest, an evaluation or lineage."""

from pathlib import Path

import click


@click.command(
    epilog=(
        "Examples:\n\n"
        "  ftaudit sign ftaudit-out/manifest.json --key release.pem\n\n"
        "  ftaudit sign fixed/lineage.json --key release.pem\n\n"
        "  FTAUDIT_PASSPHRASE=... ftaudit sign manifest.json --key release.pem -o signed.dsse.json"
    )
)
@click.argument("manifest", type=click.Path(path_type=Path))
@click.option("--key", metavar="FILE", help="Private key, from `ftaudit keygen`.")
@click.option(
    "--keyless",
    "as_identity",
    is_flag=True,
    help="Sign with the identity of this CI job through sigstore (extra `sigstore`). Publishes "
    "that identity in a public log, for good.",
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Where to write it. [default: manifest.dsse.json, or manifest.sigstore.json, beside it]",
)
def command(manifest: Path, key: str | None, output: Path | None, *, as_identity: bool) -> None:
    """Sign a manifest, an evaluation or lineage; write a DSSE envelope, or a sigstore bundle.

    It must be free of contradictions: a signature says that you stand by it.
    """
    if (key is None) != as_identity:
        raise click.UsageError("give either --key or --keyless")
    from ftaudit.cli.manifest_files import write_new
    from ftaudit.wire import envelope, keyless

    kind, payload = _payload(manifest)
    if as_identity:
        target = output or manifest.with_name(f"{kind}.sigstore.json")
        click.echo(f"note: {keyless.WARNING}", err=True)
        write_new(target, keyless.sign(payload))
        click.echo(f"{target}: signed by the identity of this job")
        return
    signer = envelope.load_private_key(str(key))
    target = output or manifest.with_name(f"{kind}.dsse.json")
    write_new(target, envelope.sign(payload, signer))
    click.echo(f"{target}: signed by the key {signer.public.keyid}")


def _payload(path: Path) -> tuple[str, bytes]:
    """Return what is signed, and whether it is a `manifest`, an `evaluation` or `lineage`.

    Raises:
        IntegrityError: it contradicts itself.
    """
    from ftaudit.admission.contradictions import contradictions
    from ftaudit.checks import discover
    from ftaudit.cli.manifest_files import read_signable
    from ftaudit.evaluation.self_consistency import evaluation_contradictions
    from ftaudit.model.errors import IntegrityError
    from ftaudit.wire import evaluation_statement, lineage_statement, manifest

    evidence = read_signable(path)
    if isinstance(evidence, lineage_statement.LineageStatement):
        return "lineage", lineage_statement.to_json(evidence).encode()
    if isinstance(evidence, manifest.Manifest):
        kind, conflicts = "manifest", contradictions(evidence, discover())
        text = manifest.to_json(evidence)
    else:
        kind, conflicts = "evaluation", evaluation_contradictions(evidence)
        text = evaluation_statement.to_json(evidence)
    if conflicts:
        raise IntegrityError(f"{path}: the {kind} contradicts itself: {conflicts[0]}")
    return kind, text.encode()
