"""Processes that work beside this one. Starting one takes seconds, and need not be waited for."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from multiprocessing import get_context, resource_tracker
from threading import Thread
from types import ModuleType
from typing import Final, ParamSpec, Self, TypeVar

from ftaudit.model.attempt import attempt

P = ParamSpec("P")
T = TypeVar("T")

_LOOK: Final = 0.5
"""Seconds between two looks at whether the parent is there."""

DEPTH: Final = 2
"""Calls a worker may have: one to make, and one to go on with."""


class Workers:
    """A context in which other processes take calls off this one."""

    def __init__(self, count: int, prepare: Callable[[], object]) -> None:
        """Plan to start `count` of them, at least 1.

        `prepare`, which can be pickled, is called by each before it takes other calls: it loads
        what those need. That it raises says nothing: the calls themselves will.
        """
        self.count = count
        self._prepare = prepare
        self._calls: list[Future[object]] = []

    def __enter__(self) -> Self:
        """Begin to start them: the pool starts a process for each of the first calls."""
        self._pool = ProcessPoolExecutor(self.count, get_context("spawn"), _start, (os.getpid(),))
        resource_tracker.ensure_running()  # its start would lift the block of Ctrl-C
        with _single_threaded(), _without_script(), _ctrl_c_blocked():
            calls = [self._pool.submit(attempt, self._prepare) for _ in range(self.count)]
        self._starting: list[Future[object]] = [*calls]
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """End them: at once where something went wrong, or somebody pressed Ctrl-C."""
        if kind is not None:
            self._kill()
        self.close()

    def _kill(self) -> None:
        # the pool would wait for the calls that are being made, which take minutes at most
        for process in list((self._pool._processes or {}).values()):  # noqa: SLF001 - it has no other way
            process.kill()

    def close(self) -> None:
        """Wait for the calls they are making, and end them. Once closed they take no others."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def wait(self) -> None:
        """Wait until all of them are up."""
        wait(self._starting)

    def offer(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T] | None:
        """Give a call to a worker, or nothing if each that is up has enough to do."""
        self._calls = [pending for pending in self._calls if not pending.done()]
        up = sum(pending.done() for pending in self._starting)
        if len(self._calls) >= DEPTH * up:
            return None
        future = self._pool.submit(call, *args, **kwargs)
        self._calls.append(future)  # type: ignore[arg-type] # whatever it returns
        return future


def _start(parent: int) -> None:
    """Prepare a worker: Ctrl-C is for its parent, without which it does not go on."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    """End this process once its parent is gone, even if that was killed outright.

    A worker waits on pipes that its siblings hold open too, so that it would stay for good.
    """
    while os.getppid() == parent:
        time.sleep(_LOOK)
    os._exit(1)


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
    """Block Ctrl-C where workers start, which inherit that: the parent decides for them.

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
