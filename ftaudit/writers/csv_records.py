"""Write csv and tsv: a record that stays is the bytes it was; of an edited one, the other cells."""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from ftaudit.model.text_edit import TextEdit, edited_text
from ftaudit.readers.byte_stream import ByteStream
from ftaudit.readers.delimited import DelimitedSource
from ftaudit.readers.delimited_scan import Block, scan
from ftaudit.writers.cell_edits import CellEdits, FieldEdits
from ftaudit.writers.field_path import by_column
from ftaudit.writers.json_cells import edited_cell
from ftaudit.writers.row_pieces import RowPieces
from ftaudit.writers.text_sink import TextSink

_LF: Final = 10


def write_csv_records(
    source: DelimitedSource, kept: npt.NDArray[np.bool_], edits: CellEdits, path: Path
) -> None:
    """Write the header and the records that are kept. See `row_writer.write_rows`."""
    origin, dialect, compression = source.origin, source.dialect, source.kind.compression
    separator = dialect.separator(source.kind.format)
    layout = CsvLayout(tuple(source.schema), separator)
    pieces = RowPieces(kept, edits, partial(edited_record, layout=layout))
    header = dialect.header
    with (
        TextSink(path, origin, compression, dialect.encoding) as sink,
        ByteStream(origin, compression, encoding=dialect.encoding) as stream,
    ):
        for text, block in _scanned(stream, separator):
            before, records = _records(text, block)
            if header and records:
                before, records, header = before + records[0], records[1:], False
            sink.write(b"".join([before, *pieces.stay(records)]))


def _scanned(stream: ByteStream, separator: str) -> Iterator[tuple[bytes, Block]]:
    """Yield whole records as they stand in the file, and where they begin."""

    def take(text: bytes, final: bool) -> tuple[int, list[tuple[bytes, Block]]]:  # noqa: FBT001 - ByteStream's protocol
        at, blocks = 0, list[tuple[bytes, Block]]()
        while at < len(text) and (final or not blocks):
            used, block = scan(text[at:] if at else text, separator, final=final)
            if block is None:
                break
            blocks.append((text[at : at + used], block))
            at += used
        return at, blocks

    for blocks in stream.chunks(take):
        yield from blocks


def _records(text: bytes, block: Block) -> tuple[bytes, list[bytes]]:
    """Return what stands before the first record, and every record with the blank lines after."""
    ends = np.flatnonzero(np.frombuffer(text, np.uint8) == _LF) + 1
    lines = np.concatenate([[0], ends])
    begins = [int(lines[start]) for start in block.starts]
    stops = [*begins[1:], len(text)]
    before = text[: begins[0]] if begins else text
    return before, [text[begin:stop] for begin, stop in zip(begins, stops, strict=True)]


class CsvLayout(Struct, frozen=True):
    """The columns of a file, and what stands between them."""

    columns: tuple[str, ...]
    separator: str


def edited_record(record: bytes, edits: FieldEdits, layout: CsvLayout) -> bytes:
    """Return a record with some of its cells edited; the others are the bytes they were."""
    text = record.decode("utf-8", "surrogateescape")
    spans = _cells(text, layout.separator)
    new = []
    for number, inner in by_column(edits, layout.columns).items():
        start, end = spans[number]
        new.append(TextEdit(start, end, _edited(text[start:end], inner, layout.separator)))
    return edited_text(text, sorted(new)).encode("utf-8", "surrogateescape")


def _cells(text: str, separator: str) -> list[tuple[int, int]]:
    """Return where the cells of a sound record stand, with their quotes."""
    pattern = re.compile(f'"(?:[^"]|"")*+"|[^{re.escape(separator)}\\n]*+')
    spans, at = [], 0
    while True:
        cell = pattern.match(text, at)
        end = cell.end() if cell else at
        is_last = text[end : end + 1] != separator
        if is_last and text[at:end].endswith("\r"):
            spans.append((at, end - 1))
        else:
            spans.append((at, end))
        if is_last:
            return spans
        at = end + 1


def _edited(cell: str, edits: FieldEdits, separator: str) -> str:
    quoted = cell.startswith('"')
    value = cell[1:-1].replace('""', '"') if quoted else cell
    new = edited_cell(value, edits)
    if quoted or not new or any(mark in new for mark in (separator, '"', "\n", "\r")):
        return '"' + new.replace('"', '""') + '"'
    return new
