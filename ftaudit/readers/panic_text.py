"""Keep off stderr what native code prints when it panics on a file: lines of its own sources."""

import io
import os
import re
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from tempfile import TemporaryFile
from threading import Lock
from typing import BinaryIO, Final, TypeVar, cast

from ftaudit.model.unfailing_stream import UnfailingStream

T = TypeVar("T")
_STDERR: Final = 2
_PANIC: Final = re.compile(rb"(?:\A|(?<=\n))\n?thread '[^'\n]*'[^\n]* panicked at .*", re.DOTALL)
_QUIET: Final = 0.05
"""Seconds without more text after which a panic is printed: threads print after they fail."""
_LONGEST: Final = 2.0
"""Seconds that are waited at most."""
_NATIVE: Final = frozenset({"pyo3_runtime", "polars", "pyarrow"})
"""Packages whose exceptions come from native code."""
_END: Final = object()
_BACKTRACE: Final = "RUST_BACKTRACE"
_redirected: Final = Lock()


@contextmanager
def without_panic_text() -> Iterator[None]:
    """Within, print nothing of panics of native code; all else that it prints follows at the end.

    What Python prints is shown at once. Of several threads, one redirects at a time.
    """
    if not _redirected.acquire(blocking=False):
        yield
        return
    try:
        with ExitStack() as stack:
            sink = _sink(stack)
            if sink is None:
                yield
                return
            try:
                yield
            except BaseException as error:
                if _is_native(error):
                    _settle(sink)
                raise
    finally:
        _redirected.release()


def _is_native(error: BaseException | None) -> bool:
    """Tell whether native code broke, here or under an error that was made of that."""
    while error is not None:
        if type(error).__module__.partition(".")[0] in _NATIVE:
            return True
        error = error.__cause__ or error.__context__
    return False


def quietly(items: Iterable[T]) -> Iterator[T]:
    """Yield items, each of which is made without any text of a panic."""
    iterator = iter(items)
    while True:
        with without_panic_text():
            item = next(iterator, _END)
        if item is _END:
            return
        yield cast("T", item)


def _sink(stack: ExitStack) -> BinaryIO | None:
    """Turn stderr into a file until the stack is left; None where there is none, or no room."""
    try:
        shown = os.dup(_STDERR)
    except OSError:
        return None
    stack.callback(os.close, shown)
    try:
        sink = stack.enter_context(TemporaryFile())  # noqa: SIM115 - the stack is its manager
    except OSError:
        return None  # there is no room: whoever needs some says so
    _keep_python(stack, shown)
    backtrace = os.environ.get(_BACKTRACE)
    os.environ[_BACKTRACE] = "0"
    stack.callback(_restore_backtrace, backtrace)
    stack.callback(_restore, sink, shown)
    os.dup2(sink.fileno(), _STDERR)
    return sink


def _keep_python(stack: ExitStack, shown: int) -> None:
    """Have Python's own stderr go on writing where it did."""
    stream = sys.stderr
    try:
        stream.flush()
        same = stream.fileno() == _STDERR
    except (AttributeError, OSError, ValueError):
        return
    if same:
        encoding = stream.encoding or "utf-8"
        raw = UnfailingStream(os.dup(shown), "w")
        copy = io.TextIOWrapper(raw, encoding, "backslashreplace", write_through=True)
        stack.callback(copy.close)
        stack.callback(setattr, sys, "stderr", stream)
        sys.stderr = copy


def _settle(sink: BinaryIO) -> None:
    """Wait until nothing more is printed."""
    size, end = -1, time.monotonic() + _LONGEST
    while size != (size := os.fstat(sink.fileno()).st_size) and time.monotonic() < end:
        time.sleep(_QUIET)


def _restore(sink: BinaryIO, shown: int) -> None:
    os.dup2(shown, _STDERR)
    sink.seek(0)
    if rest := _PANIC.sub(b"", sink.read()):
        with suppress(OSError):
            os.write(_STDERR, rest)


def _restore_backtrace(value: str | None) -> None:
    if value is None:
        os.environ.pop(_BACKTRACE, None)
    else:
        os.environ[_BACKTRACE] = value
