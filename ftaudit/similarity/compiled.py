"""Load the kernels, compiling them once per machine and version.

Machine code is kept in the user's cache folder (so read-only installs work), under a digest of
the kernels' sources (numba itself looks only at the file of each function, and would serve stale
code after an upgrade). The first time, all kernels but those that few scans need are compiled, so
that there is one wait, and on every core.
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
from importlib.metadata import version
from pathlib import Path
from typing import Final

from ftaudit.model.progress import Progress
from ftaudit.similarity.compilers import compile_modules

_PACKAGE: Final = "ftaudit.similarity.kernels"
_TEMPORARY: Final = "ftaudit-kernels-"
SELDOM: Final = frozenset({"matching", "measuring"})
"""Kernels compiled only when they are asked for: for indexes, for answers and huge clusters."""


def load_kernels(progress: Progress, *names: str) -> None:
    """Import modules of kernels; the first time on a machine this compiles most, in some seconds.

    `NUMBA_CACHE_DIR` in the environment is respected. Where no folder can be written to, only
    what is asked for is compiled, each time.
    """
    wanted = [name for name in names if f"{_PACKAGE}.{name}" not in sys.modules]
    if not wanted:
        return
    kept = os.environ.get("NUMBA_CACHE_DIR")
    folder = Path(kept) if kept else cache_folder()
    absent = _absent(folder)
    if absent.keys().isdisjoint(wanted):
        with progress.stage("loading the kernels", len(wanted)) as advance:
            for name in wanted:
                _load(name, folder)
                advance(1)
        return
    likely = {name: text for name, text in absent.items() if name in wanted or name not in SELDOM}
    elsewhere = {} if folder.name.startswith(_TEMPORARY) else likely
    with progress.stage("compiling the kernels (once)", len({*elsewhere, *wanted})) as advance:
        done = set()
        with closing(compile_modules(elsewhere, _PACKAGE, folder)) as compiled:
            for name in compiled:
                done.add(name)
                advance(1)
        for name in wanted:
            _load(name, folder)
            advance(int(name not in done))


def _load(name: str, folder: Path) -> None:
    """Import a module; what has to be compiled is kept in `folder`."""
    config = import_module("numba").config
    before = config.CACHE_DIR
    config.CACHE_DIR = before or str(folder)
    try:
        import_module(f"{_PACKAGE}.{name}")
    finally:
        config.CACHE_DIR = before


def _absent(folder: Path) -> dict[str, str]:
    """Return the source, by name, of every module of which `folder` lacks a kernel."""
    python = f"py{sys.version_info.major}{sys.version_info.minor}"
    there = Counter(path.name.split(".")[0] for path in folder.glob(f"*/*.{python}.nbi"))
    sources = {path.stem: path.read_text(encoding="utf-8") for path in _sources()}
    return {name: text for name, text in sources.items() if there[name] < text.count("cache=True")}


def _sources() -> list[Path]:
    return sorted((Path(__file__).parent / "kernels").glob("*.py"))


def cache_folder() -> Path:
    """Return a folder of this user's that can be written to, for exactly these kernels.

    It is another one where numba would take what is there for stale: for another version of it, or
    files of another place or time.
    """
    sources = _sources()
    about = [
        os.environ.get("NUMBA_BOUNDSCHECK", ""),  # makes other machine code
        version("numba"),
        *(f"{path} {path.stat().st_mtime_ns}" for path in sources),
    ]
    parts = ["\n".join(about).encode(), *(path.read_bytes() for path in sources)]
    digest = hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]
    folder = _user_cache() / "ftaudit" / f"kernels-{digest}"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        own = Path(tempfile.mkdtemp(prefix=_TEMPORARY))
        atexit.register(shutil.rmtree, own, ignore_errors=True)
        return own


def _user_cache() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
