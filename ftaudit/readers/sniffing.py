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
    b"Obj\x01": ("an Avro file", "Write it as parquet or JSON Lines"),
    b"ORC": ("an ORC file", "Write it as parquet: pandas.read_orc(...).to_parquet(...)"),
    b"\x89HDF": ("an HDF5 file", "Write the table as parquet"),
    b"\xd0\xcf\x11\xe0": ("an Excel or Word file", "Export it as csv or parquet"),
}
_OWN: Final = {"parquet": b"PAR1", "arrow": b"ARROW1"}
_MARKS: Final = {
    b"\xff\xfe\0\0": "utf-32",
    b"\0\0\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
"""Byte order marks."""
_LINE: Final = 256
"""Bytes that are looked at to tell text from other data."""
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
    if expected and head and not head.startswith(expected) and _is_text(head):
        name = kind.compression or kind.format
        problem = f"is text, and not {name} as its name says"
        raise InputError(origin.user_path, problem, remedy="Name it .csv or .jsonl, as it is")
    if kind.format in _OWN or kind.compression is not None:
        return
    start = head.lstrip()[:15].lower()
    if start.startswith((b"<!doctype html", b"<html")):
        problem = "is a web page, perhaps a login or an error in place of the data"
        raise InputError(origin.user_path, problem, remedy="Download the file itself")
    if is_utf8 and (encoding := _wide_encoding(head)) is not None:
        name = encoding[:6].upper()
        problem, remedy = f"is {name} text, and UTF-8 was expected", "Save it as UTF-8"
        if kind.format in {"csv", "tsv"}:
            remedy += f", or read it with --encoding {encoding}"
        raise InputError(origin.user_path, problem, place="line 1", remedy=remedy)


def _is_text(head: bytes) -> bool:
    """Tell whether bytes begin as lines of UTF-8 text do."""
    if b"\n" not in head:
        return False
    try:
        start = head[:_LINE].decode()
    except UnicodeDecodeError as error:
        start = head[: error.start].decode()
        if error.start < min(len(head), _LINE) - 4:
            return False
    return all(sign.isprintable() or sign in "\r\n\t" for sign in start)


def _wide_encoding(head: bytes) -> str | None:
    """Return the encoding of text of two or four bytes a character; None for other text."""
    for mark, encoding in _MARKS.items():
        if head.startswith(mark):
            return encoding
    if not _is_utf16(head):
        return None
    return "utf-16-le" if head[1] == 0 else "utf-16-be"


def _is_utf16(head: bytes) -> bool:
    """Tell whether every other byte is zero, as in UTF-16 of Latin text."""
    pairs = len(head) // 2
    zeros = max(head[0 : 2 * pairs : 2].count(0), head[1 : 2 * pairs : 2].count(0))
    return pairs >= 4 and zeros * 10 >= pairs * 9
