"""Read a file that a person names, such as a manifest or a policy; never a pipe or a device."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


def read_bounded(path: Path | str, limit: int) -> bytes:
    """Return the bytes of a file that is small.

    Raises:
        OSError: it is missing, may not be read, is longer than `limit` bytes, or is no file but a
            pipe or a device, which may never end; `strerror` says which.
    """
    with _regular(path) as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise OSError(errno.EFBIG, f"it is longer than {limit:,} bytes")
    return data


def read_whole(path: Path | str) -> bytes:
    """Return the bytes of a file, however long.

    Raises:
        OSError: it is missing, may not be read, or is no file but a pipe or a device.
    """
    with _regular(path) as file:
        return file.read()


def read_start(path: Path | str, count: int) -> bytes:
    """Return the first bytes of a file, up to `count`.

    Raises:
        OSError: as `read_whole`.
    """
    with _regular(path) as file:
        return file.read(count)


@contextmanager
def _regular(path: Path | str) -> Iterator[BinaryIO]:
    # without O_NONBLOCK, opening a pipe waits for somebody to write into it
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(handle, "rb") as file:
        mode = os.fstat(handle).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, "it is a folder")
        if not stat.S_ISREG(mode):
            raise OSError(errno.EINVAL, "it is a pipe or a device")
        yield file
