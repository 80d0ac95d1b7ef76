"""Cut JSON Lines into records: one object per line, blank lines between them allowed."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from ftaudit.readers.byte_stream import ByteStream
from ftaudit.readers.json_survey import Record


def jsonl_records(stream: ByteStream) -> Iterator[tuple[list[Record], npt.NDArray[np.int64]]]:
    """Yield records in order, with the 1-based line of each."""
    line = 1
    for text in stream.chunks(whole_lines):
        lines_read = text.split(b"\n")
        if not lines_read[-1]:
            lines_read.pop()
        records: list[Record] = [r for r in lines_read if r and not r.isspace()]
        lines = np.arange(line, line + len(lines_read))
        if len(records) < len(lines_read):
            lines = lines[[bool(r) and not r.isspace() for r in lines_read]]
        yield records, lines
        line += len(lines_read)


def whole_lines(text: bytes, final: bool) -> tuple[int, bytes]:  # noqa: FBT001 - ByteStream's protocol
    """Take the whole lines off the front of a text, for `ByteStream.chunks`."""
    end = len(text) if final else text.rfind(b"\n") + 1
    return end, text[:end]
