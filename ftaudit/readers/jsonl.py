"""Cut JSON Lines into records: one object per line, blank lines between them allowed."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from ftaudit.readers.byte_stream import ByteStream
from ftaudit.readers.json_survey import Record


def jsonl_records(stream: ByteStream) -> Iterator[tuple[list[Record], npt.NDArray[np.int64]]]:
    """Yield records in order, with the 1-based line of each."""
    line = 1
    for text in stream.chunks(_whole_lines):
        found = text.split(b"\n")
        if not found[-1]:
            found.pop()
        records: list[Record] = [r for r in found if r and not r.isspace()]
        lines = np.arange(line, line + len(found))
        if len(records) < len(found):
            lines = lines[[bool(r) and not r.isspace() for r in found]]
        yield records, lines
        line += len(found)


def _whole_lines(text: bytes, final: bool) -> tuple[int, bytes]:  # noqa: FBT001 - ByteStream's protocol
    end = len(text) if final else text.rfind(b"\n") + 1
    return end, text[:end]
