"""Where the bytes of a file come from: this machine's disk. Stores are in `remote`."""

import errno
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol

from ftaudit.model.errors import InputError


class Origin(Protocol):
    """Bytes that can be read from their beginning any number of times."""

    @property
    def user_path(self) -> str:
        """The file as the user named it, for messages."""

    @property
    def address(self) -> str:
        """What polars' own readers open: an absolute path or an address."""

    @property
    def size(self) -> int | None:
        """Bytes, if known before reading."""

    def open(self) -> BinaryIO:
        """Open at the first byte.

        Raises:
            InputError: it is missing, may not be read, or is no longer what it was.
        """

    def verify(self) -> None:
        """Make sure that it has not changed since it was first seen.

        Raises:
            InputError: it has.
        """


@dataclass(frozen=True)
class LocalFile:
    """A file on disk, which must not change while it is audited."""

    path: Path
    user_path: str
    stamp: tuple[int, int, int] = field(init=False)
    """Size, time of the last change in ns and inode number."""

    def __post_init__(self) -> None:
        """Remember what the file looks like now."""
        object.__setattr__(self, "stamp", self._stamp())

    @property
    def address(self) -> str:
        """Return the absolute path."""
        return str(self.path)

    @property
    def size(self) -> int:
        """Return the bytes on disk."""
        return self.stamp[0]

    def open(self) -> BinaryIO:
        """Open the file, if it is still the same one."""
        self.verify()
        try:
            return self.path.open("rb")
        except OSError as error:
            raise unreadable(self.user_path, error) from None

    def verify(self) -> None:
        """Make sure that the file has not changed since it was first seen.

        Raises:
            InputError: it has.
        """
        if self._stamp() != self.stamp:
            raise changed(self.user_path)

    def _stamp(self) -> tuple[int, int, int]:
        try:
            status = os.stat(self.path)  # noqa: PTH116 - one seam for every refusal of the system
        except OSError as error:
            raise unreadable(self.user_path, error) from None
        if not stat.S_ISREG(status.st_mode):
            problem = "is a pipe or a device, and data is read more than once"
            raise InputError(self.user_path, problem, remedy="Write it to a file, and name that")
        return status.st_size, status.st_mtime_ns, status.st_ino


def changed(user_path: str) -> InputError:
    """Say that a file is not the one that was read before."""
    problem = "changed while it was read"
    return InputError(user_path, problem, remedy="Run again when nothing writes to it")


def unreadable(user_path: str, error: OSError) -> InputError:
    """Say in a user's words why the system does not let a file be read."""
    match error.errno:
        case errno.ENOENT | errno.ENOTDIR:
            return InputError(user_path, "no such file or folder", remedy="Check the path")
        case errno.EACCES | errno.EPERM:
            remedy = "Give the account that runs this the right to read it"
            return InputError(user_path, "may not be read (permission denied)", remedy=remedy)
        case errno.ELOOP:
            problem = "is a chain of symbolic links that never ends"
            return InputError(user_path, problem, remedy="Name the file itself")
        case errno.EISDIR:
            return InputError(
                user_path, "is a folder where a file was expected", remedy="Name a file"
            )
        case _:
            problem = f"cannot be read ({os.strerror(error.errno) if error.errno else 'I/O error'})"
            return InputError(user_path, problem, remedy="Check the disk or mount, and run again")
