"""Write text as its file was written: compression, encoding and byte order mark."""

import codecs
import gzip
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO, Final, Self, cast

from ftaudit.readers.byte_stream import ByteStream
from ftaudit.readers.origin import Origin

_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Byte order marks and the encoding that each stands before, the longest first."""
_MARKED: Final = frozenset({"utf-16", "utf-32", "utf-8-sig"})
"""Encodings whose encoder would write a mark of its own."""


class TextSink:
    """A context in which a file is written from text in UTF-8, in the manner of another file."""

    def __init__(
        self,
        path: Path,
        pattern: Origin,
        compression: str | None,
        encoding: str | None = None,
        *,
        marked: bool = True,
    ) -> None:
        """Prepare to write `path` with the compression and encoding that `pattern` has.

        And with its byte order mark; if it is not to be `marked`, without one of UTF-8.
        """
        self._path, self._compression = path, compression
        with ByteStream(pattern, compression, text=False) as stream:
            head = stream.read(4)
        self._mark, named = next((m for m in _MARKS if head.startswith(m[0])), (b"", ""))
        if encoding not in _MARKED and self._mark and encoding not in {None, named}:
            self._mark = b""  # of an encoding without marks, in which these are characters
        if not marked and self._mark == codecs.BOM_UTF8:
            self._mark = b""
        name = named if encoding in _MARKED and named else encoding
        self._encoder = None if name in {None, "utf-8"} else codecs.lookup(name)
        self._decode = codecs.getincrementaldecoder("utf-8")("surrogatepass")

    def __enter__(self) -> Self:
        """Create the file."""
        self._stack = ExitStack()
        file = self._stack.enter_context(self._path.open("wb"))
        self._file = self._stack.enter_context(_compressed(file, self._compression))
        self._file.write(self._mark)
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self._stack.close()

    def write(self, text: bytes) -> None:
        """Append text in UTF-8."""
        if self._encoder is None:
            self._file.write(text)
            return
        characters = self._decode.decode(text)
        self._file.write(self._encoder.encode(characters, "surrogatepass")[0])


def _compressed(file: BinaryIO, compression: str | None) -> BinaryIO:
    match compression:
        case "gzip":  # no name and no time: equal texts give equal bytes
            return cast("BinaryIO", gzip.GzipFile("", "wb", fileobj=file, mtime=0))
        case "zstd":
            import zstandard

            return cast("BinaryIO", zstandard.ZstdCompressor().stream_writer(file, closefd=False))
        case _:
            return file
