"""Write one JSON array: an item that stays is the bytes it was, with the space around it."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from ftaudit.readers.byte_stream import ByteStream
from ftaudit.readers.json_array import separators
from ftaudit.readers.json_source import JsonSource
from ftaudit.writers.cell_edits import CellEdits
from ftaudit.writers.json_lines import edited_bytes
from ftaudit.writers.row_pieces import RowPieces
from ftaudit.writers.text_sink import TextSink


def write_json_items(
    source: JsonSource, kept: npt.NDArray[np.bool_], edits: CellEdits, path: Path
) -> None:
    """Write the items of the rows that are kept. See `row_writer.write_rows`."""
    origin, compression = source.origin, source.compression
    pieces, comma = RowPieces(kept, edits, edited_bytes), b""
    with TextSink(path, origin, compression) as sink, ByteStream(origin, compression) as stream:
        for stretch in _stretches(stream):
            sink.write(stretch.before)
            for item in pieces.stay(stretch.items):
                if item:
                    sink.write(comma + item)
                    comma = b","
            sink.write(stretch.after)


class ItemStretch(Struct, frozen=True):
    """Consecutive items of an array, each with the space around it, without commas."""

    before: bytes
    """What opens the array, before its first items."""
    items: list[bytes]
    after: bytes
    """What closes it, with the space before it, after its last items."""


def _stretches(stream: ByteStream) -> Iterator[ItemStretch]:
    cutter = _ItemCutter()
    yield from stream.chunks(cutter.take)


class _ItemCutter(Struct):
    """Takes whole items off the front of the text of a sound array."""

    is_open: bool = False
    is_closed: bool = False

    def take(self, text: bytes, final: bool) -> tuple[int, ItemStretch]:  # noqa: FBT001, ARG002 - ByteStream's protocol
        if self.is_closed:
            return len(text), ItemStretch(b"", [], text)
        start = 0 if self.is_open else text.index(b"[") + 1
        before, body = text[:start], text[start:]
        commas, end = separators(body)
        if end is None and not len(commas):
            return 0, ItemStretch(b"", [], b"")
        self.is_open = True
        if end is None:
            cut = int(commas[-1])
            items = _cut(body[:cut], commas[:-1].tolist())
            return start + cut + 1, ItemStretch(before, items, b"")
        self.is_closed = True
        return len(text), ItemStretch(before, *items_of(body))


def items_of(body: bytes) -> tuple[list[bytes], bytes]:
    """Return the items of a text that goes on to the end of its array, and what closes that."""
    commas, end = separators(body)
    items = body[:end].rstrip()
    return _cut(items, commas.tolist()) if items else [], body[len(items) :]


def _cut(body: bytes, commas: list[int]) -> list[bytes]:
    ends = [-1, *commas, len(body)]
    return [body[first + 1 : after] for first, after in pairwise(ends)]
