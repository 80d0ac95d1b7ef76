"""The folder in which this user's programs keep what they can make anew."""

import os
import stat
import sys
from pathlib import Path


def user_cache() -> Path:
    """Return ftaudit's folder in the user's cache; it may not exist, and may not be writable."""
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "ftaudit"


def is_ours(status: os.stat_result) -> bool:
    """Say whether a file or folder is this user's, and no other user may write it."""
    getuid = getattr(os, "getuid", None)
    if getuid is None:
        return True
    return bool(status.st_uid == getuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH))


def is_private(folder: Path) -> bool:
    """Say whether a folder exists, and nobody else can put a file there."""
    try:
        return is_ours(folder.stat())
    except OSError:
        return False
