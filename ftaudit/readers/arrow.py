"""Read Arrow IPC files and streams (.arrow, .feather, .ipc): mapped into memory, batch by batch."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, closing
from typing import Any, Final

import polars as pl
from msgspec import Struct, field

from ftaudit.model.dataset import DataFile
from ftaudit.model.errors import InputError
from ftaudit.model.parts import Part, PartSizes, held_parts
from ftaudit.readers.arrow_layout import is_contiguous
from ftaudit.readers.column_types import class_names, json_text, refuse_arrow_types
from ftaudit.readers.data_source import data_file, number_parts, numbered, row_numbers
from ftaudit.readers.decoded_size import (
    arrow_bytes,
    refuse_columns,
    refuse_expansion,
    refuse_long_cells,
)
from ftaudit.readers.file_digest import digest
from ftaudit.readers.origin import LocalFile, Origin
from ftaudit.readers.panic_text import without_panic_text
from ftaudit.readers.parquet import (
    BATCH_BYTES,
    BATCH_ROWS,
    batch_rows,
    broken,
    plain,
)
from ftaudit.readers.stretches import grouped

_DAMAGED: Final = (
    OSError,
    EOFError,
    ValueError,
    TypeError,
    IndexError,
    OverflowError,
    MemoryError,
    NotImplementedError,
    pl.exceptions.PolarsError,
    pl.exceptions.PanicException,
)
"""What pyarrow and polars raise of bytes that make no sense."""

_FILE_MAGIC: Final = b"ARROW1"
_FEATHER_1: Final = b"FEA1"


class ArrowSource(Struct, frozen=True):
    """An Arrow IPC file or stream."""

    file: DataFile
    schema: pl.Schema
    origin: Origin
    heights: tuple[int, ...] = ()
    """Rows of each record batch; empty where one cannot be read without those before it."""
    json_columns: frozenset[str] = frozenset()
    memory: int = 0
    class_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        """Yield `__row` and the columns asked for."""
        if columns is not None and not columns:
            yield from row_numbers(self.file.rows)
            return
        names = list(self.schema) if columns is None else list(columns)
        rows = batch_rows(self.file.rows, self.file.bytes)
        yield from numbered(_frames(self.origin, names, rows), columns)

    def parts(self, columns: Sequence[str], sizes: PartSizes) -> Iterator[Part]:
        """Yield the same in parts: record batches of a file; of a stream what was read."""
        if not columns:
            yield from number_parts(self.file.rows, sizes)
            return
        if not self.heights:
            yield from held_parts(self.batches(columns), sizes)
            return
        row_bytes = max(1, self.memory // self.file.rows)
        row = 0
        for first, after in grouped([rows * row_bytes for rows in self.heights], sizes):
            rows = range(row, row + sum(self.heights[first:after]))
            yield Batches(self.origin, tuple(columns), range(first, after), rows)
            row = rows.stop


class Batches(Struct, frozen=True):
    """Consecutive record batches of an Arrow IPC file."""

    origin: Origin
    names: tuple[str, ...]
    batch_numbers: range
    """Which of the file's record batches."""
    row_range: range
    """Which of its rows they hold."""

    def frames(self) -> Iterator[pl.DataFrame]:
        """Yield `__row` and the columns, a frame for each record batch."""
        frames = _frames(self.origin, self.names, BATCH_ROWS, self.batch_numbers)
        return numbered(frames, first=self.row_range.start)


def open_arrow(
    origin: LocalFile, name: str, split: str, advance: Callable[[int], None]
) -> ArrowSource:
    """Read an Arrow IPC file from end to end.

    Raises:
        InputError: it is not one, not complete, or holds nothing.
    """
    read = digest(origin, advance)
    if not read.size:
        data_file(origin, name, split, read, rows=0)
    written = _written_schema(origin)
    refuse_arrow_types(origin.user_path, written)
    schema, rows, memory = None, 0, 0
    with without_panic_text():
        for frame in _frames(origin, None, batch_rows(1, 0)):
            schema = schema or frame.schema
            refuse_columns(origin.user_path, list(schema))
            refuse_long_cells(origin.user_path, frame, rows)
            rows, memory = rows + frame.height, memory + int(frame.estimated_size())
    file = data_file(origin, name, split, read, rows=rows)
    heights = _heights(origin) if memory else ()
    if max(heights, default=0) * memory > BATCH_BYTES * rows:
        heights = ()  # a record batch may be compressed, and is read whole whatever is wanted
    return ArrowSource(
        file,
        schema or pl.Schema(),
        origin,
        heights=heights,
        json_columns=json_text(pl.DataFrame(written.empty_table()).schema),
        memory=memory,
        class_names=class_names(written.metadata),
    )


