"""The console on which results are printed."""

from typing import NoReturn

from rich.console import Console


class Terminal(Console):
    """A console whose output may be closed early, as in `ftaudit scan data | head`."""

    def on_broken_pipe(self) -> NoReturn:
        """Raise instead of exiting: the exit code 1 of rich would read as a verdict."""
        raise BrokenPipeError
