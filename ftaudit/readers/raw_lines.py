"""Records of a JSON file as they are written, the broken ones among them."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

import polars as pl
from msgspec import Struct

from ftaudit.model.dataset import LINES, DataFile
from ftaudit.model.errors import InputError
from ftaudit.model.parts import HeldPart, Part, PartSizes
from ftaudit.profiles.json_line import BOM
from ftaudit.profiles.line_framing import Framing, framing_of, objects_in
from ftaudit.readers.byte_stream import BLOCK, MAX_RECORD, ByteStream
from ftaudit.readers.line_map import LineMapBuilder
from ftaudit.readers.origin import Origin
from ftaudit.readers.stretches import Stretch, seekable

_SHOWN: Final = 4_096
"""Bytes of a file that is no UTF-8 at all that stand for it."""


class LinePlace(Struct, frozen=True):
    """Where a stretch of lines is: its first line, 1-based, and the row of its first record."""

    line: int = 1
    row: int = 0


class RawFile(Struct, frozen=True):
    """A JSON file that need not be sound."""

    origin: Origin
    compression: str | None
    framing: Framing
    bom: bool

    def parts(self, split: str, file: int, sizes: PartSizes) -> Iterator[Part]:
        """Yield the records in parts: stretches of a file of lines; of any other what was read."""
        frames = LineFrames(split, file, self.framing, self.bom)
        seeking = seekable(self.origin, self.compression)
        if self.framing != "lines":
            with ByteStream(self.origin, self.compression, text=False) as stream:
                yield HeldPart(frames.of_whole(_whole(stream, self.origin)))
            return
        place = LinePlace()
        with ByteStream(self.origin, self.compression, text=False) as stream:
            start = 0
            for block in stream.chunks(_whole_lines):
                end = after(block, place)
                stretch = Stretch(start, stream.taken, place.row, end.row)
                if seeking is None:
                    yield HeldPart(frames.of_lines(block, place))
                else:
                    yield RawStretch(seeking, stretch, place, frames)
                sizes.take(len(block))
                start, place = stream.taken, end

    def data_file(self, name: str, split: str) -> DataFile:
        """Read the file once from end to end and describe it; broken lines count as rows."""
        with ByteStream(self.origin, self.compression, text=False) as stream:
            lines = self._line_map(stream)
            rows = lines.count
            line_map = lines.build() if self.framing == "lines" and rows else None
            return DataFile(name, split, stream.sha256, rows, stream.size, line_map)

    def _line_map(self, stream: ByteStream) -> LineMapBuilder:
        lines, place = LineMapBuilder(), LinePlace()
        frames = LineFrames("", 0, self.framing, self.bom)
        if self.framing != "lines":
            begins = frames.of_whole(_whole(stream, self.origin))["line"]
            lines.add(begins.cast(pl.Int64).to_numpy())
            return lines
        for block in stream.chunks(_whole_lines):
            frame = frames.of_lines(block, place).filter(pl.col("row").is_not_null())
            lines.add(frame["line"].cast(pl.Int64).to_numpy())
            place = after(block, place)
        return lines


def _whole(stream: ByteStream, origin: Origin) -> bytes:
    text = bytearray()
    while block := stream.read(BLOCK):
        text += block
        if len(text) > MAX_RECORD:
            problem = f"is no JSON Lines, and larger than {MAX_RECORD >> 20} MiB"
            raise InputError(origin.user_path, problem, remedy="Write one JSON object per line")
    return bytes(text)


def open_raw(origin: Origin, compression: str | None) -> RawFile:
    """Look at the beginning of a JSON file."""
    with ByteStream(origin, compression, text=False) as stream:
        head = stream.read(BLOCK)
    return RawFile(origin, compression, framing_of(head), head.startswith(BOM))


class RawStretch(Struct, frozen=True):
    """Consecutive lines of a JSON file."""

    origin: Origin
    stretch: Stretch
    place: LinePlace
    frames_: "LineFrames"

    def frames(self) -> Iterator[pl.DataFrame]:
        """Yield them as `LINES`."""
        place = self.place
        with ByteStream(self.origin, None, text=False, stretch=self.stretch) as stream:
            for block in stream.chunks(_whole_lines):
                yield self.frames_.of_lines(block, place)
                place = after(block, place)


class LineFrames(Struct, frozen=True):
    """Makes frames of `LINES` of one file."""

    split: str
    file: int
    framing: str
    bom: bool

    def of_lines(self, block: bytes, place: LinePlace) -> pl.DataFrame:
        """Return the lines of a block; blank ones have no row."""
        lines = _lines(block)
        if place.line == 1 and lines:
            lines[0] = lines[0].removeprefix(BOM)
        rows: Iterable[int | None] = range(place.row, place.row + len(lines))
        if _may_hold_blank(block):
            rows = _rows(lines, place.row)
        numbers = range(place.line, place.line + len(lines))
        frame = self.frame(lines, rows, numbers)
        if not block or block.endswith(b"\n"):
            return frame
        last = pl.int_range(1, pl.len() + 1) == pl.len()
        return frame.with_columns(unended=last)

    def of_whole(self, text: bytes) -> pl.DataFrame:
        """Return the records of a file that is not cut by lines; what breaks it is the last."""
        if self.framing == "utf-16":
            return self.frame([text[:_SHOWN]], [0], [1])
        records: list[bytes] = []
        numbers: list[int] = []
        plain = text.removeprefix(BOM)
        try:
            for line, record in objects_in(plain.decode()):
                records.append(record)
                numbers.append(line)
        except UnicodeDecodeError as error:
            records.append(plain[error.start : error.start + 1])
            numbers.append(plain[: error.start].count(b"\n") + 1)
        except (ValueError, RecursionError):
            records.append(b"{")
            numbers.append(numbers[-1] if numbers else 1)
        return self.frame(records, range(len(records)), numbers)

    def frame(
        self,
        texts: Iterable[bytes],
        rows: Iterable[int | None],
        lines: Iterable[int | None],
    ) -> pl.DataFrame:
        """Return a frame of `LINES`."""
        frame = pl.DataFrame(
            {"row": list(rows), "line": list(lines), "text": list(texts)},
            schema={name: LINES[name] for name in ("row", "line", "text")},
        )
        return frame.select(
            pl.lit(self.split, pl.String).alias("split"),
            pl.lit(self.file, pl.UInt32).alias("file"),
            "row",
            "line",
            "text",
            pl.lit(self.framing, pl.String).alias("framing"),
            pl.lit(self.bom, pl.Boolean).alias("bom"),
            pl.lit(value=False).alias("unended"),
        )


def after(block: bytes, place: LinePlace) -> LinePlace:
    """Return the place after the lines of a block that begins at `place`."""
    count = block.count(b"\n") + (not block.endswith(b"\n") and bool(block))
    blank = 0
    if _may_hold_blank(block):
        blank = sum(1 for line in _lines(block) if not line or line.isspace())
    return LinePlace(place.line + count, place.row + count - blank)


def _may_hold_blank(block: bytes) -> bool:
    """Return whether a line of a block may be blank; false for nearly all data."""
    return block[:1].isspace() or _SPACE_FIRST.search(block) is not None


_SPACE_FIRST: Final = re.compile(rb"\n\s")


def _rows(lines: Iterable[bytes], row: int) -> Iterator[int | None]:
    """Yield the row of every line; a blank one has none."""
    for line in lines:
        is_row = bool(line) and not line.isspace()
        yield row if is_row else None
        row += is_row


def _lines(block: bytes) -> list[bytes]:
    lines = block.split(b"\n")
    if not lines[-1]:
        lines.pop()
    return [line[:-1] if line.endswith(b"\r") else line for line in lines]


def _whole_lines(text: bytes, final: bool) -> tuple[int, bytes]:  # noqa: FBT001 - ByteStream's protocol
    end = len(text) if final else text.rfind(b"\n") + 1
    return end, text[:end]
