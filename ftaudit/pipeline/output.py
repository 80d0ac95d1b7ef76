"""Write the results of an audit so that a manifest exists complete or not at all, at any kill."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from ftaudit.model.errors import InputError

STATEMENTS: Final = (
    ("manifest.dsse.json", "manifest.json"),
    ("evaluation.dsse.json", "evaluation.json"),
)
"""Signed and unsigned: written last and removed first. Where one stands, what was written with it
beside it belongs to it."""
LAST: Final = tuple(name for pair in STATEMENTS for name in pair)

RUN: Final = "ftaudit-run-"
LOCK: Final = "in-use"


def publish(folder: Path, files: Mapping[str, str | bytes | Path]) -> list[Path]:
    """Write `files` (name → text, bytes, or a file to copy) into `folder`, the manifest last.

    A folder that does not exist appears whole, by one rename. In one that does, an older
    manifest goes first, then every file is replaced by rename.

    Raises:
        InputError: the folder cannot be written.
    """
    try:
        if folder.exists():
            _replace_within(folder, files)
        else:
            _appear(folder, files)
    except OSError as error:
        problem = f"the output folder cannot be written ({error.strerror})"
        raise InputError(folder, problem, remedy="Name another with --output") from None
    return [folder / name for name in _ordered(files)]


def _appear(folder: Path, files: Mapping[str, str | bytes | Path]) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        for name in _ordered(files):
            _write(draft / name, files[name])
        draft.chmod(0o777 & ~_umask())
        draft.rename(folder)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


def _replace_within(folder: Path, files: Mapping[str, str | bytes | Path]) -> None:
    draft = Path(tempfile.mkdtemp(prefix=".ftaudit.", dir=folder))
    try:
        for name in _ordered(files):
            _write(draft / name, files[name])
        for pair in STATEMENTS:
            for name in pair if files.keys() & set(pair) else ():
                (folder / name).unlink(missing_ok=True)
        for name in _ordered(files):
            (draft / name).replace(folder / name)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _ordered(files: Mapping[str, str | bytes | Path]) -> list[str]:
    return sorted(files, key=lambda name: (name in LAST, name))


def _write(path: Path, content: str | bytes | Path) -> None:
    match content:
        case Path():
            shutil.copyfile(content, path)
        case str():
            path.write_text(content, encoding="utf-8", newline="\n")
        case bytes():
            path.write_bytes(content)
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


class RunFolder:
    """A folder for one run's spill files, removed when it is closed or forgotten.

    It holds a locked file for as long as the process lives, so that another run can tell what a
    killed one left behind, whatever process numbers mean where it runs.
    """

    def __init__(self) -> None:
        """Make the folder; remove those that killed runs left behind."""
        _sweep(Path(tempfile.gettempdir()))
        self._folder = tempfile.TemporaryDirectory(prefix=RUN, ignore_cleanup_errors=True)
        self.path = Path(self._folder.name)
        self._lock = _locked(self.path / f"{LOCK}.new")
        if self._lock is not None:  # named so only once it is locked, so that no other run takes it
            (self.path / f"{LOCK}.new").rename(self.path / LOCK)

    def cleanup(self) -> None:
        """Remove the folder."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None
        self._folder.cleanup()


def _sweep(folder: Path) -> None:
    """Remove the run folders whose lock nobody holds."""
    for left in folder.glob(f"{RUN}*/{LOCK}"):
        lock = _locked(left)
        if lock is not None:
            shutil.rmtree(left.parent, ignore_errors=True)
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
