"""Choose how the progress of a command is shown on stderr."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Final

import click

from ftaudit.model.escape import printable
from ftaudit.model.progress import Advance, Progress, Silent

EVERY: Final = 10.0
"""Seconds after which the next stage is named, where stderr is no terminal."""


class ProgressLines:
    """Name what is done, at once and then every few seconds, for logs and pipes.

    The line stays open until there is another or the work ends. An error that stops the work goes
    behind it: it is still one line.
    """

    def __init__(self, title: str) -> None:
        """Begin the first line."""
        self._begin(title)

    @contextmanager
    def stage(self, name: str, total: int | None = None) -> Iterator[Advance]:  # noqa: ARG002 - rows are not counted
        """Name the stage, unless the last line is younger than `EVERY` seconds."""
        if monotonic() - self._begun >= EVERY:
            click.echo(err=True)
            self._begin(name)
        yield lambda _: None

    def _begin(self, text: str) -> None:
        self._begun = monotonic()
        click.echo(f"ftaudit: {printable(text)} … ", nl=False, err=True)


@contextmanager
def shown_progress(title: str, *, quiet: bool) -> Iterator[Progress]:
    """Yield bars where stderr is a terminal, lines where it is not, nothing when quiet."""
    if quiet:
        yield Silent()
    elif sys.stderr.isatty():
        from rich.console import Console

        from ftaudit.cli.progress_bars import Bars

        yield Bars(Console(stderr=True))
    else:
        yield ProgressLines(title)
        click.echo(err=True)
