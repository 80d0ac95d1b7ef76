"""`ftaudit sign`: sign a manifest."""

from pathlib import Path

import click


@click.command(
    epilog=(
        "Examples:\n\n"
        "  ftaudit sign ftaudit-out/manifest.json --key release.pem\n\n"
        "  FTAUDIT_PASSPHRASE=... ftaudit sign manifest.json --key release.pem -o signed.dsse.json"
    )
)
@click.argument("manifest", type=click.Path(path_type=Path))
@click.option("--key", metavar="FILE", help="Private key, from `ftaudit keygen`.")
@click.option(
    "--keyless",
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
def command(manifest: Path, key: str | None, output: Path | None, *, keyless: bool) -> None:
    """Sign a manifest; write a DSSE envelope, or a sigstore bundle.

    The manifest must be free of contradictions: a signature says that you stand by it.
    """
    if (key is None) != keyless:
        raise click.UsageError("give either --key or --keyless")
    from ftaudit.admission import contradictions as consistency
    from ftaudit.checks import discover
    from ftaudit.cli.manifest_files import read_manifest, write_new
    from ftaudit.model.errors import IntegrityError
    from ftaudit.wire import envelope as attestation
    from ftaudit.wire import keyless as identities
    from ftaudit.wire.manifest import to_json

    opened = read_manifest(manifest)
    if conflicts := consistency.contradictions(opened, discover()):
        raise IntegrityError(f"{manifest}: the manifest contradicts itself: {conflicts[0]}")
    payload = to_json(opened).encode()
    if keyless:
        target = output or manifest.with_name("manifest.sigstore.json")
        click.echo(f"note: {identities.WARNING}", err=True)
        write_new(target, identities.sign(payload))
        click.echo(f"{target}: signed by the identity of this job")
        return
    signer = attestation.load_private_key(str(key))
    target = output or manifest.with_name("manifest.dsse.json")
    write_new(target, attestation.sign(payload, signer))
    click.echo(f"{target}: signed by the key {signer.public.keyid}")
