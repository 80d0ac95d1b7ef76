"""Cut a JSON array that is broken into the pieces that its items are, sound or not."""

import json
import re
from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

from ftaudit.model.errors import InputError
from ftaudit.readers.byte_stream import BLOCK, MAX_RECORD, ByteStream
from ftaudit.readers.json_survey import Record

_Positions = npt.NDArray[np.int64]

_BEGIN: Final = re.compile(rb"(?m)^([ \t]*)(?:\}[ \t]*,[ \t]*)?\{")
"""A line on which an object begins, perhaps after the end of another: no string of JSON holds a
line break, so that these are places to go on from whatever is broken before them."""
_BETWEEN: Final = re.compile(r"\}\s*,\s*(?=\{)")
_HEAD: Final = 1 << 16
_ALIKE: Final = 0.5
"""Share of the keys of the first sound record that an object must have to be one, too."""


def piece_records(stream: ByteStream, user_path: str) -> Iterator[tuple[list[Record], _Positions]]:
    """Yield the items of an array that is broken, with the 0-based row of each.

    Items begin on lines of their own; of an array on one line, where an object like the first
    can be read.

    Raises:
        InputError: the array stands on one line, and is too large to be held in memory.
    """
    text = _opened(stream)
    indent = _indent(text[:_HEAD])
    if indent is None:
        pieces: Iterator[list[bytes]] = iter([_on_one_line(_rest(stream, text, user_path))])
    else:
        pieces = _by_lines(stream, text, indent)
    row = 0
    for piece in pieces:
        records: list[Record] = [record for record in piece if record]
        yield records, np.arange(row, row + len(records))
        row += len(records)


def _opened(stream: ByteStream) -> bytes:
    """Return the first block after the opening bracket."""
    text = stream.read(BLOCK)
    bracket = text.find(b"[")
    return text[bracket + 1 :]


def _rest(stream: ByteStream, text: bytes, user_path: str) -> bytes:
    whole = bytearray(text)
    while block := stream.read(BLOCK):
        whole += block
        if len(whole) > MAX_RECORD:
            problem = f"is one broken JSON array on a line of more than {MAX_RECORD >> 20} MiB"
            raise InputError(user_path, problem, remedy="Write one JSON object per line, as .jsonl")
    return bytes(whole)


def _indent(head: bytes) -> bytes | None:
    """Return the white space before items that begin on lines of their own, None if none does."""
    # what stands right after the opening bracket is on the line of that
    indents = [match[1] for match in _BEGIN.finditer(head) if match.start()]
    return min(indents, key=len) if indents else None


def _by_lines(stream: ByteStream, text: bytes, indent: bytes) -> Iterator[list[bytes]]:
    """Yield pieces from one beginning of an item to the next."""
    begin = re.compile(rb"(?m)^" + re.escape(indent) + rb"(?:\}[ \t]*,[ \t]*)?\{")
    held = text
    while True:
        block = stream.read(BLOCK)
        begins = [match.end() - 1 for match in begin.finditer(held)]
        if block and not begins:
            held += block
            continue
        cut = begins[-1] if block else len(held)
        edges = [0, *begins] if not block else [0, *begins[:-1]]
        ends = [*edges[1:], cut]
        yield [_item(held[start:end]) for start, end in zip(edges, ends, strict=True)]
        if not block:
            return
        held = held[cut:] + block


def _item(piece: bytes) -> bytes:
    """Return a piece without what stands after an item: a comma, the closing bracket."""
    item = piece.strip()
    if item.endswith(b"]") and not item.startswith(b"["):
        item = item[:-1].rstrip() if item.count(b"]") > item.count(b"[") else item
    return item.removesuffix(b",").rstrip()


def _on_one_line(text: bytes) -> list[bytes]:
    """Return the objects of an array on one line, and what cannot be read between them."""
    plain = text.decode(errors="surrogateescape")
    decoder, at = json.JSONDecoder(), 0
    keys: frozenset[str] = frozenset()
    pieces: list[bytes] = []
    while (start := plain.find("{", at)) >= 0:
        record = _decoded(decoder, plain, start)
        if record is not None and (not keys or record[0]):
            keys = keys or record[0]
            end = record[1]
        else:
            end = _next_item(decoder, plain, start, keys)
        pieces.append(plain[start:end].encode(errors="surrogateescape"))
        at = end
    return [_item(piece) for piece in pieces]


def _decoded(decoder: json.JSONDecoder, text: str, at: int) -> tuple[frozenset[str], int] | None:
    """Return the keys of the object at a place, and where it ends; None where there is none."""
    try:
        value, end = decoder.raw_decode(text, at)
    except (ValueError, RecursionError):
        return None
    return (frozenset(value), end) if isinstance(value, dict) else None


def _next_item(decoder: json.JSONDecoder, text: str, at: int, keys: frozenset[str]) -> int:
    """Return where the next object begins that has the keys of an item."""
    for match in _BETWEEN.finditer(text, at):
        record = _decoded(decoder, text, match.end())
        if record is not None and (not keys or len(record[0] & keys) >= _ALIKE * len(keys)):
            return match.end()
    return len(text)
