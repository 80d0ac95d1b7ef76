"""What a worker does: make calls that come through its stdin, and answer through its stdout.

Nothing else is written there: whatever code prints in a worker goes to stderr.
"""

import os
import pickle
import signal
import struct
import sys
import time
from threading import Thread
from typing import TYPE_CHECKING, BinaryIO, Final

from ftaudit.model.garbage import rare_after_importing, rare_while_importing

if TYPE_CHECKING:
    from collections.abc import Callable

LOST: Final = b""
"""The answer to a call that raised, or whose value cannot travel: whoever made it makes it again,
and sees what it raises."""
_LENGTH: Final = struct.Struct("<Q")
"""Stands before every message: how many bytes follow."""
_LOOK: Final = 0.5
"""Seconds between two looks at whether the parent is there."""


def serve(parent: int) -> None:
    """Make calls until there are no more, then end this process; Ctrl-C is for its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with, args=(parent,), daemon=True).start()
    rare_while_importing()
    calls, answers = _own_pipes()
    try:
        while (message := receive(calls)) is not None:
            send(answers, _answer(message))
            rare_after_importing()  # the first call imports
    finally:
        os._exit(0)  # also where nobody reads: the interpreter would take its time


def _own_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Take stdin and stdout away from all other code of this process."""
    try:
        os.fstat(2)
    except OSError:
        os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free, which is 2
    calls, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return calls, answers


def _answer(message: bytes) -> bytes:
    try:
        call: Callable[[], object] = pickle.loads(message)  # noqa: S301 - from the parent's own pipe
        value = call()
        if "polars" not in sys.modules:
            return pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        from ftaudit.engines.local.answer_pickling import pickled

        return pickled(value)
    except BaseException:  # noqa: BLE001 - a panic or an exit is no Exception, and ends no worker
        return LOST


def _end_with(parent: int) -> None:
    """End this process once its parent is gone, even if that was killed outright.

    It would end with the call it is making, which may take minutes.
    """
    while os.getppid() == parent:
        time.sleep(_LOOK)
    os._exit(1)


def send(pipe: BinaryIO, message: bytes) -> None:
    """Write a message.

    Raises:
        OSError: nobody reads it.
    """
    pipe.write(_LENGTH.pack(len(message)))
    pipe.write(message)
    pipe.flush()


def receive(pipe: BinaryIO) -> bytes | None:
    """Return the next message; None where the other side ended, also within a message."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    message = pipe.read(length)
    return message if len(message) == length else None
