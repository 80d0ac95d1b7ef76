"""Write the results of an audit so that a manifest exists complete or not at all, at any kill."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from ftaudit.errors import InputError

LAST: Final = ("manifest.dsse.json", "manifest.json")
"""Written last and removed first: where one stands, everything beside it belongs to it."""

RUN: Final = "ftaudit-run-"


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
        what = f"the output folder cannot be written ({error.strerror})"
        raise InputError(folder, what, remedy="Name another with --output") from None
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
        for name in LAST:
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


def run_folder() -> "tempfile.TemporaryDirectory[str]":
    """Make a folder for this run's spill files; remove those that killed runs left behind."""
    for stale in Path(tempfile.gettempdir()).glob(f"{RUN}*"):
        number = stale.name.removeprefix(RUN).split("-")[0]
        if number.isdecimal() and not _alive(int(number)):
            shutil.rmtree(stale, ignore_errors=True)
    return tempfile.TemporaryDirectory(prefix=f"{RUN}{os.getpid()}-", ignore_cleanup_errors=True)


def _alive(process: int) -> bool:
    if os.name != "posix":  # elsewhere signal 0 is not a question
        return True
    with suppress(PermissionError):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return False
    return True
