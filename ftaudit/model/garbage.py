"""How often to look for garbage: seldom, for hardly any of what a scan makes forms cycles.

The thresholds of every process of ours are here: those of the command line, of workers, of scans
that are called from Python, and of processes that compile kernels.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final

OBJECTS: Final = 100_000
"""Objects made since the last look for garbage before the next. By default there are 700 (2,000
from Python 3.14), and a look at the oldest goes through all that libraries of natural language
have made: a tenth of the time that checks of rows take."""
IMPORTED: Final = 500_000
"""The same where a process begins: more than all imports make, of which nothing is garbage."""
SERVED: Final = 20_000
"""The same in a worker that has imported all it needs, which no look goes through any more."""


class _Seldom:
    """How many contexts last, and what the thresholds were before the first began."""

    lasting = 0
    before = (0, 0, 0)


_SELDOM: Final = _Seldom()
_LOCK: Final = Lock()


def rare_while_importing() -> None:
    """Look for garbage hardly ever, in a process of ours that begins."""
    gc.set_threshold(IMPORTED, 10, 10)


def rare_after_importing() -> None:
    """Leave all that there is out of every look from now on; once for a process."""
    if not gc.get_freeze_count():
        gc.freeze()
        gc.set_threshold(SERVED, 20, 20)


@contextmanager
def rare_collections() -> Iterator[None]:
    """Look for garbage seldom while the context lasts, in all threads, then as often as before.

    Where it is looked for more seldom, or not at all, that stays.
    """
    with _LOCK:
        if not _SELDOM.lasting:
            _SELDOM.before = gc.get_threshold()
            if 0 < _SELDOM.before[0] < OBJECTS:
                gc.set_threshold(OBJECTS, 20, 20)
        _SELDOM.lasting += 1
    try:
        yield
    finally:
        with _LOCK:
            _SELDOM.lasting -= 1
            if not _SELDOM.lasting:
                gc.set_threshold(*_SELDOM.before)