def _written_schema(origin: LocalFile) -> Any:  # noqa: ANN401 - pyarrow has no types
    """Return the Arrow schema of the file."""
    import pyarrow as pa
    import pyarrow.ipc

    try:
        with ExitStack() as stack:
            source, is_file = _opened(origin, stack, pa)
            opener = pyarrow.ipc.open_file if is_file else pyarrow.ipc.open_stream
            return opener(source).schema
    except _DAMAGED:
        raise broken(origin.user_path, "Arrow IPC") from None
    except pa.ArrowException:
        raise broken(origin.user_path, "Arrow IPC") from None


def _frames(
    origin: Origin, names: Sequence[str] | None, rows: int, batch_numbers: range | None = None
) -> Iterator[pl.DataFrame]:
    """Yield frames of at most `rows` rows; all columns when no names are given.

    Of a file, not of a stream, only the `wanted` record batches may be read.
    """
    import pyarrow as pa

    origin.verify()
    decoded = 0
    try:
        with ExitStack() as stack:
            for batch in _record_batches(origin, stack, pa, batch_numbers):
                # offsets that point anywhere are believed by polars, and end the process
                batch.validate(full=True)
                batch_bytes = arrow_bytes(batch)
                decoded += batch_bytes
                refuse_expansion(origin.user_path, decoded, origin.size or 0)
                step = max(1, min(rows, BATCH_BYTES * batch.num_rows // max(1, batch_bytes)))
                for start in range(0, batch.num_rows, step):
                    table = pa.Table.from_batches([batch.slice(start, step)])
                    frame = pl.DataFrame(table if names is None else table.select(list(names)))
                    yield plain(frame.lazy(), names or frame.columns).collect()
    except _DAMAGED:
        raise broken(origin.user_path, "Arrow IPC") from None
    except pa.ArrowException:
        raise broken(origin.user_path, "Arrow IPC") from None


def _heights(origin: LocalFile) -> tuple[int, ...]:
    """Return the rows of each record batch of a file; nothing for a stream."""
    import pyarrow as pa

    with origin.open() as file:
        if file.read(len(_FILE_MAGIC)) != _FILE_MAGIC:
            return ()
    with ExitStack() as stack:
        return tuple(batch.num_rows for batch in _record_batches(origin, stack, pa))


def _record_batches(
    origin: Origin,
    stack: ExitStack,
    pa: Any,  # noqa: ANN401 - pyarrow has no types
    batch_numbers: range | None = None,
) -> Iterator[Any]:
    import pyarrow.ipc

    source, is_file = _opened(origin, stack, pa)
    if is_file:
        reader = pyarrow.ipc.open_file(source)
        _refuse_hidden(origin)
        yield from map(reader.get_batch, batch_numbers or range(reader.num_record_batches))
    else:
        yield from pyarrow.ipc.open_stream(source)
        if source.tell() != source.size():
            raise _hides(origin)


def _opened(origin: Origin, stack: ExitStack, pa: Any) -> tuple[Any, bool]:  # noqa: ANN401 - pyarrow has no types
    """Open the file at its beginning; say whether it is a file, or else a stream."""
    # read, not mapped: a mapped file that is cut short meanwhile ends the process
    opened: AbstractContextManager[Any]
    if isinstance(origin, LocalFile):
        opened = pa.OSFile(origin.address)
    else:
        opened = pa.PythonFile(stack.enter_context(closing(origin.open())), mode="r")
    source = stack.enter_context(opened)
    magic = bytes(source.read(len(_FILE_MAGIC)))
    source.seek(0)
    if magic.startswith(_FEATHER_1):
        problem = "is a Feather version 1 file"
        raise InputError(
            origin.user_path, problem, remedy="Write it again as Feather version 2 (Arrow IPC)"
        )
    return source, magic == _FILE_MAGIC


def _refuse_hidden(origin: Origin) -> None:
    with origin.open() as file:
        if not is_contiguous(file, origin.size or 0):
            raise _hides(origin)


def _hides(origin: Origin) -> InputError:
    problem = "is damaged, or holds bytes that are in none of its record batches"
    return InputError(origin.user_path, problem, remedy="Read it and write it again as one file")
