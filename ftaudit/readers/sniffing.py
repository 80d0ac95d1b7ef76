"""What a file is by its first bytes, where its name says something else."""

from collections.abc import Mapping
from typing import Final

from ftaudit.model.errors import InputError
from ftaudit.readers.kinds import FileKind
from ftaudit.readers.origin import Origin

_HEAD: Final = 4_096
_LFS: Final = b"version https://git-lfs.github.com/spec/"

_MAGIC: Final[Mapping[bytes, tuple[str, str]]] = {
    b"PAR1": ("parquet", "Name it .parquet"),
    b"ARROW1": ("an Arrow file", "Name it .arrow"),
    b"\x1f\x8b": ("gzip data", "Name it with .gz at the end, as .jsonl.gz"),
    b"\x28\xb5\x2f\xfd": ("zstd data", "Name it with .zst at the end, as .jsonl.zst"),
    b"PK\x03\x04": ("a zip archive", "Unpack it, and name the files in it"),
    b"SQLite format 3\0": ("a SQLite database", "Export the table as csv or parquet"),
    b"BZh": ("bzip2 data", "Decompress it with bunzip2"),
    b"\xfd7zXZ\0": ("xz data", "Decompress it with unxz"),
    b"\x80\x04\x95": ("a Python pickle", "Write it as parquet or JSON Lines"),
    b"\x93NUMPY": ("a NumPy array", "Write it as parquet or JSON Lines"),
    b"%PDF": ("a PDF document", "Extract the text as JSON Lines"),
    b"\xd0\xcf\x11\xe0": ("an Excel or Word file", "Export it as csv or parquet"),
}
_OWN: Final = {"parquet": b"PAR1", "arrow": b"ARROW1"}
_COMPRESSED: Final = {"gzip": b"\x1f\x8b", "zstd": b"\x28\xb5\x2f\xfd"}


def refuse_disguised(origin: Origin, kind: FileKind, *, is_utf8: bool = True) -> None:
    """Refuse a file whose first bytes are those of another kind than its name says.

    `is_utf8` says that its text is expected in UTF-8.

    Raises:
        InputError: names what it is and what to do.
    """
    with origin.open() as file:
        head = file.read(_HEAD)
    if head.startswith(_LFS):
        problem = "is a Git LFS pointer, not the data itself"
        raise InputError(origin.user_path, problem, remedy="Run git lfs pull, and scan again")
    expected = _COMPRESSED.get(kind.compression or "", _OWN.get(kind.format, b""))
    for magic, (content, remedy) in _MAGIC.items():
        if head.startswith(magic) and magic != expected:
            problem = f"is {content}, which its name does not say"
            raise InputError(origin.user_path, problem, remedy=remedy)
    if kind.format in _OWN or kind.compression is not None:
        return
    start = head.lstrip()[:15].lower()
    if start.startswith((b"<!doctype html", b"<html")):
        problem = "is a web page, perhaps a login or an error in place of the data"
        raise InputError(origin.user_path, problem, remedy="Download the file itself")
    if is_utf8 and _is_utf16(head):
        problem = "is UTF-16 text, and UTF-8 was expected"
        raise InputError(origin.user_path, problem, place="line 1", remedy="Save it as UTF-8")


def _is_utf16(head: bytes) -> bool:
    """Tell whether every other byte is zero, as in UTF-16 of Latin text."""
    pairs = len(head) // 2
    zeros = max(head[0 : 2 * pairs : 2].count(0), head[1 : 2 * pairs : 2].count(0))
    return pairs >= 4 and zeros * 10 >= pairs * 9
