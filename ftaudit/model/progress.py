"""How long work says how far it is. Shown by the CLI on a terminal, else silent."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol, TypeAlias

Advance: TypeAlias = Callable[[int], None]
"""Called with the number of rows (or of the stage's units) done since the last call."""


class Progress(Protocol):
    """Somewhere to report stages to."""

    def stage(self, name: str, total: int | None = None) -> AbstractContextManager[Advance]:
        """Enter a stage of `total` units (None: unknown); yields the function that advances it."""


class Silent:
    """Report nothing."""

    @contextmanager
    def stage(self, name: str, total: int | None = None) -> Iterator[Advance]:  # noqa: ARG002 - nobody is told
        """Enter a stage without reporting it."""
        yield lambda _: None
