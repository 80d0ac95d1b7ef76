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
@click.option("--key", required=True, metavar="FILE", help="Private key, from `ftaudit keygen`.")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Where to write the envelope. [default: manifest.dsse.json beside the manifest]",
)
def command(manifest: Path, key: str, output: Path | None) -> None:
    """Sign a manifest; write a DSSE envelope.

    The manifest must be free of contradictions: a signature says that you stand by it.
    """
    from ftaudit import attestation, consistency  # noqa: PLC0415 - heavy; --help stays instant
    from ftaudit.cli.files import read_manifest, write_new  # noqa: PLC0415 - as above
    from ftaudit.errors import IntegrityError  # noqa: PLC0415 - as above
    from ftaudit.manifest import to_json  # noqa: PLC0415 - as above

    opened = read_manifest(manifest)
    if found := consistency.contradictions(opened):
        raise IntegrityError(f"{manifest}: the manifest contradicts itself: {found[0]}")
    signer = attestation.load_private_key(key)
    target = output or manifest.with_name("manifest.dsse.json")
    write_new(target, attestation.sign(to_json(opened).encode(), signer))
    click.echo(f"{target}: signed by the key {signer.public.keyid}")
