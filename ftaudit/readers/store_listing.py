"""The files of a store behind a folder or a pattern."""

import glob
from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Final

from msgspec import Struct

from ftaudit.readers.remote import file_system, public, store_out_of_reach

_EVERY: Final = "**"
"""Of a pattern: any number of folders."""


class StoredFile(Struct, frozen=True):
    """A file of a store."""

    address: str
    parts: tuple[str, ...]
    """Its path below the folder that was listed."""
    size: int


def list_store(address: str) -> list[StoredFile]:
    """Return the files below a folder, or those that match a pattern, sorted by path.

    In a pattern `*`, `?` and `[…]` match within one name, and `**` any number of folders.

    Raises:
        InputError: the store does not give a list.
    """
    scheme, _, rest = address.partition("://")
    names = rest.rstrip("/").split("/")
    fixed = next((at for at, name in enumerate(names) if glob.has_magic(name)), len(names))
    folder = f"{scheme}://{'/'.join(names[:fixed])}"
    pattern = names[fixed:] or [_EVERY, "*"]
    files = _below(folder)
    return [file for file in files if _matches(file.parts, pattern)]


def _below(folder: str) -> list[StoredFile]:
    import pyarrow as pa
    from pyarrow import fs

    try:
        system, root = file_system(folder)
        listed = system.get_file_info(fs.FileSelector(root, recursive=True))
    except (OSError, ValueError, pa.ArrowException):
        raise store_out_of_reach(public(folder), "the store does not list the folder") from None
    files = [entry for entry in listed if entry.type == fs.FileType.File]
    below = [
        (entry.path.strip("/").removeprefix(root.strip("/")).lstrip("/"), entry.size)
        for entry in files
    ]
    return [
        StoredFile(f"{folder}/{path}", tuple(path.split("/")), size) for path, size in sorted(below)
    ]


def _matches(parts: Sequence[str], pattern: Sequence[str]) -> bool:
    if not pattern:
        return not parts
    if pattern[0] == _EVERY:
        return any(_matches(parts[at:], pattern[1:]) for at in range(len(parts) + 1))
    return bool(parts) and fnmatchcase(parts[0], pattern[0]) and _matches(parts[1:], pattern[1:])
