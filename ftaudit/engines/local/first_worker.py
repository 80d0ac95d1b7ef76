"""A worker that is started before anything is known of the data, while this process still imports.

On a second core it imports what checks of rows need, and is up when there are rows. Data that is
worth several workers has it as the first of them, and has let it load all before that; of less data
it makes all row checks, while this process searches for near-identical rows
(`LocalEngine.conclude`). Where no core is idle a scan of little data goes without: the worker
imports again what this process does, two fifths of the processor time of a small scan.
"""

import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from ftaudit.engines.local.worker_process import WorkerProcess
from ftaudit.model.cores import cores, has_idle_core

if TYPE_CHECKING:
    import polars as pl

    from ftaudit.model.check import Check, Context

_NEEDLESS: Final = frozenset({"-h", "--help", "--workers=1", "--engine=spark"})
_NEEDLESS_PAIRS: Final = frozenset({("--workers", "1"), ("--engine", "spark")})

SAMPLE: Final = (
    "Please write to Jane Miller, born 12 March 1984, at jane.miller@example.com or call "
    "+1 212 555 0142 from 192.0.2.17; card 4111 1111 1111 1111, SSN 219-09-9999, 12 Long Street, "
    "Springfield, IL 62704, password: 7hUq92vBw4"
)
"""A text for which checks load all they have: there is no such person."""

_started: Final[list[WorkerProcess]] = []
"""The worker that nobody took yet, if there is one."""


def begin() -> None:
    """Start the worker, unless there is one or there is but one core for both processes."""
    if _started or cores() == 1 or not sys.executable or getattr(sys, "frozen", False):
        return
    with suppress(OSError):  # a process too many: the scan goes without
        _started.append(WorkerProcess(warm_up))


def begin_for(arguments: Sequence[str]) -> None:
    """Start the worker if the arguments of the command line are those of a scan that takes it.

    How much data there is nobody knows yet; of much, several workers are started anyway.
    """
    needless = not _NEEDLESS.isdisjoint(arguments)
    needless = needless or not _NEEDLESS_PAIRS.isdisjoint(pairwise(arguments))
    if arguments[:1] == ["scan"] and len(arguments) > 1 and not needless and has_idle_core():
        begin()


def load(only: Sequence[str] = (), skip: Sequence[str] = ()) -> None:
    """Let the worker, if there is one, load what checks take once there is something to be found.

    Little data may have nothing that takes it, and more than half of a first answer is loading.

    Args:
        only: ids of the checks that run; empty: all.
        skip: ids of those that do not.
    """
    for worker in _started:
        worker.load(partial(load_all, tuple(only), tuple(skip)))


def take() -> WorkerProcess | None:
    """Return the worker, which the caller ends from now on, if there is one."""
    return _started.pop() if _started else None


def end() -> None:
    """End the worker if nobody took it."""
    if worker := take():
        worker.kill()


def warm_up() -> None:
    """Import every check of rows, and what it loads for its first row; called by the worker."""
    from ftaudit.model.dataset import ROWS

    _map(ROWS.to_frame(), None)


def load_all(only: Sequence[str] = (), skip: Sequence[str] = ()) -> None:
    """Check a row with something to be found, as there is in much data; called by the worker."""
    import polars as pl

    from ftaudit.model.check import Context
    from ftaudit.model.dataset import ROWS, TRAIN

    fields, place = [{"path": "text", "text": SAMPLE}], {"id": 0, "file": 0, "row": 0}
    texts = {"input": SAMPLE, "text": SAMPLE, "label": "a", "fields": fields, "problems": []}
    batch = pl.DataFrame([{"split": TRAIN, **place, **texts}], schema=ROWS)
    columns = {"input": "text", "label": "label"}
    _map(batch, Context("classification", columns, (), {TRAIN: 1 << 20}, {}), only, skip)


def _map(
    batch: "pl.DataFrame",
    context: "Context | None",
    only: Sequence[str] = (),
    skip: Sequence[str] = (),
) -> None:
    """Map a batch by checks of rows, each prepared for a context or as it is without one.

    Checks of other packages are left for when they are called: what they do with a row is unknown,
    and looking for them takes a while.
    """
    from ftaudit.checks import built_in
    from ftaudit.model.attempt import attempt
    from ftaudit.model.check import Relation

    for check in built_in():
        chosen = check.id not in skip and (not only or check.id in only)
        if check.relation is Relation.ROWS and chosen:
            attempt(_mapped, check, batch, context)


def _mapped(check: "type[Check]", batch: "pl.DataFrame", context: "Context | None") -> None:
    from ftaudit.model.check import Skip

    prepared = check.prepare(context) if context else check()
    if not isinstance(prepared, Skip):
        prepared.map(batch)
