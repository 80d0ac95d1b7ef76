"""Fold checks over a relation on this machine: in this process, and on workers beside it."""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import polars as pl

from ftaudit.engines.local.processes import Workers
from ftaudit.engines.local.spool import Spool
from ftaudit.model.attempt import BrokenCall, attempt
from ftaudit.model.check import Check, Mapped
from ftaudit.model.dataset import Part

COMBINE_AT: Final = 64
"""Partials that wait before they are folded together, which bounds memory."""

PIECE_BYTES: Final = 8 << 20
"""Most bytes of a batch that are mapped at once, which bounds the memory of a process."""

AHEAD: Final = 4
"""Parts per process whose results may wait for those of an earlier part."""

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
    broken: BrokenCall | None = None
    seen: Counter[str] = field(default_factory=Counter)
    """Rows mapped, per split."""
    _waiting: list[pl.DataFrame] = field(default_factory=list)

    def take(self, mapped: Mapped | BrokenCall, seen: Counter[str]) -> None:
        """Add what one batch was mapped to. The first break is kept and ends the fold."""
        if self.broken is not None:
            return
        if isinstance(mapped, BrokenCall):
            self.broken = mapped
            return
        self.seen += seen
        self._waiting.append(mapped.partials)
        outcome = attempt(self._settle, mapped.findings)
        self.broken = outcome if isinstance(outcome, BrokenCall) else None

    def _settle(self, findings: pl.DataFrame) -> None:
        self.spool.add(findings)
        if len(self._waiting) >= COMBINE_AT:
            self._waiting = [self._combined()]

    def totals(self) -> pl.DataFrame | BrokenCall:
        """Return all partials folded together; the fold must have seen a batch."""
        return attempt(self._combined) if self.broken is None else self.broken

    def _combined(self) -> pl.DataFrame:
        return self.check.combine(pl.concat(self._waiting))


def run(
    folds: Sequence[Fold],
    parts: Iterable[Part],
    *,
    reading: Reading = as_it_is,
    workers: Workers | None = None,
    advance: Callable[[int], None] = lambda _: None,
) -> None:
    """Map every batch by every check and hand the results to their folds, in batch order.

    Args:
        folds: the checks, all of one relation.
        parts: the relation, or what it is read from; at least one, which may be empty.
        reading: makes the relation of a part, where the part is mapped.
        workers: processes that map besides this one. Results do not depend on them.
        advance: told the rows of every finished batch.

    Raises:
        InputError: a part cannot be read, in whichever process.
    """
    task = Task([fold.check for fold in folds], reading, PIECE_BYTES)
    mapped = _shared(task, parts, workers) if workers else _alone(task, parts)
    for seen, results in mapped:
        for fold, result in zip(folds, results, strict=True):
            fold.take(result, seen)
        advance(seen.total())


Results = tuple[Counter[str], list[Mapped | BrokenCall]]
"""Rows per split in a batch, and what every check made of it."""


@dataclass(frozen=True)
class Task:
    """What is done with every batch."""

    checks: Sequence[Check]
    reading: Reading
    most: int
    """Bytes that are mapped at once."""

    def all_of(self, part: Part) -> list[Results]:
        """Return what the checks make of a part."""
        return list(self.of(part))

    def of(self, part: Part) -> Iterator[Results]:
        """Yield what the checks make of each batch that is read from a part."""
        for frame in part.frames():
            for piece in _cut(frame, self.most):
                yield from map(self._results, self.reading(piece))

    def _results(self, batch: pl.DataFrame) -> Results:
        split = next((name for name in ("split", "__split") if name in batch.columns), None)
        counted = batch[split].value_counts().iter_rows() if split else ()
        return Counter(dict(counted)), [attempt(check.map, batch) for check in self.checks]


def _cut(batch: pl.DataFrame, most: int) -> Iterator[pl.DataFrame]:
    """Cut a large batch; where says nothing."""
    pieces = 1 + int(batch.estimated_size()) // most
    step = max(1, -(-batch.height // pieces))
    for start in range(0, max(1, batch.height), step):
        yield batch[start : start + step]


def _alone(task: Task, parts: Iterable[Part]) -> Iterator[Results]:
    for part in parts:
        yield from task.of(part)


def _shared(task: Task, parts: Iterable[Part], workers: Workers) -> Iterator[Results]:
    """Map in this process and on workers, and yield in the order of the parts.

    This process maps whatever the workers do not take: while they start, and whenever each of
    them has something to do.
    """
    ahead: deque[Future[list[Results]]] = deque()
    for part in parts:
        ahead.append(workers.offer(task.all_of, part) or _done(task.all_of(part)))
        while ahead and (ahead[0].done() or len(ahead) > AHEAD * (1 + workers.count)):
            yield from ahead.popleft().result()
    while ahead:
        yield from ahead.popleft().result()


def _done(results: list[Results]) -> Future[list[Results]]:
    future: Future[list[Results]] = Future()
    future.set_result(results)
    return future
