"""What makes the next task of a Python worker dear, and is put right at the end of each.

Between two tasks Spark collects all garbage (`gc.collect`) and has every finder of modules read
what it looks in again (`importlib.invalidate_caches`). With the libraries of all checks loaded that
takes longer than most tasks: 0.1 and 0.15 seconds of processor time.
"""

import gc
import sys
from typing import Final
from zipimport import zipimporter

from msgspec import Struct


class _LoadedModules(Struct):
    """How many modules this process had when its objects were last set apart."""

    count: int = 0


_LOADED: Final = _LoadedModules()


def leave_tidy() -> None:
    """Forget the finders of modules in zip archives, and set apart what modules have made.

    Finders are made anew by the next import: of `pyspark.zip` there is one for each package. What
    stands when a task has loaded modules is never collected, which is for it to live as they do.
    """
    for path, finder in [*sys.path_importer_cache.items()]:
        if isinstance(finder, zipimporter):
            del sys.path_importer_cache[path]
    if len(sys.modules) > _LOADED.count:
        _LOADED.count = len(sys.modules)
        gc.collect()
        gc.freeze()
