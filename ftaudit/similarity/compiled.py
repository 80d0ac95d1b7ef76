"""Load the kernels, compiling them once per machine and version.

Machine code is kept in the user's cache folder (so read-only installs work), under a digest of
the kernels' sources (numba itself looks only at the file of each function, and would serve stale
code after an upgrade).
"""

import atexit
import hashlib
import os
import shutil
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Final

from ftaudit.progress import Progress

_PACKAGE: Final = "ftaudit.similarity.kernels"


def load_kernels(progress: Progress, *names: str) -> None:
    """Import modules of kernels; the first time on a machine this compiles them, in some seconds.

    `NUMBA_CACHE_DIR` in the environment is respected.
    """
    missing = [f"{_PACKAGE}.{name}" for name in names if f"{_PACKAGE}.{name}" not in sys.modules]
    if not missing:
        return
    folder = cache_folder()
    fresh = not all(any(folder.glob(f"*/{name}.*.nbi")) for name in names)
    stage = "compiling the kernels (once)" if fresh else "loading the kernels"
    with progress.stage(stage, len(missing)) as advance:
        config = import_module("numba").config
        before = config.CACHE_DIR
        config.CACHE_DIR = before or str(folder)
        try:
            for module in missing:
                import_module(module)
                advance(1)
        finally:
            config.CACHE_DIR = before


def cache_folder() -> Path:
    """Return a folder of this user's that can be written to, for exactly these kernels."""
    sources = sorted((Path(__file__).parent / "kernels").glob("*.py"))
    checked = os.environ.get("NUMBA_BOUNDSCHECK", "").encode()  # makes other machine code
    parts = [checked, *(p.read_bytes() for p in sources)]
    digest = hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]
    folder = _user_cache() / "ftaudit" / f"kernels-{digest}"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        own = Path(tempfile.mkdtemp(prefix="ftaudit-kernels-"))
        atexit.register(shutil.rmtree, own, ignore_errors=True)
        return own


def _user_cache() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
