"""A process beside this one that makes calls for it, one after another.

It is a Python of its own, which imports what the calls need. It ends with its parent, and whatever
ends it loses nothing: the parent makes a lost call itself.
"""

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from functools import partial
from queue import SimpleQueue
from threading import Thread
from typing import BinaryIO, Final, ParamSpec, TypeVar, cast

from ftaudit.engines.local.served_calls import LOST, receive, send

P = ParamSpec("P")
T = TypeVar("T")

_PROGRAM: Final = (
    "import sys; sys.path[:] = sys.argv[2].split(chr(10)); "
    "from ftaudit.engines.local.served_calls import serve; serve(int(sys.argv[1]))"
)
_ENVIRONMENT: Final = {"POLARS_MAX_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""Workers are as many as there are cores."""


class LostCallError(Exception):
    """A worker did not answer a call: it ended, or the call raised or cannot travel."""

    def __init__(self, call: Callable[[], object]) -> None:
        """Keep the call, to be made elsewhere."""
        super().__init__()
        self.call = call


class CallAnswer(Future[T]):
    """The answer to come of a call, which can be taken back until it is begun."""

    def __init__(self, call: Callable[[], T]) -> None:
        """Keep the call until it is begun: what it holds may be large."""
        super().__init__()
        self._call: Callable[[], T] | None = call

    def set_running_or_notify_cancel(self) -> bool:
        """Mark the call as begun; return whether it was not taken back before."""
        begun = super().set_running_or_notify_cancel()
        self._call = None
        return begun

    def take_back(self) -> Callable[[], T] | None:
        """Return the call, which nobody else will make then; None if it was begun."""
        call = self._call
        return call if self.cancel() else None


def taken_back(answer: Future[T]) -> Callable[[], T] | None:
    """Return a call that no worker has begun, which none will make then; else None."""
    return answer.take_back() if isinstance(answer, CallAnswer) else None


def result_of(answer: Future[T]) -> T:
    """Wait for the answer to a call; make the call here if it was not begun, or lost."""
    if (call := taken_back(answer)) is not None:
        return call()
    try:
        return answer.result()
    except LostCallError as lost:
        return cast("T", lost.call())


class WorkerProcess:
    """A process that makes calls; ended by `close` or `kill`, and by the end of this one."""

    def __init__(self, prepare: Callable[[], object]) -> None:
        """Start it; the first call that it makes is `prepare`, which loads what others need.

        Raises:
            OSError: no process can be started.
        """
        self._process = _started()
        self._calls: SimpleQueue[tuple[Callable[[], object], Future[object]] | None] = SimpleQueue()
        self._answers: list[Future[object]] = []
        self._ended = self._closed = False
        self.prepare(prepare)
        Thread(target=self._deliver, daemon=True).start()

    @property
    def process_id(self) -> int:
        """The number that the system gave it."""
        return self._process.pid

    @property
    def is_up(self) -> bool:
        """Whether it is prepared, and lives as far as is known."""
        return self.prepared.done() and not self._ended

    @property
    def has_ended(self) -> bool:
        """Whether it is known to live no more."""
        return self._ended

    @property
    def pending(self) -> int:
        """Calls that were not answered yet, but for those that prepare it."""
        self._answers = [answer for answer in self._answers if not answer.done()]
        return len(self._answers)

    def call(self, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Return the answer to come of a call, which can be pickled, as its value can; `result_of`.

        A call that raises is lost like any that cannot be made: it raises where it is made again.
        """
        made = partial(call, *args, **kwargs)
        answer = self._put(made)
        self._answers.append(cast("Future[object]", answer))
        return answer

    def prepare(self, call: Callable[[], object]) -> None:
        """Take it as up once it has made another call."""
        self.prepared = self._put(call)

    def load(self, call: Callable[[], object]) -> None:
        """Let it make a call that saves time later, and for which nobody waits."""
        self._put(call)

    def _put(self, call: Callable[[], T]) -> Future[T]:
        answer = CallAnswer(call)
        if self._closed:
            answer.set_exception(LostCallError(call))
        else:
            self._calls.put((call, cast("Future[object]", answer)))
        return answer

    def close(self) -> None:
        """Let it end after the calls that it has, without waiting; any other is lost."""
        self._closed = True
        self._calls.put(None)

    def kill(self) -> None:
        """End it now, whatever it does; its calls are lost."""
        self._ended = True
        self._process.kill()
        self.close()

    def _deliver(self) -> None:
        """Hand over one call after another, on a thread of this process."""
        while (queued := self._calls.get()) is not None:
            call, answer = queued
            if answer.set_running_or_notify_cancel():
                self._make(call, answer)
            del queued, call, answer  # what they hold may be large, and the next may be long away
        with suppress(OSError):
            self._pipes[0].close()
        self._process.wait()
        self._pipes[1].close()

    def _make(self, call: Callable[[], object], answer: Future[object]) -> None:
        try:
            answer.set_result(self._answered(call))
        except Exception:  # noqa: BLE001 - whatever pickling raises: the call is made again elsewhere
            answer.set_exception(LostCallError(call))

    def _answered(self, call: Callable[[], object]) -> object:
        message = pickle.dumps(call, pickle.HIGHEST_PROTOCOL)
        calls, answers = self._pipes
        try:
            send(calls, message)
            del message
            body = receive(answers)
        except OSError:
            body = None
        if body is None:
            self._ended = True
        if body is None or body == LOST:
            raise LostCallError(call)
        return pickle.loads(body)  # noqa: S301 - from the worker's own pipe

    @property
    def _pipes(self) -> tuple[BinaryIO, BinaryIO]:
        """Where calls go, and where answers come from."""
        calls, answers = self._process.stdin, self._process.stdout
        return cast("tuple[BinaryIO, BinaryIO]", (calls, answers))


def _started() -> "subprocess.Popen[bytes]":
    """Start a Python that imports from where this one does, and runs no script."""
    flags = subprocess._args_from_interpreter_flags()  # type: ignore[attr-defined] # noqa: SLF001 - as multiprocessing does
    paths = "\n".join(map(str, sys.path))
    with _ctrl_c_blocked():
        return subprocess.Popen(  # noqa: S603 - this interpreter, and a program of our own
            [sys.executable, *flags, "-P", "-c", _PROGRAM, str(os.getpid()), paths],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | _ENVIRONMENT,
        )


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
