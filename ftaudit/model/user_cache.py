"""The folder in which this user's programs keep what they can make anew."""

import os
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
