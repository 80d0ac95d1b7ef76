"""Folds over a relation of little data, made in a worker while this process does something else."""

from collections.abc import Callable, Sequence
from concurrent.futures import wait
from typing import Final

from msgspec import Struct

from ftaudit.engines.folds import Fold
from ftaudit.engines.local.finished_parts import PartRecords
from ftaudit.engines.local.mapping import map_parts
from ftaudit.engines.local.worker_process import LostCallError, WorkerProcess
from ftaudit.engines.spool import Spool
from ftaudit.model.check import Failed, Result
from ftaudit.model.parts import Part

PATIENCE: Final = 0.5
"""Seconds that a worker has to be up when nothing else is left to do: it starts as soon as this
process does, and imports as much."""

Concluded = list[tuple[Result, Spool]]
"""How each check ended, and what it found."""


class BegunFolds(Struct, frozen=True, eq=False):
    """Checks to be folded over parts, and to judge. Can be pickled."""

    folds: Sequence[Fold]
    parts: Sequence[Part]
    records: PartRecords | None

    def __call__(self) -> Concluded:
        """Fold, and let every check judge."""
        map_parts(self.folds, self.parts, records=self.records)
        return [(fold.result(), fold.spool) for fold in self.folds]

    def begun(self, worker: WorkerProcess) -> Callable[[], Concluded]:
        """Begin in a worker; return what waits for it, or makes here what was not made there.

        A check that broke there is tried here once more: a class of the caller's own script, or a
        module that it changed, is only here.
        """
        answer = worker.call(self)

        def concluded() -> Concluded:
            wait([worker.prepared], PATIENCE)
            if not worker.is_up:  # something is wrong with it, or with the core it has
                worker.kill()
            try:
                results = answer.result()
            except LostCallError:
                return self()
            broken = [at for at, (result, _) in enumerate(results) if isinstance(result, Failed)]
            again = BegunFolds([self.folds[at] for at in broken], self.parts, self.records)
            for at, result in zip(broken, again() if broken else (), strict=True):
                results[at] = result
            return results

        return concluded
