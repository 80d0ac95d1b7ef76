"""Fold checks over a relation on this machine: in this process, or on worker processes."""

import os
import signal
import sys
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context, resource_tracker
from types import ModuleType
from typing import Final, TypeAlias

import polars as pl

from ftaudit.attempt import Broken, attempt
from ftaudit.check import Check, Mapped
from ftaudit.engines.spool import Spool

COMBINE_AT: Final = 64
"""Partials that wait before they are folded together, which bounds memory."""

PIECE_BYTES: Final = 8 << 20
"""Most bytes of a batch that are mapped at once, which bounds the memory of a worker."""

Reading: TypeAlias = Callable[[pl.DataFrame], Iterable[pl.DataFrame]]
"""Makes batches of a relation of a batch of what it is read from. Can be pickled."""


def as_it_is(batch: pl.DataFrame) -> Iterable[pl.DataFrame]:
    """Read a batch that is one of the relation already."""
    return (batch,)


@dataclass
class Fold:
    """One check on its way over a relation."""

    check: Check
    spool: Spool
    broken: Broken | None = None
    seen: Counter[str] = field(default_factory=Counter)
    """Rows mapped, per split."""
    _waiting: list[pl.DataFrame] = field(default_factory=list)

    def take(self, mapped: Mapped | Broken, seen: Counter[str]) -> None:
        """Add what one batch was mapped to. The first break is kept and ends the fold."""
        if self.broken is not None:
            return
        if isinstance(mapped, Broken):
            self.broken = mapped
            return
        self.seen += seen
        self._waiting.append(mapped.partials)
        outcome = attempt(self._settle, mapped.findings)
        self.broken = outcome if isinstance(outcome, Broken) else None

    def _settle(self, findings: pl.DataFrame) -> None:
        self.spool.add(findings)
        if len(self._waiting) >= COMBINE_AT:
            self._waiting = [self._combined()]

    def totals(self) -> pl.DataFrame | Broken:
        """Return all partials folded together; the fold must have seen a batch."""
        return attempt(self._combined) if self.broken is None else self.broken

    def _combined(self) -> pl.DataFrame:
        return self.check.combine(pl.concat(self._waiting))


def run(
    folds: Sequence[Fold],
    batches: Iterable[pl.DataFrame],
    *,
    reading: Reading = as_it_is,
    workers: int = 1,
    advance: Callable[[int], None] = lambda _: None,
) -> None:
    """Map every batch by every check and hand the results to their folds, in batch order.

    Args:
        folds: the checks, all of one relation.
        batches: the relation, or what it is read from; at least one batch, which may be empty.
        reading: makes the relation of a batch, where the batch is mapped: what users store is
            smaller than what checks are given, and sooner sent.
        workers: processes; 1 maps in this process. Results do not depend on it.
        advance: told the rows of every finished batch.
    """
    task = Task([fold.check for fold in folds], reading)
    pieces = (piece for batch in batches for piece in _cut(batch))
    mapped = _in_process(task, pieces) if workers == 1 else _spread(task, pieces, workers)
    for seen, results in mapped:
        for fold, result in zip(folds, results, strict=True):
            fold.take(result, seen)
        advance(seen.total())


Results = tuple[Counter[str], list[Mapped | Broken]]
"""Rows per split in a batch, and what every check made of it."""


@dataclass(frozen=True)
class Task:
    """What is done with every batch."""

    checks: Sequence[Check]
    reading: Reading

    def of(self, piece: pl.DataFrame) -> Iterator[Results]:
        """Yield what the checks make of each batch that is read from a piece."""
        for batch in self.reading(piece):
            split = next((name for name in ("split", "__split") if name in batch.columns), None)
            counted = batch[split].value_counts().iter_rows() if split else ()
            yield Counter(dict(counted)), [attempt(check.map, batch) for check in self.checks]


def _cut(batch: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Cut a large batch; where says nothing."""
    pieces = 1 + int(batch.estimated_size()) // PIECE_BYTES
    step = max(1, -(-batch.height // pieces))
    for start in range(0, max(1, batch.height), step):
        yield batch[start : start + step]


def _in_process(task: Task, pieces: Iterable[pl.DataFrame]) -> Iterator[Results]:
    for piece in pieces:
        yield from task.of(piece)


def _spread(task: Task, pieces: Iterable[pl.DataFrame], workers: int) -> Iterator[Results]:
    """Map on worker processes, a bounded number of pieces ahead, and yield in their order."""
    context = get_context("spawn")
    with (
        _single_threaded(),
        _without_script(),
        ProcessPoolExecutor(workers, context, _start_worker, (task,)) as pool,
    ):
        resource_tracker.ensure_running()  # its start would lift the block below
        ahead: deque[Future[list[Results]]] = deque()
        try:
            for piece in pieces:
                with _ctrl_c_blocked():
                    ahead.append(pool.submit(_map_in_worker, piece))
                while len(ahead) > 2 * workers:
                    yield from ahead.popleft().result()
            while ahead:
                yield from ahead.popleft().result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


_TASKS: list[Task] = []
"""The task of a worker process, set when it starts."""


def _start_worker(task: Task) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what Ctrl-C means
    _TASKS[:] = [task]


def _map_in_worker(piece: pl.DataFrame) -> list[Results]:
    return list(_TASKS[0].of(piece))


@contextmanager
def _single_threaded() -> Iterator[None]:
    """Start workers with one polars thread each: they are as many as there are cores."""
    before = os.environ.get("POLARS_MAX_THREADS")
    os.environ["POLARS_MAX_THREADS"] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["POLARS_MAX_THREADS"]
        else:
            os.environ["POLARS_MAX_THREADS"] = before


@contextmanager
def _ctrl_c_blocked() -> Iterator[None]:
    """Block Ctrl-C where a worker may start, which inherits that: the parent decides for it.

    A worker that is still importing would otherwise end with a traceback on the terminal.
    """
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _without_script() -> Iterator[None]:
    """Start workers that do not run the caller's script again, guarded by `__main__` or not.

    All they need is importable: a check is a class of a module.
    """
    script = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = script
