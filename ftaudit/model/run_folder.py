"""A folder for one run's temporary files, of which nothing stays, whatever ends the run."""

import os
import shutil
import stat
import tempfile
import time
from pathlib import Path
from typing import Final
from weakref import WeakSet, finalize

from ftaudit.model.errors import UsageError

RUN: Final = "ftaudit-run-"
LOCK: Final = "in-use"

_DAY: Final = 24 * 3600
"""Seconds after which what nobody holds a lock of is left behind."""


class RunFolder:
    """A folder for one run's spill files, removed when it is closed or forgotten.

    It holds a locked file for as long as the process lives, so that another run can tell what a
    killed one left behind, whatever process numbers mean where it runs.
    """

    def __init__(self) -> None:
        """Make the folder; remove those that killed runs left behind.

        Raises:
            UsageError: no temporary folder can be written.
            OSError: there is no room left in it.
        """
        _sweep(_temporary())
        self.path = Path(tempfile.mkdtemp(prefix=RUN))
        _LIVE.add(self)
        lock = _locked(self.path / f"{LOCK}.new")
        self._remove = finalize(self, _remove, self.path, lock)
        if lock is not None:  # named so only once it is locked, so that no other run takes it
            (self.path / f"{LOCK}.new").rename(self.path / LOCK)

    def cleanup(self) -> None:
        """Remove the folder."""
        self._remove()


def _remove(path: Path, lock: int | None) -> None:
    if lock is not None:
        os.close(lock)
    shutil.rmtree(path, ignore_errors=True)


def _temporary() -> Path:
    """Return the folder of temporary files."""
    try:
        return Path(tempfile.gettempdir())
    except FileNotFoundError:
        message = "no temporary folder can be written: set TMPDIR to one that has room"
        raise UsageError(message) from None


_LIVE: Final[WeakSet[RunFolder]] = WeakSet()


def remove_run_folders() -> None:
    """Remove the run folders of this process, which is about to end without tidying up."""
    for folder in list(_LIVE):
        shutil.rmtree(folder.path, ignore_errors=True)


def _sweep(folder: Path) -> None:
    """Remove the run folders of this account whose lock nobody holds, and old ones without one."""
    for left in folder.glob(f"{RUN}*"):
        if not is_own_folder(left):
            continue
        if not (left / LOCK).exists():
            if time.time() - left.stat().st_mtime > _DAY:  # killed before it was locked
                shutil.rmtree(left, ignore_errors=True)
        elif (lock := _locked(left / LOCK)) is not None:
            shutil.rmtree(left, ignore_errors=True)
            os.close(lock)


def _locked(path: Path) -> int | None:
    """Return a file descriptor that holds the lock of `path`, or None: held, or no locks here."""
    try:
        import fcntl
    except ImportError:
        return None
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(file)
        return None
    return file


def is_own_folder(path: Path) -> bool:
    """Return whether a path is a folder, no link to one, of the account that runs this."""
    try:
        status = path.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode) and status.st_uid == getattr(os, "geteuid", lambda: 0)()
