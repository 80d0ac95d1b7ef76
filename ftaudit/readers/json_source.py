"""A JSON file under audit: JSON Lines, one array of objects, or one object that holds them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, Literal, TypeAlias, assert_never

import numpy as np
import numpy.typing as npt
import polars as pl
from msgspec import Struct, field
from msgspec.structs import replace

from ftaudit.model.dataset import DataFile
from ftaudit.model.errors import InputError
from ftaudit.model.parts import Part, PartSizes, held_parts
from ftaudit.readers.byte_stream import ByteStream
from ftaudit.readers.data_source import data_file, number_parts, numbered, row_numbers
from ftaudit.readers.json_array import array_records
from ftaudit.readers.json_document import is_document, read_document
from ftaudit.readers.json_pieces import piece_records
from ftaudit.readers.json_rows import JsonRows
from ftaudit.readers.json_survey import JsonSurvey, Record
from ftaudit.readers.jsonl import jsonl_records
from ftaudit.readers.kinds import FileKind
from ftaudit.readers.line_map import LineMapBuilder
from ftaudit.readers.origin import Origin
from ftaudit.readers.sound_records import BrokenRecords, sorted_out, sound_frames
from ftaudit.readers.stretches import Stretch, Stretches, seekable, text_bytes

Layout: TypeAlias = Literal["lines", "array", "document", "pieces"]
"""One object per line; one array of objects; one object that holds the records; or an array that is
broken, of which the items are read that are sound."""


class JsonSource(Struct, frozen=True):
    """A JSON file whose every record is known to be sound.

    `schema` and `json_columns` may be widened with `msgspec.structs.replace`: the columns are
    decoded into whatever types it names.
    """

    file: DataFile
    schema: pl.Schema
    json_columns: frozenset[str]
    origin: Origin
    compression: str | None
    layout: Layout
    stretches: Stretches = field(default_factory=Stretches)
    """Of one object per line."""
    class_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    broken: str = ""
    """What is said of records that cannot be read, where they are left out."""

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        """Yield `__row` and the columns asked for, one batch per block of the file."""
        if columns is not None and not columns and not self.broken:
            yield from row_numbers(self.file.rows)
            return
        rows = self._rows(list(self.schema) if columns is None else columns)
        with ByteStream(self.origin, self.compression) as stream:
            blocks = _records(stream, self.origin.user_path, self.layout)
            if self.broken:
                yield from sound_frames((records for records, _ in blocks), rows, 0)
                return
            yield from numbered((rows.frame(records) for records, _ in blocks if records), columns)

    def parts(self, columns: Sequence[str], sizes: PartSizes) -> Iterator[Part]:
        """Yield the same in parts: stretches of a file of lines; of any other what was read."""
        if not columns and not self.broken:
            yield from number_parts(self.file.rows, sizes)
            return
        seeking = seekable(self.origin, self.compression)
        if seeking is None or self.layout != "lines":
            yield from held_parts(self.batches(columns), sizes)
            return
        rows = self._rows(columns)
        for stretch in self.stretches.parts(sizes):
            yield JsonLines(seeking, rows, tuple(columns), stretch, bool(self.broken))

    @property
    def memory(self) -> int:
        """Bytes that its columns would take in memory, about."""
        return text_bytes(self.file.bytes, self.compression)

    def _rows(self, columns: Sequence[str]) -> JsonRows:
        names = list(columns) or list(self.schema)[:1]
        return JsonRows(pl.Schema({n: self.schema[n] for n in names}), self.json_columns)


class JsonLines(Struct, frozen=True):
    """Consecutive lines of a JSON file."""

    origin: Origin
    rows: JsonRows
    columns: tuple[str, ...]
    stretch: Stretch
    is_broken: bool = False
    """Whether records that cannot be read are to be left out."""

    @property
    def row_range(self) -> range:
        """Return which rows of the file they are, those that are left out among them."""
        return self.stretch.row_range

    def frames(self) -> Iterator[pl.DataFrame]:
        """Yield `__row` and the columns."""
        with ByteStream(self.origin, None, stretch=self.stretch) as stream:
            if self.is_broken:
                blocks = (records for records, _ in jsonl_records(stream))
                yield from sound_frames(blocks, self.rows, self.stretch.record)
                return
            batches = (self.rows.frame(records) for records, _ in jsonl_records(stream) if records)
            yield from numbered(batches, self.columns, self.stretch.record)


def open_json(  # noqa: PLR0913 - where a file is, what it is called, how it is read
    origin: Origin,
    kind: FileKind,
    name: str,
    split: str,
    advance: Callable[[int], None],
    *,
    keep_going: bool = False,
) -> JsonSource:
    """Read a JSON file from end to end.

    Where `keep_going`, records that cannot be read are counted and left out: they have a row, as
    the others do, in which nothing stands.

    Raises:
        InputError: it is not sound, or holds nothing.
    """
    layout = "lines" if keep_going and kind.format == "jsonl" else _layout(origin, kind)
    try:
        return _survey(origin, kind, name, split, layout, advance, keep_going=keep_going)
    except InputError as broken:
        if layout != "array":
            raise
        return _of_pieces(broken, origin, kind, name, split, keep_going=keep_going)


def _of_pieces(  # noqa: PLR0913 - as of `open_json`
    broken: InputError, origin: Origin, kind: FileKind, name: str, split: str, *, keep_going: bool
) -> JsonSource:
    """Read the sound items of an array that is broken, or say how many are not sound.

    Raises:
        InputError: items are not sound and are not to be left out, or none is.
    """
    with ByteStream(origin, kind.compression) as stream:
        if b"{" not in stream.read(_HEAD):
            raise broken

    def silently(_: int) -> None:
        return

    source = _survey(origin, kind, name, split, "pieces", silently, keep_going=keep_going)
    if not source.broken:  # each item is sound: what is wrong stands between or after them
        raise broken
    return source


def _survey(  # noqa: PLR0913, PLR0917 - as of `open_json`
    origin: Origin,
    kind: FileKind,
    name: str,
    split: str,
    layout: Layout,
    advance: Callable[[int], None],
    *,
    keep_going: bool,
) -> JsonSource:
    """Read a JSON file of one layout from end to end.

    Raises:
        InputError: it is not sound, or holds nothing.
    """
    by_line = layout == "lines"
    unit = "line" if by_line else "row"
    survey, lines, broken = (
        JsonSurvey(origin.user_path, unit),
        LineMapBuilder(),
        BrokenRecords(unit),
    )
    stretches = Stretches()
    with ByteStream(origin, kind.compression, advance) as stream:
        for records, places in _records(stream, origin.user_path, layout):
            lines.add(places if by_line else places + 1)
            sound, at = sorted_out(records, places, broken) if keep_going else (records, places)
            survey.add(sound, lambda i, at=at: int(at[i]))  # type: ignore[misc] # at binds
            stretches.add(stream.taken, survey.rows + broken.count)
    survey.finish()
    line_map = lines.build() if by_line and survey.rows else None
    rows = survey.rows and survey.rows + broken.count
    file = data_file(origin, name, split, stream, rows=rows, lines=line_map)
    schema, text = survey.schema()
    source = JsonSource(file, schema, text, origin, kind.compression, layout, stretches)
    return replace(source, broken=str(broken))


def _records(
    stream: ByteStream, user_path: str, layout: Layout
) -> Iterator[tuple[list[Record], npt.NDArray[np.int64]]]:
    match layout:
        case "array":
            yield from array_records(stream, user_path)
        case "document":
            records = read_document(stream, user_path)
            yield records, np.arange(len(records))
        case "lines":
            yield from jsonl_records(stream)
        case "pieces":
            yield from piece_records(stream, user_path)
        case _:
            assert_never(layout)


def _layout(origin: Origin, kind: FileKind) -> Layout:
    """Tell by its beginning how a file holds its records.

    Raises:
        InputError: a file of lines is an array.
    """
    with ByteStream(origin, kind.compression) as stream:
        head = b""
        while not head.strip() or (b"\n" not in head.lstrip() and len(head) < _HEAD):
            if not (block := stream.read(1 << 16)):
                break
            head += block
        head += stream.read(1 << 16)
    begin = head.lstrip()[:1]
    if begin == b"[" and kind.format == "jsonl" and _are_lists(head):
        return "lines"
    if begin == b"[" and kind.format == "jsonl":
        problem = "is one JSON array, where one object per line was expected"
        raise InputError(origin.user_path, problem, remedy="Name it .json")
    if begin == b"[":
        return "array"
    return "document" if is_document(head, lines=kind.format == "jsonl") else "lines"


def _are_lists(head: bytes) -> bool:
    """Tell whether a file holds a list on each of its first lines, rather than one array."""
    lines = [line for line in head.splitlines() if line.strip()][:2]
    return len(lines) == 2 and lines[1].lstrip().startswith(b"[") and lines[0].rstrip()[-1:] == b"]"


_HEAD: Final = 8 << 20
"""Bytes of a first line that are looked at."""
