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
from typing import Final

import polars as pl

from ftaudit.attempt import Broken, attempt
from ftaudit.check import Check, Mapped
from ftaudit.engines.spool import Spool

COMBINE_AT: Final = 64
"""Partials that wait before they are folded together, which bounds memory."""


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
    workers: int = 1,
    advance: Callable[[int], None] = lambda _: None,
) -> None:
    """Map every batch by every check and hand the results to their folds, in batch order.

    Args:
        folds: the checks, all of one relation.
        batches: the relation; at least one batch, which may be empty.
        workers: processes; 1 maps in this process. Results do not depend on it.
        advance: told the rows of every finished batch.
    """
    checks = [fold.check for fold in folds]
    mapped = _in_process(checks, batches) if workers == 1 else _spread(checks, batches, workers)
    for seen, results in mapped:
        for fold, result in zip(folds, results, strict=True):
            fold.take(result, seen)
        advance(seen.total())


Results = tuple[Counter[str], list[Mapped | Broken]]
"""Rows per split in a batch, and what every check made of it."""


def _map(checks: Sequence[Check], batch: pl.DataFrame) -> Results:
    split = next((name for name in ("split", "__split") if name in batch.columns), None)
    seen = Counter(dict(batch[split].value_counts().iter_rows())) if split else Counter()
    return seen, [attempt(check.map, batch) for check in checks]


def _in_process(checks: Sequence[Check], batches: Iterable[pl.DataFrame]) -> Iterator[Results]:
    for batch in batches:
        yield _map(checks, batch)


def _spread(
    checks: Sequence[Check], batches: Iterable[pl.DataFrame], workers: int
) -> Iterator[Results]:
    """Map on worker processes, a bounded number of batches ahead, and yield in batch order."""
    context = get_context("spawn")
    with (
        _single_threaded(),
        _without_script(),
        ProcessPoolExecutor(workers, context, _start_worker, (list(checks),)) as pool,
    ):
        resource_tracker.ensure_running()  # its start would lift the block below
        ahead: deque[Future[Results]] = deque()
        try:
            for batch in batches:
                with _ctrl_c_blocked():
                    ahead.append(pool.submit(_map_in_worker, batch))
                while len(ahead) > 2 * workers:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


_CHECKS: list[Check] = []
"""The checks of a worker process, set when it starts."""


def _start_worker(checks: list[Check]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what Ctrl-C means
    _CHECKS[:] = checks


def _map_in_worker(batch: pl.DataFrame) -> Results:
    return _map(_CHECKS, batch)


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
