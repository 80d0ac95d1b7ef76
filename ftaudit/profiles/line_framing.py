"""How a JSON file is cut into records: one per line, one array, or objects over several lines."""

import json
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple, TypeAlias

from ftaudit.profiles.json_line import BOM

Framing: TypeAlias = Literal["lines", "array", "objects", "utf-16"]

_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_HEAD: Final = 1 << 20
"""Bytes of a file that decide its framing."""


class PhysicalLine(NamedTuple):
    """A line, or a record that stands somewhere in a file, and the 1-based line it begins on."""

    line: int
    text: bytes


def framing_of(data: bytes) -> Framing:
    """Return how a file that begins with `data` is cut into records."""
    head = data[:_HEAD]
    if head.startswith(_UTF16) or b"\0" in head[:4]:
        return "utf-16"
    text = head.removeprefix(BOM).lstrip()
    if text.startswith(b"["):
        return "array"
    first = text.partition(b"\n")[0]
    if not text.startswith(b"{") or _complete(first):
        return "lines"
    return "objects" if _begins_with_object(text) else "lines"


def _complete(line: bytes) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def _begins_with_object(text: bytes) -> bool:
    """Return whether an object ends on a later line than its first."""
    text_head = text.decode(errors="replace")
    try:
        _, end = json.JSONDecoder(strict=False).raw_decode(text_head)
    except (ValueError, RecursionError):
        return False
    return "\n" in text_head[:end]


def physical_lines(data: bytes, first: int = 1) -> Iterator[PhysicalLine]:
    """Yield the lines of `data` without line breaks, and without the BOM of line 1."""
    lines = data.split(b"\n")
    if not lines[-1]:
        lines.pop()
    if lines and first == 1:
        lines[0] = lines[0].removeprefix(BOM)
    for number, line in enumerate(lines, first):
        yield PhysicalLine(number, line[:-1] if line.endswith(b"\r") else line)


def objects_in(text: str, first: int = 1) -> Iterator[PhysicalLine]:
    """Yield the records of an array, or of objects that follow one another.

    Raises:
        ValueError: what stands between them, or they themselves, are not well-formed.
    """
    decoder = json.JSONDecoder(strict=True)
    at = _skip(text, 0, " \t\r\n[" if text.lstrip().startswith("[") else " \t\r\n")
    array = text.lstrip().startswith("[")
    line = first
    counted = 0
    while at < len(text) and not (array and text[at] == "]"):
        _, end = decoder.raw_decode(text, at)
        line += text.count("\n", counted, at)
        counted = at
        yield PhysicalLine(line, text[at:end].encode())
        at = _skip(text, end, " \t\r\n")
        if array and at < len(text) and text[at] == ",":
            at = _skip(text, at + 1, " \t\r\n")
        elif array and text[at : at + 1] != "]":
            raise ValueError(at)


def _skip(text: str, at: int, characters: str) -> int:
    while at < len(text) and text[at] in characters:
        at += 1
    return at
