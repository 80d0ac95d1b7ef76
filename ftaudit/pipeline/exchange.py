"""Give two folders each other's name in one step, where the system can."""

import ctypes
import os
from pathlib import Path
from typing import Final

_AT_FDCWD: Final = -100
_RENAME_EXCHANGE: Final = 2
"""Of Linux, renameat2(2)."""


def exchange_names(first: Path, second: Path) -> bool:
    """Exchange the names of two folders at once; return False, and change nothing, if it cannot be.

    No moment passes in which either name has no folder. Linux can, on most file systems.
    """
    rename = getattr(ctypes.CDLL(None), "renameat2", None) if os.name == "posix" else None
    if rename is None:
        return False
    names = (os.fsencode(first), os.fsencode(second))
    return bool(rename(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE) == 0)
