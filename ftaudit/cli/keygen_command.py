"""`ftaudit keygen`: make a pair of keys."""

import os
from pathlib import Path

import click


@click.command(
    epilog=(
        "Examples:\n\n"
        "  ftaudit keygen -o release\n\n"
        "  ftaudit keygen -o data-owner --passphrase\n\n"
        "Keep NAME.pem secret. Give NAME.pub.json to whoever runs the gate, and its key id to the "
        "policy."
    )
)
@click.option(
    "-o",
    "--output",
    default="ftaudit",
    show_default=True,
    metavar="NAME",
    type=click.Path(path_type=Path),
    help="Writes NAME.pem (private, readable by you alone) and NAME.pub.json.",
)
@click.option(
    "--passphrase",
    is_flag=True,
    help="Encrypt the private key; asks for a passphrase, or takes FTAUDIT_PASSPHRASE.",
)
def command(output: Path, *, passphrase: bool) -> None:
    """Make an Ed25519 key pair, and print its key id.

    An existing key is never replaced.
    """
    from ftaudit.wire import envelope as attestation

    word = _asked() if passphrase else None
    key = attestation.generate()
    private, public = attestation.write_keys(output, key, word)
    click.echo(f"Private key  {private}{'' if word else ' (not encrypted)'}")
    click.echo(f"Public key   {public}")
    click.echo(f"Key id       {key.public.keyid}")


def _asked() -> str:
    from ftaudit.wire.envelope import PASSPHRASE

    return os.environ.get(PASSPHRASE) or str(
        click.prompt("Passphrase", hide_input=True, confirmation_prompt=True, err=True)
    )
