"""Processes that work beside this one. Starting one takes seconds, and need not be waited for."""

from collections.abc import Callable
from concurrent.futures import Future, wait
from contextlib import suppress
from typing import Final, ParamSpec, Self, TypeVar

from ftaudit.engines.local.worker_process import WorkerProcess

P = ParamSpec("P")
T = TypeVar("T")

DEPTH: Final = 3
"""Calls a worker may have: one to make, and two to go on with, as this process may take long over
one of its own, in which it loads libraries."""


class Workers:
    """A context in which other processes take calls off this one."""

    def __init__(
        self, count: int, prepare: Callable[[], object], first: WorkerProcess | None = None
    ) -> None:
        """Plan to start `count` of them, at least 1; `first` is one that was started already.

        `prepare`, which can be pickled, is called by each before it takes other calls: it loads
        what those need. That it raises says nothing: the calls themselves will.
        """
        self.count = count
        self._prepare = prepare
        self._processes = [first] if first is not None else []

    def __enter__(self) -> Self:
        """Begin to start them; where no more can be started, fewer take calls."""
        for process in self._processes:
            process.prepare(self._prepare)
        with suppress(OSError):
            while len(self._processes) < self.count:
                self._processes.append(WorkerProcess(self._prepare))
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """End them: at once where something went wrong, or somebody pressed Ctrl-C."""
        if kind is not None:
            for process in self._processes:
                process.kill()
        self.close()

    def close(self) -> None:
        """End them once they have made their calls. Once closed they take no others."""
        for process in self._processes:
            process.close()
        self._processes = []

    def wait(self) -> None:
        """Wait until all of them are up."""
        wait([process.prepared for process in self._processes])

    def offer(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T] | None:
        """Give a call to a worker, or nothing if each has enough to do.

        One that is not up yet begins with it as soon as it is. The answer is for `result_of`.
        """
        free = [p for p in self._processes if not p.has_ended and p.pending < DEPTH]
        if not free:
            return None
        return min(free, key=lambda process: process.pending).call(call, *args, **kwargs)
