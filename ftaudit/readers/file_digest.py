"""BytesDigest a file's own bytes."""

from collections.abc import Callable

from msgspec import Struct

from ftaudit.readers.byte_stream import BLOCK, ByteStream
from ftaudit.readers.origin import Origin


class BytesDigest(Struct, frozen=True):
    """SHA-256 of bytes, 64 hexadecimal digits, and how many there were."""

    sha256: str
    size: int


def digest(origin: Origin, advance: Callable[[int], None]) -> BytesDigest:
    """Read a file from end to end."""
    with ByteStream(origin, None, advance, text=False) as stream:
        while stream.read(BLOCK):
            pass
        return BytesDigest(stream.sha256, stream.size)
