"""Turn an exception of a recognizer into one that holds nothing of the text it was given."""

from contextlib import AbstractContextManager
from types import TracebackType


class RecognizerError(RuntimeError):
    """A recognizer broke. Names it and the type of its exception, never the text it was given."""


class RecognizerGuard(AbstractContextManager[None]):
    """Catch what a recognizer raises, and raise `RecognizerError` after the block has ended.

    The exception is raised by `complain`, outside of the `with` block, so that neither its cause
    nor its context leads to the original one, whose message may hold text of the data.
    """

    def __init__(self, name: str = "") -> None:
        """Take the name of the recognizer that runs; callers set `name` before each run."""
        self.name = name
        self._broken = ""

    def __enter__(self) -> None:
        """Forget the last exception."""
        self._broken = ""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        """Swallow exceptions, but not what ends the process."""
        if isinstance(error, Exception):
            self._broken = type(error).__name__
        return bool(self._broken)

    def complain(self) -> None:
        """Raise `RecognizerError` if the block raised."""
        if self._broken:
            msg = f"recognizer {self.name} raised {self._broken}"
            raise RecognizerError(msg)
