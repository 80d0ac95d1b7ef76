"""Read a small file whole: a manifest, a key, a policy, and whatever else a person names."""

import errno
import os
import stat
from pathlib import Path


def read_bounded(path: Path | str, limit: int) -> bytes:
    """Return the bytes of a file.

    Raises:
        OSError: it is missing, may not be read, is longer than `limit` bytes, or is no file but a
            pipe or a device, which may never end; `strerror` says which.
    """
    # without O_NONBLOCK, opening a pipe waits for somebody to write into it
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(handle, "rb") as file:
        mode = os.fstat(handle).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, "it is a folder")
        if not stat.S_ISREG(mode):
            raise OSError(errno.EINVAL, "it is a pipe or a device")
        data = file.read(limit + 1)
    if len(data) > limit:
        raise OSError(errno.EFBIG, f"it is longer than {limit:,} bytes")
    return data
