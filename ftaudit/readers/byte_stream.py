"""The bytes of a text file: decompressed, digested, without a byte order mark."""

import codecs
import gzip
import hashlib
import zlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, BinaryIO, Final, Protocol, Self, TypeVar, cast

from ftaudit.model.errors import InputError
from ftaudit.readers.origin import Origin, unreadable
from ftaudit.readers.stretches import Stretch

if TYPE_CHECKING:
    from zstandard import ZstdDecompressionObj

BLOCK: Final = 2 << 20
"""Bytes read at a time. Results do not depend on it."""

MAX_RECORD: Final = 64 << 20
"""The longest record that is read, in bytes: a guard against unclosed quotes and bombs."""

_ZSTD_STEP: Final = 1 << 10
"""Compressed bytes decoded at a time: zstd grows up to 2^15-fold, so at most 32 MiB come out."""

T = TypeVar("T")


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class Digested:
    """Pass bytes on, and count and digest those that passed."""

    def __init__(self, raw: BinaryIO, advance: Callable[[int], None]) -> None:
        """Read from `raw`; tell `advance` of every byte read."""
        self._raw, self._advance = raw, advance
        self.hash, self.count = hashlib.sha256(), 0

    def read(self, size: int = -1, /) -> bytes:
        """Return up to `size` bytes."""
        data = self._raw.read(size)
        self.hash.update(data)
        self.count += len(data)
        self._advance(len(data))
        return data


class ByteStream:
    """A context in which a file's text can be read as bytes."""

    def __init__(  # noqa: PLR0913 - where the bytes are, and how they are to be read
        self,
        origin: Origin,
        compression: str | None,
        advance: Callable[[int], None] = lambda _: None,
        *,
        text: bool = True,
        stretch: Stretch | None = None,
        encoding: str | None = None,
    ) -> None:
        """Prepare to read `origin`, compressed as `compression` says (gzip, zstd or None).

        Only a `stretch` of it, if one is given. Text in another `encoding` is handed out as UTF-8.
        """
        self._origin, self._compression, self._advance = origin, compression, advance
        self._is_text, self._stretch = text, stretch
        self._encoding = encoding
        self.taken = 0
        """Bytes of the file, if it is not compressed, up to the end of the last chunk."""

    def __enter__(self) -> Self:
        """Open the file."""
        self._file = self._origin.open()
        part = self._stretch
        self.taken = part.start if part else 0
        self._left = part.stop - part.start if part else None
        if self.taken:
            self._file.seek(self.taken)
        self._digested = Digested(self._file, self._advance)
        self._text: _Readable = _decompressed(self._digested, self._compression)
        if self._encoding is not None:
            self._text = _Recoded(self._text, self._encoding, self._origin.user_path)
        self._fresh = self._is_text and not self.taken
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self._file.close()

    @property
    def sha256(self) -> str:
        """Return the digest of the file's own bytes, once all of them were read."""
        return self._digested.hash.hexdigest()

    @property
    def size(self) -> int:
        """Return how many of the file's own bytes were read."""
        return self._digested.count

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes of text; none at the end.

        Raises:
            InputError: the compression is broken, or the text is UTF-16.
        """
        size = size if self._left is None else min(size, self._left)
        try:
            data = self._text.read(size)
        except (gzip.BadGzipFile, zlib.error, EOFError):
            problem = f"is not complete, sound {self._compression} data"
            remedy = "Compress or copy the file again"
            raise InputError(self._origin.user_path, problem, remedy=remedy) from None
        except OSError as error:
            raise unreadable(self._origin.user_path, error) from None
        if self._left is not None:
            self._left -= len(data)
        if not self._fresh or not data:
            return data
        self._fresh = False
        plain = self._without_mark(data)
        self.taken += len(data) - len(plain)
        return plain

    def _without_mark(self, data: bytes) -> bytes:
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            problem = "is UTF-16 text, and UTF-8 was expected"
            raise InputError(
                self._origin.user_path, problem, place="line 1", remedy="Save it as UTF-8"
            )
        return data.removeprefix(b"\xef\xbb\xbf")

    def chunks(self, take: Callable[[bytes, bool], tuple[int, T]]) -> Iterator[T]:
        """Feed the text to `take` and yield what it makes of it.

        `take(text, final)` gets bytes that begin at a record. It returns how many of them it
        used, and what it made of them; 0 asks for more. After `final` nothing follows.

        Raises:
            InputError: a record is longer than `MAX_RECORD`.
        """
        rest, used_before, step = b"", 0, BLOCK
        while data := self.read(step):
            text = rest + data if rest else data
            used, made = take(text, False)  # noqa: FBT003 - a positional protocol
            self.taken += used
            if used:
                yield made
            rest, used_before = text[used:], used_before + used
            # twice as much each time, but never far beyond the longest record there may be
            step = BLOCK if used else max(BLOCK, min(len(rest), MAX_RECORD - len(rest)))
            if len(rest) > MAX_RECORD:
                problem = f"a record is longer than {MAX_RECORD >> 20} MiB"
                place = f"byte {used_before} of the text"
                remedy = "Look for a missing line end or closing quote"
                raise InputError(self._origin.user_path, problem, place=place, remedy=remedy)
        if rest:
            self.taken += len(rest)
            yield take(rest, True)[1]  # noqa: FBT003 - a positional protocol


class _Recoded:
    """Read text of another encoding as UTF-8."""

    def __init__(self, raw: _Readable, encoding: str, user_path: str) -> None:
        self._raw, self._encoding, self._user_path = raw, encoding, user_path
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._ready = bytearray()
        self._ended = False

    def read(self, size: int, /) -> bytes:
        while len(self._ready) < size and not self._ended:
            data = self._raw.read(size)
            self._ended = not data
            try:
                text = self._decoder.decode(data, final=self._ended)
            except UnicodeDecodeError:
                problem = f"is not text in the encoding {self._encoding}"
                remedy = "Give another --encoding, or save it as UTF-8"
                raise InputError(self._user_path, problem, remedy=remedy) from None
            self._ready += text.encode("utf-8", "surrogatepass")
        data = bytes(self._ready[:size])
        del self._ready[:size]
        return data


class _Zstd:
    """Read zstd frames one after another; a truncated or unsound one is an error."""

    def __init__(self, raw: _Readable) -> None:
        import zstandard  # takes as long to load as a quarter of polars, and few files need it

        self._raw, self._ready, self._input = raw, bytearray(), b""
        self._library = zstandard
        self._frame = self._new_frame()
        self._begun = False

    def read(self, size: int, /) -> bytes:
        while len(self._ready) < size and self._step():
            pass
        data = bytes(self._ready[:size])
        del self._ready[:size]
        return data

    def _step(self) -> bool:
        if self._frame.eof:
            rest = self._frame.unused_data
            self._frame = self._new_frame()
            self._input, self._begun = rest + self._input, False
        data = b"" if self._input else self._raw.read(_ZSTD_STEP)
        if not self._input and not data:
            if self._begun:
                raise EOFError
            return False
        piece, self._input = self._input or data, b""
        self._begun = True
        try:
            self._ready += self._frame.decompress(piece)
        except self._library.ZstdError:
            raise EOFError from None
        return True

    def _new_frame(self) -> "ZstdDecompressionObj":
        return self._library.ZstdDecompressor(max_window_size=1 << 31).decompressobj()


def _decompressed(raw: Digested, compression: str | None) -> _Readable:
    match compression:
        case "gzip":
            return gzip.GzipFile(fileobj=cast("BinaryIO", raw), mode="rb")
        case "zstd":
            return _Zstd(raw)
        case _:
            return raw
