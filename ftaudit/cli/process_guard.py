"""What a command does as a process of its own: stop in time, and never print a traceback.

When it has ended, the process ends at once (`end_process`).

Not installed where commands are called from Python, as tests do.
"""

import atexit
import io
import os
import signal
import sys
import threading
import time
import traceback
from pathlib import PurePath
from types import TracebackType
from typing import Final, NoReturn

from ftaudit.model.unfailing_stream import UnfailingStream

TRACEBACK: Final = "FTAUDIT_TRACEBACK"
"""Environment variable that asks for whole tracebacks, which may hold text of the data."""

_PATIENCE: Final = 1.5
"""Seconds that a command has to leave by itself: a native call answers no signal before it ends."""

_INCOMPLETE: Final = 3


def install() -> None:
    """Guard this process from now on."""
    _open_streams()
    if not os.environ.get(TRACEBACK):
        sys.excepthook = _one_line
        threading.excepthook = lambda raised: _say(raised.exc_value)
    if hasattr(signal, "pthread_kill"):  # POSIX
        _watch()


def end_process(end: SystemExit) -> NoReturn:
    """End this process as the interpreter would, but do not take every module apart before.

    That would take as long as many a command: 0.04 seconds, and 0.1 where numba is loaded. Exit
    handlers run, and what was printed is written; threads that others wait for, debuggers and
    profilers get the usual end.

    Raises:
        SystemExit: the usual end is needed.
    """
    code = 0 if end.code is None else end.code
    if not isinstance(code, int) or _is_awaited() or _is_watched():
        raise end
    atexit._run_exitfuncs()  # noqa: SLF001 - there is no public name for it
    try:
        for stream in filter(None, (sys.stdout, sys.stderr)):
            stream.flush()
    except (OSError, ValueError):  # the interpreter says so
        raise end from None
    os._exit(code)


def _is_awaited() -> bool:
    """Return whether another thread has work that this process must not end before."""
    return any(
        thread is not threading.current_thread() and not thread.daemon
        for thread in threading.enumerate()
    )


def _is_watched() -> bool:
    """Return whether something has to say when the interpreter ends."""
    if sys.gettrace() or sys.getprofile() or sys.flags.inspect:
        return True
    monitoring = getattr(sys, "monitoring", None)  # from Python 3.12
    return monitoring is not None and any(map(monitoring.get_tool, range(6)))


def _open_streams() -> None:
    """Have stderr never fail, and no file of ours be taken for a standard stream that is closed."""
    for handle in range(3):
        try:
            os.fstat(handle)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
    if os.name != "posix":  # a console of Windows takes characters, not bytes
        return
    raw = io.BufferedWriter(UnfailingStream(2, "wb", closefd=False))
    encoding = sys.stderr.encoding if sys.stderr else "utf-8"
    sys.stderr = io.TextIOWrapper(raw, encoding, errors="backslashreplace", write_through=True)


def _watch() -> None:
    """Have a thread see every signal at once, also while this one is in a native call."""
    receiver, sender = os.pipe()
    os.set_blocking(sender, False)
    signal.set_wakeup_fd(sender, warn_on_full_buffer=False)
    threading.Thread(target=_leave_in_time, args=(receiver,), daemon=True).start()


def _leave_in_time(receiver: int) -> None:
    while True:
        number = os.read(receiver, 1)[0]
        if number in {signal.SIGINT, signal.SIGTERM}:
            time.sleep(_PATIENCE)
            _leave(number)


def _leave(number: int) -> None:
    """End this process without waiting for whatever it does."""
    run_folder = sys.modules.get("ftaudit.model.run_folder")
    if run_folder is not None:
        run_folder.remove_run_folders()
    os.write(2, b"ftaudit: stopped\n")
    os._exit(128 + number)


def _one_line(
    kind: type[BaseException],  # noqa: ARG001 - the hook's own signature
    error: BaseException,
    trace: TracebackType | None,  # noqa: ARG001 - as above
) -> None:
    """Say where a bug is, and never what the exception says: that may be text of the data."""
    if isinstance(error, KeyboardInterrupt):  # before a command or after it
        _leave(signal.SIGINT)
    _say(error)
    sys.stderr.flush()
    os._exit(_INCOMPLETE)


def _say(error: BaseException | None) -> None:
    if isinstance(error, MemoryError):
        sys.stderr.write("ftaudit: there is not enough memory. No verdict was reached\n")
        return
    frames = traceback.extract_tb(error.__traceback__) if error is not None else []
    own = [frame for frame in frames if f"{os.sep}ftaudit{os.sep}" in frame.filename] or frames
    place = f" at {PurePath(own[-1].filename).name}:{own[-1].lineno}" if own else ""
    sys.stderr.write(
        f"ftaudit: a bug of ftaudit: {type(error).__name__}{place}. No verdict was reached; "
        f"report it with the command you ran ({TRACEBACK}=1 prints the whole traceback)\n"
    )
