"""Write Arrow IPC files and streams as they were written: schema, metadata, batches and codec."""

import struct
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ftaudit.readers.origin import LocalFile
from ftaudit.readers.parquet import broken
from ftaudit.writers.arrow_cells import edited_table, stayed
from ftaudit.writers.cell_edits import CellEdits

_MAGIC: Final = b"ARROW1"
_HEADER: Final = 2
"""Field of a message's table that holds its header."""
_COMPRESSION: Final = 3
"""Field of a record batch's table that holds its compression."""
_CODECS: Final = {0: "lz4", 1: "zstd"}
"""Source: https://github.com/apache/arrow/blob/main/format/Message.fbs, `CompressionType`."""


def write_arrow_batches(
    origin: LocalFile, kept: npt.NDArray[np.bool_], edits: CellEdits, path: Path
) -> None:
    """Write the rows that are kept, a record batch at a time. See `row_writer.write_rows`."""
    import pyarrow as pa

    origin.verify()
    try:
        with ExitStack() as stack:
            _copy(stack.enter_context(pa.OSFile(origin.address)), kept, edits, path)
    except (OSError, ValueError, pa.ArrowException):
        raise broken(origin.user_path, "Arrow IPC") from None
    origin.verify()


def _copy(source: Any, kept: npt.NDArray[np.bool_], edits: CellEdits, path: Path) -> None:  # noqa: ANN401 - pyarrow has no types
    import pyarrow as pa
    from pyarrow import ipc

    is_file = bytes(source.read(len(_MAGIC))) == _MAGIC
    source.seek(0)
    options = ipc.IpcWriteOptions(
        compression=_codec(source, is_file=is_file), unify_dictionaries=is_file
    )
    source.seek(0)
    reader = ipc.open_file(source) if is_file else ipc.open_stream(source)
    batches = map(reader.get_batch, range(reader.num_record_batches)) if is_file else iter(reader)
    writer = (ipc.new_file if is_file else ipc.new_stream)(path, reader.schema, options=options)
    first = 0
    with writer:
        for batch in batches:
            after = first + batch.num_rows
            table = pa.Table.from_batches([batch])
            changed = {r - first: e for r, e in edits.between(first, after).items() if kept[r]}
            if changed:
                table = edited_table(table, changed)
            stays = kept[first:after]
            table = stayed(table, stays)
            if table.num_rows or not batch.num_rows:
                writer.write_table(table.combine_chunks())
            first = after


def _codec(source: Any, *, is_file: bool) -> str | None:  # noqa: ANN401 - pyarrow has no types
    """Return how the buffers of the first record batch are compressed, if they are."""
    from pyarrow import ipc

    if is_file:
        source.seek(8)
    while True:
        try:
            message = ipc.read_message(source)
        except (EOFError, OSError):
            return None
        if message.type == "record batch":
            return _CODECS.get(_compression(bytes(message.metadata)))  # type: ignore[arg-type] # None: no codec


def _compression(metadata: bytes) -> int | None:
    """Return the codec of a record batch by its message; None: its buffers are plain.

    The layout of flatbuffers: https://flatbuffers.dev/internals/.
    """
    message = struct.unpack_from("<I", metadata, 0)[0]
    batch = _table(metadata, message, _HEADER)
    compression = None if batch is None else _table(metadata, batch, _COMPRESSION)
    if compression is None:
        return None
    codec = _field(metadata, compression, 0)
    return 0 if codec is None else int(metadata[codec])


def _table(data: bytes, table: int, number: int) -> int | None:
    """Return where the table lies that a field of a table refers to."""
    place = _field(data, table, number)
    return None if place is None else place + int(struct.unpack_from("<I", data, place)[0])


def _field(data: bytes, table: int, number: int) -> int | None:
    """Return where a field of a table lies; None where it is left out."""
    fields = table - struct.unpack_from("<i", data, table)[0]
    length = struct.unpack_from("<H", data, fields)[0]
    place = 4 + 2 * number
    offset = struct.unpack_from("<H", data, fields + place)[0] if place < length else 0
    return table + offset if offset else None
