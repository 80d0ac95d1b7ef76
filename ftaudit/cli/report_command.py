"""`ftaudit report`: render a stored manifest again."""

import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from ftaudit.model.bounded_read import read_bounded
from ftaudit.model.errors import InputError, IntegrityError

if TYPE_CHECKING:
    from ftaudit.wire.manifest import Manifest

FORMATS: Final = ("text", "html", "markdown", "sarif", "junit", "json")
UNVERIFIED: Final = "the signature was not verified; `ftaudit gate` does that"


@click.command(
    epilog=(
        "Examples:\n\n"
        "  ftaudit report ftaudit-out/manifest.json\n\n"
        "  ftaudit report ftaudit-out/manifest.json --report sarif -o ftaudit.sarif"
    )
)
@click.argument("manifest", metavar="MANIFEST")
@click.option(
    "--report",
    "format_",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="The format to render.",
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Where to write it. [default: stdout]",
)
def command(manifest: str, format_: str, output: Path | None) -> None:
    """Render a stored manifest again: text, html, markdown, sarif, junit, json.

    MANIFEST is a manifest.json or manifest.dsse.json that `ftaudit scan` wrote. Nothing is judged
    or verified again; that is what `ftaudit gate` is for.
    """
    from ftaudit.reports import formats

    loaded = _load(manifest)
    output = None if str(output) == "-" else output
    if format_ == "text" and output is None:
        _show(loaded)
        return
    _, render = formats.renderer(format_)
    text = render(loaded)
    if output is None:
        sys.stdout.flush()
        click.echo(text.encode(), nl=False)
    else:
        _write(output, text)


def _load(path: str) -> "Manifest":
    """Read a manifest, plain or in an envelope.

    Raises:
        InputError: unreadable, or no manifest.
        IntegrityError: a damaged envelope, or fields that are not those of a manifest.
    """
    from ftaudit.wire import envelope, manifest

    try:
        data = read_bounded(path, envelope.LARGEST)
    except OSError as error:
        remedy = "Name the manifest.json that `ftaudit scan` wrote"
        raise InputError(path, f"cannot be read ({error.strerror})", remedy=remedy) from None
    if envelope.is_envelope(data):
        data = envelope.unverified(data, name=path).payload
        click.echo(f"ftaudit: {UNVERIFIED}", err=True)
    loaded = manifest.from_json(data, path)
    try:
        manifest.to_json(loaded).encode()
    except ValueError:  # lone surrogates, NaN: JSON that no file of ours can hold
        raise IntegrityError(f"{path}: holds text or numbers that a manifest cannot") from None
    return loaded


def _show(loaded: "Manifest") -> None:
    from rich.console import Console

    from ftaudit.reports import console

    console.show(loaded, Console(soft_wrap=False))


def _write(path: Path, text: str) -> None:
    """Write the report complete or not at all."""
    try:
        handle, draft = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
            Path(draft).chmod(0o644)
            Path(draft).replace(path)
        except BaseException:
            Path(draft).unlink(missing_ok=True)
            raise
    except OSError as error:
        remedy = "Name another file with -o"
        raise InputError(path, f"cannot be written ({error.strerror})", remedy=remedy) from None
