"""Write the results of an audit so that a manifest exists complete or not at all, at any kill."""

import errno
import glob
import os
import shutil
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from ftaudit.model.errors import InputError
from ftaudit.model.run_folder import is_own_folder
from ftaudit.pipeline.exchange import exchange_names

STATEMENTS: Final = (
    ("manifest.dsse.json", "manifest.json"),
    ("evaluation.dsse.json", "evaluation.json"),
)
"""Signed and unsigned: written last and removed first. Where one stands, what was written with it
beside it belongs to it."""
LAST: Final = tuple(name for pair in STATEMENTS for name in pair)

DRAFT: Final = ".ftaudit."
"""What the name of a draft inside an output folder begins with."""

_OLD: Final = "-old"
"""What the name of an earlier folder ends with while the new one takes its place."""

PRIVATE: Final = frozenset({".html", ".md", ".txt", ".parquet", ".csv"})
"""Extensions of results that hold excerpts of rows, masked: for the account that made them."""


def publish(
    folder: Path, files: Mapping[str, str | bytes | Path], *, stale: Collection[str] = ()
) -> list[Path]:
    """Write `files` (name → text, bytes, or a file to copy) into `folder`, the manifest last.

    A folder that does not exist appears whole, by one rename. In one that does, an older
    manifest goes first, then every file is replaced by rename. One process at a time writes into a
    folder, and removes what killed ones left there. Files called as `stale` says, which earlier
    results had and these do not have, are removed too.

    Raises:
        InputError: the folder cannot be written.
    """
    try:
        if folder.exists() or not _appear(folder, files):
            _replace_within(folder, files, stale)
    except OSError as error:
        problem = f"the output folder cannot be written ({error.strerror})"
        raise InputError(folder, problem, remedy="Name another with --output") from None
    return [folder / name for name in _ordered(files)]


def replace_folder(
    folder: Path, files: Mapping[str, str | bytes | Path], *, mark: str
) -> list[Path]:
    """Write `files` as a whole folder: it appears, or takes the place of an earlier one, complete.

    Names may have folders in them. An earlier folder is replaced only if it is empty or holds a
    file called `mark`, which says that it was written so.

    Raises:
        InputError: the folder holds something else, or cannot be written.
    """
    try:
        if folder.exists() or folder.is_symlink():
            _refuse_foreign(folder, mark)
            _appear(folder, files, instead=True)
        elif not _appear(folder, files):
            raise InputError(folder, "another process writes it", remedy="Name another folder")
    except OSError as error:
        problem = f"the output folder cannot be written ({error.strerror})"
        raise InputError(folder, problem, remedy="Name another with --output") from None
    return [folder / name for name in _ordered(files)]


def _refuse_foreign(folder: Path, mark: str) -> None:
    if not folder.is_dir() or folder.is_symlink():
        raise InputError(folder, "is no folder", remedy="Name another with --output")
    if any(folder.iterdir()) and not (folder / mark).exists():
        problem = "holds files that were not written by this command"
        raise InputError(folder, problem, remedy="Name another with --output")


