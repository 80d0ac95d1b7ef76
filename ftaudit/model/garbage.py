"""Look for garbage seldom while a scan makes many objects, of which hardly any form cycles."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final

from msgspec import Struct

OBJECTS: Final = 100_000
"""Objects made since the last look for garbage before the next. By default there are 700 (2,000
from Python 3.14), and a look at the oldest goes through all that libraries of natural language
have made: a tenth of the time that checks of rows take."""


class _Seldom(Struct, eq=False):
    """How many contexts last, and what the thresholds were before the first began."""

    lasting: int = 0
    before: tuple[int, int, int] = (0, 0, 0)


_SELDOM: Final = _Seldom()
_LOCK: Final = Lock()


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
