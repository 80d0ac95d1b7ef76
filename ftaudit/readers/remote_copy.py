"""A copy of a remote file on this machine's disk, for kinds of file that are read by their parts.

A columnar file from a store is as hostile as one on disk: its bytes are validated before they are
trusted, and all passes over it read the same ones.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, BinaryIO, Final

from msgspec import Struct

from ftaudit.model.run_folder import RunFolder
from ftaudit.readers.byte_stream import BLOCK, ByteStream
from ftaudit.readers.origin import LocalFile, Origin
from ftaudit.readers.remote import RemoteFile

_FETCHED: Final = 2
"""Copies that a process keeps of files that it reads parts of."""


@dataclass(frozen=True)
class RemoteCopy(LocalFile):
    """A copy that is removed once nothing refers to it any more."""

    folder: RunFolder

    def __reduce__(self) -> tuple[type[LocalFile], tuple[Any, ...]]:
        """Hand a worker the path alone: the copy stays for as long as this process wants it."""
        return LocalFile, (self.path, self.user_path)


def copied(origin: Origin) -> LocalFile:
    """Return a local file with the bytes of `origin`, private to this account.

    Raises:
        InputError: the file cannot be read.
        OSError: the disk is full.
    """
    folder = RunFolder()
    path = folder.path / "copy"
    with ByteStream(origin, None, text=False) as source, path.open("xb") as copy:
        while data := source.read(BLOCK):
            copy.write(data)
    origin.verify()
    return RemoteCopy(path, origin.user_path, folder)


class FetchedFile(Struct, frozen=True):
    """A remote file that every process copies to its own disk when it reads a part of it."""

    remote: RemoteFile
    """Pinned, so that all copies have the same bytes."""

    @property
    def user_path(self) -> str:
        """Return the address without credentials, query or fragment."""
        return self.remote.user_path

    @property
    def address(self) -> str:
        """Return the path of the copy."""
        return _fetched(self.remote).address

    @property
    def size(self) -> int:
        """Return the bytes of the copy."""
        return _fetched(self.remote).size

    def open(self) -> BinaryIO:
        """Open the copy."""
        return _fetched(self.remote).open()

    def verify(self) -> None:
        """Make sure that the copy has not changed."""
        _fetched(self.remote).verify()


@lru_cache(_FETCHED)
def _fetched(remote: RemoteFile) -> LocalFile:
    return copied(remote)
