"""Load the kernels, compiling them once per machine and version, or do without for little data.

Machine code is kept in the cache folder of the user (so read-only installs work), under a digest of
the sources of all kernels (numba itself looks only at the file of each function, and would serve
stale code after an upgrade). The first time, all kernels but those that few scans need are compiled
together, on every core, so that there is one wait.
"""

import atexit
import hashlib
import os
import shutil
import sys
import tempfile
from collections import Counter
from contextlib import closing
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import Final

from msgspec import Struct, field

from ftaudit.model.installed_version import installed_version
from ftaudit.model.progress import Progress
from ftaudit.model.user_cache import user_cache
from ftaudit.similarity.runtime.kernel_compilers import compile_modules
from ftaudit.similarity.runtime.machine_code import only_loading

_PACKAGE: Final = "ftaudit.similarity.kernels"
_TEMPORARY: Final = "ftaudit-kernels-"
_PLAIN: Final = "ftaudit.similarity.plain.plain_"
PLAIN_STEPS: Final = 400_000
"""Steps that a process takes in plain Python before it loads kernels. A step is a byte of text to
prepare, or a pair of sets to compare: about a microsecond."""
SELDOM: Final = frozenset(
    {
        *("json_skeletons", "mask_hits", "passage_grams", "signature_agreement", "set_overlaps"),
        *("term_swaps", "weighted_join", "word_tokens"),
    }
)
"""Modules compiled only when they are loaded: for profiles, much text, indexes, answers, giant
clusters, many terms of identity, rewordings."""


class PlainWork(Struct, eq=False):
    """What a process has done without kernels, and which it has loaded."""

    steps: int = 0
    loaded: set[str] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)

    def takes(self, names: list[str], steps: int) -> bool:
        """Return whether plain modules of these names should take the next steps."""
        with self._lock:
            self.steps += steps
            if self.loaded or self.steps > PLAIN_STEPS:
                return False
        return all(find_spec(f"{_PLAIN}{name}") for name in names)


PLAIN = PlainWork()
"""Of this process."""


def kernels(name: str) -> ModuleType:
    """Return a module of kernels, or its like in plain Python where it was not worth loading."""
    return import_module(f"{_PACKAGE}.{name}" if name in PLAIN.loaded else f"{_PLAIN}{name}")


def load_kernels(progress: Progress, *names: str, steps: int = 0) -> None:
    """Import modules of kernels; the first time on a machine this compiles most, in some seconds.

    Nothing is imported while all work so far is little, about `steps` more of it among it, and
    there are plain modules of these names (`similarity.plain`): they answer sooner then.

    Machine code is kept under `NUMBA_CACHE_DIR` where the environment has it. Where no folder can
    be written to, only the modules in `names` are compiled, in every process anew.
    """
    missing = [name for name in names if name not in PLAIN.loaded]
    if missing and not PLAIN.takes(missing, steps):
        _load_all(progress, missing)
        PLAIN.loaded.update(missing)


def load_alone(name: str) -> None:
    """Import a module of kernels, and compile no other: processes beside this one do the same."""
    if name not in PLAIN.loaded:
        folder = cache_folder()
        load = _load if name in _uncompiled(folder) else _load_compiled
        load(name, folder)
        PLAIN.loaded.add(name)


def _load_all(progress: Progress, missing: list[str]) -> None:
    """Import modules of kernels; compile them before where the machine code is missing."""
    folder = cache_folder()
    uncompiled = _uncompiled(folder)
    if uncompiled.keys().isdisjoint(missing):
        with progress.stage("loading the kernels", len(missing)) as advance:
            for name in missing:
                _load_compiled(name, folder)
                advance(1)
        return
    usual = {
        name: text for name, text in uncompiled.items() if name in missing or name not in SELDOM
    }
    elsewhere = {} if folder.name.startswith(_TEMPORARY) else usual  # no other process reads it
    with progress.stage("compiling the kernels (once)", len({*elsewhere, *missing})) as advance:
        done = set()
        with closing(compile_modules(elsewhere, _PACKAGE, folder)) as compiled:
            for name in compiled:
                done.add(name)
                advance(1)
        for name in missing:
            _load(name, folder)
            advance(int(name not in done))


def _load_compiled(name: str, folder: Path) -> None:
    """Import a module whose machine code is in `folder`, without what only compiling needs."""
    try:
        with only_loading():
            _load(name, folder)
    except Exception:  # noqa: BLE001 - whatever the versions at hand miss, compiling brings
        _load(name, folder)


def _load(name: str, folder: Path) -> None:
    """Import a module; machine code that numba has to compile is kept in `folder`."""
    config = import_module("numba").config
    before = config.CACHE_DIR
    config.CACHE_DIR = str(folder)
    try:
        import_module(f"{_PACKAGE}.{name}")
    finally:
        config.CACHE_DIR = before


def _uncompiled(folder: Path) -> dict[str, str]:
    """Return the source, by name, of every module of which `folder` lacks a kernel."""
    python = f"py{sys.version_info.major}{sys.version_info.minor}"
    compiled = Counter(path.name.split(".")[0] for path in folder.glob(f"*/*.{python}.nbi"))
    sources = {path.stem: path.read_text(encoding="utf-8") for path in _sources()}
    return {
        name: text for name, text in sources.items() if compiled[name] < text.count("cache=True")
    }


def _sources() -> list[Path]:
    return sorted((Path(__file__).parents[1] / "kernels").glob("*.py"))


def cache_folder() -> Path:
    """Return a folder for exactly these kernels, in `NUMBA_CACHE_DIR` or the cache of this user.

    Whatever numba takes as a sign of stale code chooses another folder: its version, and the paths
    and times of the sources. Where none can be written to, a temporary folder is returned.
    """
    sources = _sources()
    identity = [
        os.environ.get("NUMBA_BOUNDSCHECK", ""),  # makes other machine code
        installed_version("numba"),
        *(f"{path} {path.stat().st_mtime_ns}" for path in sources),
    ]
    parts = ["\n".join(identity).encode(), *(path.read_bytes() for path in sources)]
    digest = hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]
    chosen = os.environ.get("NUMBA_CACHE_DIR")
    folder = (Path(chosen) if chosen else user_cache()) / f"kernels-{digest}"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        temporary = Path(tempfile.mkdtemp(prefix=_TEMPORARY))
        atexit.register(shutil.rmtree, temporary, ignore_errors=True)
        return temporary
