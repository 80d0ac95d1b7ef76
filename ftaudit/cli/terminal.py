"""The terminal that results are shown on."""

from typing import NoReturn

from rich.console import Console


class Terminal(Console):
    """A console whose reader may go away, as in `ftaudit scan data | head`."""

    def on_broken_pipe(self) -> NoReturn:
        """Leave it to the command to end: rich would exit with 1, which is a verdict here."""
        raise BrokenPipeError
