"""Read csv and tsv. Every column is text: a label `007` must not become the number 7.

The dialect is RFC 4180 with any of LF and CR LF as line end. An empty cell is null, a quoted
empty one is the empty text. Blank lines are skipped and are no rows. A column whose header is
empty is called `column_1`, `column_2`, … by its position.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

import numpy as np
import polars as pl
from msgspec import Struct, field
from msgspec.structs import replace

from ftaudit.model.column_label import column_label, is_no_name
from ftaudit.model.dataset import DataFile
from ftaudit.model.errors import InputError
from ftaudit.model.finding import counted
from ftaudit.model.parts import Part, PartSizes, held_parts
from ftaudit.readers.byte_stream import ByteStream
from ftaudit.readers.csv_dialect import (
    NO_HEADER,
    CsvDialect,
    refuse_missing_header,
    refuse_other_dialect,
)
from ftaudit.readers.data_source import ROW, data_file, number_parts, numbered, row_numbers
from ftaudit.readers.delimited_scan import (
    OPEN_QUOTE,
    OTHER_BYTES,
    RETURN,
    TRAILING,
    Block,
    Cells,
    open_quote,
    scan,
    scan_slowly,
    without_other_bytes,
)
from ftaudit.readers.json_survey import MAX_COLUMNS, NAMED
from ftaudit.readers.kinds import FileKind
from ftaudit.readers.line_map import LineMapBuilder
from ftaudit.readers.origin import Origin
from ftaudit.readers.stretches import Stretch, Stretches, seekable, text_bytes

_LF: Final = b"\n"
_FAULTS: Final = {
    TRAILING: "text after a closing quote",
    OTHER_BYTES: "not UTF-8 text",
    OPEN_QUOTE: "a quoted cell that is never closed",
    RETURN: "a carriage return that no line feed follows, outside quotes",
}


class DelimitedSource(Struct, frozen=True):
    """A csv or tsv file whose every record has as many fields as its header."""

    file: DataFile
    schema: pl.Schema
    origin: Origin
    kind: FileKind
    dialect: CsvDialect = CsvDialect()
    stretches: Stretches = field(default_factory=Stretches)
    json_columns: frozenset[str] = frozenset()
    class_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    broken: str = ""
    """What is said of records that cannot be read, where they are left out."""

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        """Yield `__row` and the columns asked for, one batch per block of the file."""
        if columns is not None and not columns and not self.broken:
            return row_numbers(self.file.rows)
        names = tuple(self.schema) if columns is None else tuple(columns)
        return self._records(names, None).frames()

    def parts(self, columns: Sequence[str], sizes: PartSizes) -> Iterator[Part]:
        """Yield the same in parts: stretches of a file; of one that is compressed what was read."""
        if not columns and not self.broken:
            return number_parts(self.file.rows, sizes)
        if seekable(self.origin, self.kind.compression or self.dialect.encoding) is None:
            return held_parts(self.batches(columns), sizes)
        return (self._records(tuple(columns), s) for s in self.stretches.parts(sizes))

    @property
    def memory(self) -> int:
        """Bytes that its columns would take in memory, about."""
        return text_bytes(self.file.bytes, self.kind.compression)

    def _records(self, columns: tuple[str, ...], stretch: Stretch | None) -> "Records":
        origin, kind, names = self.origin, self.kind, tuple(self.schema)
        return Records(origin, kind, self.dialect, names, columns, stretch, bool(self.broken))


class Records(Struct, frozen=True):
    """Consecutive records of a csv or tsv file, or all of them."""

    origin: Origin
    kind: FileKind
    dialect: CsvDialect
    names: tuple[str, ...]
    """All columns of the file."""
    columns: tuple[str, ...]
    """Those to be read."""
    stretch: Stretch | None
    is_broken: bool = False
    """Whether records that do not fit the header are to be left out."""

    @property
    def row_range(self) -> range | None:
        """Return which rows of the file they are, those that are left out among them."""
        if self.stretch is None:
            return None
        header = int(self.dialect.header)
        return range(max(0, self.stretch.record - header), self.stretch.after - header)

    def frames(self) -> Iterator[pl.DataFrame]:
        """Yield `__row` and the columns, one frame per block of the file."""
        names = self.columns or self.names[:1]
        indexes = sorted({self.names.index(name) for name in names})
        before = self.stretch.record if self.stretch else 0
        with ByteStream(
            self.origin,
            self.kind.compression,
            stretch=self.stretch,
            encoding=self.dialect.encoding,
        ) as stream:
            goes_on = self.dialect.keep_going
            path = self.origin.user_path
            blocks = _blocks(stream, self._separator, path, keep_going=goes_on)
            if self.is_broken:
                yield from self._sound(blocks, indexes, before)
                return
            frames = (self._frame(block, indexes) for _, block in blocks)
            header = int(self.dialect.header)
            rows = frames if before or not header else _without_header(frames)
            yield from numbered(rows, self.columns, max(0, before - header))

    def _sound(
        self, blocks: Iterable[tuple[int, Block]], indexes: list[int], before: int
    ) -> Iterator[pl.DataFrame]:
        """Yield the records that fit the header; the others keep their number."""
        done = before - int(self.dialect.header)
        for _, whole in blocks:
            block = without_other_bytes(whole, self._separator)
            fits = np.flatnonzero(block.fields == len(self.names))
            numbers = fits + done
            cells = block.cells or (scan_slowly(block.text, self._separator)[1] or block).cells
            kept = [(cells or [])[i] for i in fits[numbers >= 0]]
            done += len(block.fields)
            if kept:
                rows = pl.Series(ROW, numbers[numbers >= 0].astype(np.uint64))
                columns = {
                    self.names[i]: pl.Series([row[i] for row in kept], dtype=pl.String)
                    for i in indexes
                    if self.names[i] in self.columns
                }
                yield pl.DataFrame({ROW: rows} | columns).select(ROW, *self.columns)

    @property
    def _separator(self) -> str:
        return self.dialect.separator(self.kind.format)

    def _frame(self, block: Block, indexes: list[int]) -> pl.DataFrame:
        frame = _parse(block, len(self.names), indexes, self._separator)
        frame.columns = [self.names[i] for i in indexes]
        return frame


class _DelimitedSurvey(Struct):
    """The first pass: the header, and every record that does not fit it."""

    user_path: str
    dialect: CsvDialect
    names: list[str] = field(default_factory=list)
    lines: LineMapBuilder = field(default_factory=LineMapBuilder)
    records: int = 0
    """Those seen so far, the header among them."""
    bad: int = 0
    widths: set[int] = field(default_factory=set)
    """Numbers of fields of records that do not fit the header."""
    places: list[str] = field(default_factory=list)
    escaped: bool = False
    """Whether a record breaks where a backslash stands before a quote."""

    def add(self, line: int, block: Block, separator: str) -> None:
        """Add a block that begins on 1-based line `line`."""
        block = self._readable(line, block, separator)
        self.records += len(block.starts)
        skip = 0
        if not self.names and len(block.starts):
            cells, first_line = block.head(separator), line + int(block.starts[0])
            if self.dialect.header:
                self.names, skip = self._header(cells, first_line), 1
            else:
                self.names = [f"column_{i}" for i in range(1, len(cells) + 1)]
        fields, starts = block.fields[skip:], block.starts[skip:]
        for i in np.flatnonzero(fields != len(self.names)).tolist():
            self._reject(line + int(starts[i]), int(fields[i]))
            self.widths.add(int(fields[i]))
            self.escaped |= fields[i] == TRAILING and b'\\"' in block.text
        self.lines.add(starts + line)

    def _readable(self, line: int, block: Block, separator: str) -> Block:
        """Refuse text that is not UTF-8; to keep going, mark the records it stands in."""
        if not self.dialect.keep_going:
            self._decode(line, block.text)
            return block
        if not self.names:
            self._decode(line, block.text.partition(_LF)[0])
        return without_other_bytes(block, separator)

    def finish(self) -> None:
        """Raise what was found wrong."""
        if not self.bad:
            return
        remedy = "Quote cells that hold a separator, a quote or a line end"
        if len(self.widths) == 1 and self.bad == self.records - 1 and self.bad > 1:
            remedy = "Remove the line of a title or a remark before the header, if it is one"
        if self.escaped:
            remedy = "A backslash stands before quotes, where csv doubles them: export it again so"
        if self.bad < self.lines.count:
            remedy += "; --keep-going audits the others"
        raise InputError(self.user_path, self.faults(), remedy=remedy)

    def faults(self) -> str:
        """Say which records do not fit the header."""
        more = f", and {self.bad - NAMED} more" if self.bad > NAMED else ""
        subject = "1 record has" if self.bad == 1 else f"{self.bad} records have"
        count = f"{subject} not the {len(self.names)} fields of the header"
        if {OTHER_BYTES, OPEN_QUOTE} & self.widths:
            count = f"{counted(self.bad, 'record')} cannot be read"
        return f"{count}: {'; '.join(self.places)}{more}"

    def _reject(self, line: int, fields: int) -> None:
        self.bad += 1
        if len(self.places) < NAMED:
            reason = _FAULTS.get(fields) or _count(fields)
            self.places.append(f"line {line} ({reason})")

    def _decode(self, line: int, text: bytes) -> None:
        try:
            text.decode()
        except UnicodeDecodeError as error:
            before = text[: error.start]
            at = error.start - before.rfind(_LF) - 1
            place = f"line {line + before.count(_LF)}, byte {at}"
            problem = "is not UTF-8 text"
            remedy = "Save it as UTF-8"
            if self.dialect.encoding is None and _is_cp1252(text):
                remedy += ", or read it with --encoding cp1252"
            raise InputError(self.user_path, problem, place=place, remedy=remedy) from None

    def _header(self, cells: Cells, line: int) -> list[str]:
        names = [cell or f"column_{i}" for i, cell in enumerate(cells, 1)]
        place = f"line {line}"
        odd = next((i for i, name in enumerate(names, 1) if is_no_name(name)), None)
        if odd is not None:
            problem = f"reads like a record, not like the header (column {odd})"
            raise InputError(self.user_path, problem, place=place, remedy=NO_HEADER)
        double = {name: names.index(name) + 1 for name, n in Counter(names).items() if n > 1}
        if double:
            labels = sorted(column_label(name, number) for name, number in double.items())
            problem = f"the header names {', '.join(labels)} more than once"
            raise InputError(
                self.user_path, problem, place=place, remedy="Give every column its own name"
            )
        if len(names) > MAX_COLUMNS:
            problem = f"the header has {len(names):,} columns, more than {MAX_COLUMNS:,}"
            raise InputError(self.user_path, problem, place=place, remedy="Check the separator")
        return names


def open_delimited(  # noqa: PLR0913, PLR0917 - where a file is, what it is called, how it is written
    origin: Origin,
    kind: FileKind,
    name: str,
    split: str,
    advance: Callable[[int], None],
    dialect: CsvDialect = CsvDialect(),  # noqa: B008 - frozen
) -> DelimitedSource:
    """Read a csv or tsv file from end to end.

    Raises:
        InputError: it is not sound, or holds nothing.
    """
    survey, separator = _DelimitedSurvey(origin.user_path, dialect), dialect.separator(kind.format)
    stretches = Stretches()
    with ByteStream(origin, kind.compression, encoding=dialect.encoding) as stream:
        head = stream.read(_HEAD)
    refuse_other_dialect(origin.user_path, head, dialect, separator)
    if dialect.header:
        _refuse_records(origin.user_path, head, separator)
    with ByteStream(origin, kind.compression, advance, encoding=dialect.encoding) as stream:
        blocks = _blocks(stream, separator, origin.user_path, keep_going=dialect.keep_going)
        for line, block in blocks:
            survey.add(line, block, separator)
            stretches.add(stream.taken, survey.records)
    if not dialect.keep_going or survey.bad == survey.lines.count:
        survey.finish()
    lines = survey.lines.build()
    file = data_file(origin, name, split, stream, rows=survey.lines.count, lines=lines)
    schema = pl.Schema(dict.fromkeys(survey.names, pl.String()))
    source = DelimitedSource(file, schema, origin, kind, dialect, stretches)
    return replace(source, broken=survey.faults() if survey.bad else "")


_LITTLE: Final = 1 << 20
"""Bytes of text that are scanned and parsed once, and kept for further passes; of four files."""
_HEAD: Final = 1 << 16
"""Bytes of text that show how a file is written."""


def _refuse_records(user_path: str, head: bytes, separator: str) -> None:
    """Refuse a header that is a record, judged by the records after it."""
    _, block = scan_slowly(head[: head.rfind(_LF) + 1], separator)
    if block is not None and block.cells:
        refuse_missing_header(user_path, block.cells[0], block.cells[1:])


def _is_cp1252(text: bytes) -> bool:
    try:
        text.decode("cp1252")
    except UnicodeDecodeError:
        return False
    return True


def _count(fields: int) -> str:
    return "1 field" if fields == 1 else f"{fields} fields"


def _blocks(
    stream: ByteStream, separator: str, user_path: str, *, keep_going: bool
) -> Iterator[tuple[int, Block]]:
    """Yield blocks of records, each with the 1-based line on which it begins.

    A quoted cell that the file ends within ends with its line where the others are to be read.
    """
    line, left = 1, b""

    def take(text: bytes, final: bool) -> tuple[int, list[Block]]:  # noqa: FBT001 - ByteStream's protocol
        nonlocal left
        blocks_read: list[Block] = []
        at = 0
        scan_rest = _scan_little if len(text) <= _LITTLE else scan
        while at < len(text) and (final or not blocks_read):
            used, block = scan_rest(text[at:] if at else text, separator, final=final)
            if block is None and final and keep_going:
                _, block = open_quote(text[at:], separator)
                used = len(block.text)
            if block is None:
                break
            blocks_read, at = [*blocks_read, block], at + used
        left = text[at:] if final else b""
        return at, blocks_read

    read = 0
    for blocks in stream.chunks(take):
        for block in blocks:
            yield line, block
            line += block.lines
            read += len(block.starts)
    if left:
        raise _never_closed(user_path, line, open_quote(left, separator)[0], others=read > 1)


@lru_cache(4)
def _scan_little(text: bytes, separator: str, *, final: bool) -> tuple[int, Block | None]:
    """Do as `scan`: a scan reads a small file in several passes."""
    return scan(text, separator, final=final)


def _never_closed(user_path: str, line: int, opens: int, *, others: bool) -> InputError:
    """Return the error about a quoted cell that opens so many lines after its record begins."""
    cell = "the quoted cell that begins here" if opens else "the quoted cell of a record"
    problem = f"the file ends inside {cell}{'' if opens else ' that begins here'}"
    remedy = "Close the quote" + ("; --keep-going audits the others" if others else "")
    return InputError(user_path, problem, place=f"line {line + opens}", remedy=remedy)


def _without_header(frames: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    header = True
    for frame in frames:
        rows = frame[1:] if header else frame
        header = header and not frame.height
        if rows.height:
            yield rows


def _parse(block: Block, width: int, indexes: list[int], separator: str) -> pl.DataFrame:
    """Return the wanted columns of a block, as text."""
    if block.blank is not None and block.cells is None:
        parse = _parse_little if len(block.text) <= _LITTLE else _parse_fast
        fast = parse(block.text, width, tuple(indexes), separator)
        if fast is not None and fast.height == len(block.blank):
            return fast.filter(~block.blank) if block.blank.any() else fast
    cells = block.cells or (scan_slowly(block.text, separator)[1] or block).cells or []
    return pl.DataFrame(
        [pl.Series(str(i), [row[i] for row in cells], dtype=pl.String) for i in indexes]
    )


def _parse_little(
    text: bytes, width: int, indexes: tuple[int, ...], separator: str
) -> pl.DataFrame | None:
    """Do as `_parse_fast`; what small files hold is read once for all passes."""
    every = _parse_every(text, width, separator)
    if every is None:
        return None
    return every.select([str(i) for i in indexes])


@lru_cache(4)
def _parse_every(text: bytes, width: int, separator: str) -> pl.DataFrame | None:
    return _parse_fast(text, width, tuple(range(width)), separator)


def _parse_fast(
    text: bytes, width: int, indexes: tuple[int, ...], separator: str
) -> pl.DataFrame | None:
    """Return what polars reads; None where it refuses."""
    try:
        return pl.read_csv(
            text,
            has_header=False,
            schema={str(i): pl.String for i in range(width)},
            columns=list(indexes),
            separator=separator,
        )
    except pl.exceptions.PolarsError:
        return None
