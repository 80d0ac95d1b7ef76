"""What a parquet file says of its column chunks, read without trusting it.

pyarrow ends the process on some damaged footers, and polars does not tell these numbers. Sources:
https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift and
https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
"""

import struct
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from msgspec import Struct

_MAGIC: Final = b"PAR1"
_LARGEST: Final = 256 << 20
"""Bytes of the largest footer that is looked at."""
_DEEPEST: Final = 32
"""Levels of structs and lists in a footer, at most."""
_HEADER: Final = 4096
"""Bytes in which the header of a page is looked for."""
BYTE_ARRAY: Final = 6
"""`parquet.thrift`, enum Type."""
DICTIONARIES: Final = frozenset({2, 8})
"""`parquet.thrift`, enum Encoding: PLAIN_DICTIONARY, RLE_DICTIONARY."""

ThriftStruct = dict[int, Any]
"""A thrift struct: field number → value."""


class FooterError(ValueError):
    """The bytes are no footer of a parquet file."""


class Chunk(Struct, frozen=True):
    """One column of one row group."""

    column: tuple[str, ...]
    physical_type: int
    encodings: frozenset[int]
    codec: int
    """`parquet.thrift`, enum CompressionCodec."""
    values: int
    uncompressed: int
    """Bytes of its pages, not compressed."""
    dictionary: int | None
    """Where its dictionary page begins."""


class Page(Struct, frozen=True):
    """The header of a page, and where its bytes lie."""

    start: int
    compressed: int
    uncompressed: int


def chunks(file: BinaryIO, size: int) -> Iterator[Chunk]:
    """Yield the column chunks of a parquet file, row group by row group.

    Raises:
        FooterError: the file ends with no footer.
    """
    try:
        for group in _footer(file, size).get(4, []):
            for column in group[1]:
                yield _chunk(column[3])
    except (IndexError, KeyError, TypeError, AttributeError, ValueError):
        raise FooterError from None


def group_rows(file: BinaryIO, size: int) -> tuple[int, ...]:
    """Return the rows of each row group; nothing where the footer cannot be read."""
    try:
        return tuple(int(group[3]) for group in _footer(file, size).get(4, []))
    except (FooterError, IndexError, KeyError, TypeError, AttributeError, ValueError, OSError):
        return ()


def key_values(file: BinaryIO, size: int) -> dict[bytes, bytes]:
    """Return what a parquet file's writer says of it; nothing where its footer cannot be read."""
    try:
        pairs = _footer(file, size).get(5, [])
        return {pair[1]: pair[2] for pair in pairs if pair.get(2) is not None}
    except (FooterError, IndexError, KeyError, TypeError, AttributeError, ValueError, OSError):
        return {}


def dictionary_page(file: BinaryIO, chunk: Chunk) -> Page | None:
    """Return the dictionary page of a chunk; None when there is none where it should be.

    Raises:
        FooterError: no header of a page stands there.
    """
    if chunk.dictionary is None:
        return None
    try:
        file.seek(chunk.dictionary)
        reader = _Compact(file.read(_HEADER))
        header = reader.struct()
        kind, uncompressed, compressed = int(header[1]), int(header[2]), int(header[3])
    except (IndexError, KeyError, TypeError, AttributeError, ValueError, OSError):
        raise FooterError from None
    is_dictionary = kind == 2 and uncompressed >= 0 and compressed >= 0
    return Page(chunk.dictionary + reader.at, compressed, uncompressed) if is_dictionary else None


def _footer(file: BinaryIO, size: int) -> ThriftStruct:
    """Return the file's metadata (`parquet.thrift`, struct FileMetaData)."""
    if size < 2 * len(_MAGIC) + 4:
        raise FooterError
    file.seek(size - 8)
    length, magic = struct.unpack("<I4s", file.read(8))
    if magic != _MAGIC or length > min(size - 12, _LARGEST):
        raise FooterError
    file.seek(size - 8 - length)
    return _Compact(file.read(length)).struct()


def _chunk(metadata: ThriftStruct) -> Chunk:
    return Chunk(
        column=tuple(part.decode(errors="replace") for part in metadata[3]),
        physical_type=int(metadata[1]),
        encodings=frozenset(map(int, metadata[2])),
        codec=int(metadata[4]),
        values=int(metadata[5]),
        uncompressed=int(metadata[6]),
        dictionary=metadata.get(11),
    )


class _Compact:
    """Read thrift's compact protocol from the beginning of some bytes."""

    def __init__(self, data: bytes) -> None:
        self._data, self.at = data, 0

    def struct(self, depth: int = 0) -> ThriftStruct:
        if depth > _DEEPEST:
            raise FooterError
        fields: ThriftStruct = {}
        number = 0
        while head := self._byte():
            number = number + (head >> 4) if head >> 4 else self._zigzag()
            fields[number] = self._value(head & 15, depth, in_list=False)
        return fields

    def _value(self, kind: int, depth: int, *, in_list: bool) -> Any:  # noqa: ANN401, PLR0911 - one for each kind
        match kind:
            case 1 | 2 if not in_list:
                return kind == 1
            case 1 | 2 | 3:
                return self._byte()
            case 4 | 5 | 6:
                return self._zigzag()
            case 7:
                self.at += 8
                return None
            case 8:
                return self._bytes(self._varint())
            case 9 | 10:
                head = self._byte()
                count = head >> 4 if head >> 4 < 15 else self._varint()
                if count > len(self._data):
                    raise FooterError
                return [self._value(head & 15, depth + 1, in_list=True) for _ in range(count)]
            case 12:
                return self.struct(depth + 1)
            case _:
                raise FooterError

    def _byte(self) -> int:
        value = self._data[self.at]
        self.at += 1
        return value

    def _bytes(self, count: int) -> bytes:
        if self.at + count > len(self._data):
            raise FooterError
        self.at += count
        return self._data[self.at - count : self.at]

    def _varint(self) -> int:
        value, shift = 0, 0
        while True:
            byte = self._byte()
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7
            if shift > 63:
                raise FooterError

    def _zigzag(self) -> int:
        value = self._varint()
        return (value >> 1) ^ -(value & 1)
