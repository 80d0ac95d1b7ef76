"""Write JSON Lines: a line that stays is the bytes it was, and so is a blank line."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from ftaudit.model.text_edit import edited_text
from ftaudit.readers.byte_stream import ByteStream
from ftaudit.readers.json_source import JsonSource
from ftaudit.readers.jsonl import whole_lines
from ftaudit.writers.cell_edits import (
    BLANK_LINES,
    BYTE_ORDER_MARK,
    LAST_LINE_BREAK,
    WHOLE_RECORD,
    CellEdits,
    FieldEdits,
)
from ftaudit.writers.json_cells import edited_json
from ftaudit.writers.row_pieces import RowPieces
from ftaudit.writers.text_sink import TextSink


def write_json_lines(
    source: JsonSource, kept: npt.NDArray[np.bool_], edits: CellEdits, path: Path
) -> None:
    """Write the lines of the rows that are kept. See `row_writer.write_rows`."""
    origin, compression = source.origin, source.compression
    pieces = RowPieces(kept, edits.of_cells, edited_bytes)
    marked, blank = BYTE_ORDER_MARK not in edits.of_file, BLANK_LINES not in edits.of_file
    with (
        TextSink(path, origin, compression, marked=marked) as sink,
        ByteStream(origin, compression) as stream,
    ):
        end, line_break = b"", b"\n"
        for block in stream.chunks(whole_lines):
            written = _written(block, pieces, with_blank=blank)
            sink.write(written)
            end = written[-1:] or end
            line_break = b"\r\n" if b"\r\n" in written else line_break
        if LAST_LINE_BREAK in edits.of_file and end not in {b"", b"\n"}:
            sink.write(line_break)


def edited_bytes(text: bytes, edits: FieldEdits) -> bytes:
    """Return the text of a JSON record with its fields edited."""
    cells = {path: spans for path, spans in edits.items() if path != WHOLE_RECORD}
    record = edited_json(text.decode(), cells) if cells else text.decode()
    return edited_text(record, edits.get(WHOLE_RECORD, ())).encode()


def _written(block: bytes, pieces: RowPieces, *, with_blank: bool) -> bytes:
    lines = [line + b"\n" for line in block.split(b"\n")]
    lines[-1] = lines[-1][:-1]
    is_row = [not (not line or line.isspace()) for line in lines]
    new = iter(pieces.stay([line for line, row in zip(lines, is_row, strict=True) if row]))
    return b"".join(
        next(new) if row else line if with_blank else b""
        for line, row in zip(lines, is_row, strict=True)
    )
