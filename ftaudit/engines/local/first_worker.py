"""A worker that is started before anything is known of the data, while this process still imports.

On a second core it imports what checks of rows need, and is up when there are rows. Data that is
worth several workers has it as the first of them; of less data it makes all row checks, while this
process searches for near-identical rows (`LocalEngine.conclude`).
"""

import sys
from collections.abc import Sequence
from contextlib import suppress
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from ftaudit.engines.local.worker_process import WorkerProcess
from ftaudit.model.cores import cores

if TYPE_CHECKING:
    import polars as pl

    from ftaudit.model.check import Check

_NEEDLESS: Final = frozenset({"-h", "--help", "--workers=1", "--engine=spark"})
_NEEDLESS_PAIRS: Final = frozenset({("--workers", "1"), ("--engine", "spark")})

_started: Final[list[WorkerProcess]] = []
"""The worker that nobody took yet, if there is one."""


def begin() -> None:
    """Start the worker, unless there is one or there is but one core for both processes."""
    if _started or cores() == 1 or not sys.executable or getattr(sys, "frozen", False):
        return
    with suppress(OSError):  # a process too many: the scan goes without
        _started.append(WorkerProcess(warm_up))


def begin_for(arguments: Sequence[str]) -> None:
    """Start the worker if the arguments of the command line are those of a scan that takes it."""
    needless = not _NEEDLESS.isdisjoint(arguments)
    needless = needless or not _NEEDLESS_PAIRS.isdisjoint(pairwise(arguments))
    if arguments[:1] == ["scan"] and len(arguments) > 1 and not needless:
        begin()


def take() -> WorkerProcess | None:
    """Return the worker, which the caller ends from now on, if there is one."""
    return _started.pop() if _started else None


def end() -> None:
    """End the worker if nobody took it."""
    if worker := take():
        worker.kill()


def warm_up() -> None:
    """Import every check of rows, and what it loads for its first row; called by the worker."""
    from ftaudit.checks import discover
    from ftaudit.model.attempt import attempt
    from ftaudit.model.check import Relation
    from ftaudit.model.dataset import ROWS

    empty = ROWS.to_frame()
    for check in discover().values():
        if check.relation is Relation.ROWS:
            attempt(_mapped, check, empty)


def _mapped(check: "type[Check]", batch: "pl.DataFrame") -> None:
    check().map(batch)