def _appear(
    folder: Path, files: Mapping[str, str | bytes | Path], *, instead: bool = False
) -> bool:
    """Make the folder with all files in it; False when another process made it meanwhile.

    `instead` of one that stands there, it takes its place.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    prefix = f".{folder.name}.ftaudit-"
    with _alone_in(folder.parent):
        _remove_drafts(folder.parent, prefix)
        draft = Path(tempfile.mkdtemp(prefix=prefix, dir=folder.parent))
        old = draft.with_name(f"{draft.name}{_OLD}")
        lock = _locked_folder(draft)
    try:
        for name in _ordered(files):
            _write(draft / name, files[name])
        draft.chmod(0o777 & ~_umask())
        if not instead:
            return _renamed(draft, folder)
        if not exchange_names(draft, folder):
            _replace_in_two_steps(folder, draft, old)
        return True
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)
        _let_go(lock)


def _replace_in_two_steps(folder: Path, draft: Path, old: Path) -> None:
    """Move a folder away and its draft to its place; a kill between is mended by `_restore`."""
    with _alone_in(folder.parent):
        folder.rename(old)
        try:
            draft.rename(folder)
        except OSError:
            old.rename(folder)
            raise


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """Yield a draft that becomes the folder when all went well, by one rename.

    Raises:
        InputError: the folder exists and is not empty, or cannot be written.
    """
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise InputError(folder, "exists already", remedy="Name another with --output")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        prefix = f".{folder.name}.ftaudit-"
        with _alone_in(folder.parent):
            _remove_drafts(folder.parent, prefix)
            draft = Path(tempfile.mkdtemp(prefix=prefix, dir=folder.parent))
            lock = _locked_folder(draft)
        try:
            yield draft
            draft.chmod(0o777 & ~_umask())
            if not _renamed(draft, folder):
                raise InputError(folder, "exists already", remedy="Name another with --output")
        finally:
            shutil.rmtree(draft, ignore_errors=True)
            _let_go(lock)
    except OSError as error:
        problem = f"the output folder cannot be written ({error.strerror})"
        raise InputError(folder, problem, remedy="Name another with --output") from None


def _renamed(draft: Path, folder: Path) -> bool:
    try:
        draft.rename(folder)
    except OSError as error:
        if error.errno in {errno.ENOTEMPTY, errno.EEXIST}:
            return False
        raise
    return True


def _replace_within(
    folder: Path, files: Mapping[str, str | bytes | Path], stale: Collection[str]
) -> None:
    with _alone_in(folder):
        _remove_drafts(folder, DRAFT)
        draft = Path(tempfile.mkdtemp(prefix=DRAFT, dir=folder))
        try:
            for name in _ordered(files):
                _write(draft / name, files[name])
            for pair in STATEMENTS:
                for name in pair if files.keys() & set(pair) else ():
                    (folder / name).unlink(missing_ok=True)
            for name in stale:
                (folder / name).unlink(missing_ok=True)
            for name in _ordered(files):
                (draft / name).replace(folder / name)
        finally:
            shutil.rmtree(draft, ignore_errors=True)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Wait until no other process writes into a folder, and keep others out of it."""
    lock = _locked_folder(folder, wait=True)
    try:
        yield
    finally:
        _let_go(lock)


def _locked_folder(folder: Path, *, wait: bool = False) -> int | None:
    """Return a descriptor that holds the lock of a folder itself; None: held, or no locks here."""
    try:
        import fcntl
    except ImportError:
        return None
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


def _let_go(lock: int | None) -> None:
    if lock is not None:
        os.close(lock)


def _remove_drafts(folder: Path, prefix: str) -> None:
    """Remove the drafts of this account whose writer is gone; whoever calls holds the folder."""
    _restore(folder, prefix)
    for draft in folder.glob(f"{glob.escape(prefix)}*"):
        if is_own_folder(draft) and (lock := _locked_folder(draft)) is not None:
            shutil.rmtree(draft, ignore_errors=True)
            _let_go(lock)


def _restore(folder: Path, prefix: str) -> None:
    """Give a folder its name back that a killed writer had moved away and not yet replaced."""
    target = folder / prefix.removeprefix(".").removesuffix(".ftaudit-")
    for old in folder.glob(f"{glob.escape(prefix)}*{_OLD}"):
        if not target.exists() and is_own_folder(old):
            old.rename(target)


def _ordered(files: Mapping[str, str | bytes | Path]) -> list[str]:
    return sorted(files, key=lambda name: (name in LAST, name))


def _write(path: Path, content: str | bytes | Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    match content:
        case Path():
            shutil.copyfile(content, path)
        case str():
            path.write_text(content, encoding="utf-8", newline="\n")
        case bytes():
            path.write_bytes(content)
    if path.suffix in PRIVATE:
        path.chmod(0o600)
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
