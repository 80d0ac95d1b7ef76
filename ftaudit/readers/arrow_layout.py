"""Whether an Arrow IPC file holds bytes that its footer does not speak of.

A file is its magic, the schema, dictionaries and record batches, a mark of their end, and a footer
that says where each of them lies. Readers follow the footer; what lies between is read by nobody,
or by those who read the file as a stream. Source: https://arrow.apache.org/docs/format/Columnar.html,
"IPC File Format", and the layout of flatbuffers, https://flatbuffers.dev/internals/.
"""

import struct
from collections.abc import Sequence
from typing import BinaryIO, Final

_MAGIC: Final = b"ARROW1"
_START: Final = 8
"""Where the schema begins: behind the magic and its padding."""
_END: Final = b"\xff\xff\xff\xff\0\0\0\0"
_WRAPPING: Final = 64
"""Bytes of a message around the schema, at most."""
_BLOCK: Final = 24
"""Bytes of a block: offset (8), length of the metadata (4), padding (4), length of the body (8)."""
_LISTS: Final = (2, 3)
"""Fields of the footer's table that list blocks: dictionaries, record batches."""
_LARGEST: Final = 256 << 20
"""Bytes of the largest footer that is looked at."""


def is_contiguous(file: BinaryIO, size: int) -> bool:
    """Return whether schema, blocks and footer follow one another without a gap.

    Args:
        file: an Arrow IPC file, not a stream.
        size: its length in bytes.
    """
    try:
        file.seek(size - len(_MAGIC) - 4)
        length, magic = struct.unpack("<i6s", file.read(10))
        start = size - len(_MAGIC) - 4 - length
        if magic != _MAGIC or not 0 < length <= _LARGEST or start < _START:
            return False
        file.seek(start)
        blocks = sorted(_blocks(file.read(length)))
    except (struct.error, IndexError):
        return False
    end = blocks[0][0] if blocks else start - len(_mark(file, start))
    # the schema stands in the footer once more; writers wrap it before the blocks as they like
    if not _START <= end <= _START + length + _WRAPPING:
        return False
    for offset, metadata, body in blocks:
        if offset != end or metadata <= 0 or body < 0:
            return False
        end = offset + metadata + body
    return bool(end in {start, start - len(_mark(file, start))})


def _mark(file: BinaryIO, start: int) -> bytes:
    """Return the mark that ends a stream, if it stands before the footer."""
    file.seek(max(0, start - len(_END)))
    mark = file.read(len(_END))
    return mark if mark == _END else b""


def _blocks(footer: bytes) -> Sequence[tuple[int, int, int]]:
    """Return offset, length of the metadata and length of the body of every block."""
    table = _u32(footer, 0)
    fields = table - struct.unpack_from("<i", footer, table)[0]
    length = struct.unpack_from("<H", footer, fields)[0]
    blocks = []
    for place in (4 + 2 * number for number in _LISTS):
        offset = struct.unpack_from("<H", footer, fields + place)[0] if place < length else 0
        if offset:
            vector = table + offset + _u32(footer, table + offset)
            items = vector + 4
            for i in range(min(_u32(footer, vector), len(footer) // _BLOCK)):
                begin, metadata, body = struct.unpack_from("<qi4xq", footer, items + i * _BLOCK)
                blocks.append((begin, metadata, body))
    return blocks


def _u32(data: bytes, place: int) -> int:
    return int(struct.unpack_from("<I", data, place)[0])
