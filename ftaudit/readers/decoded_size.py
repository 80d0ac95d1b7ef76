"""Bound what a file becomes when it is decoded: some kilobytes can stand for terabytes.

Dictionaries repeat one long text in every row, runs repeat one value, and compressed zeros are
next to nothing. What real data becomes stays far below the bounds.
"""

from collections.abc import Sequence
from typing import Any, BinaryIO, Final

import polars as pl

from ftaudit.model.column_label import place_of
from ftaudit.model.errors import InputError
from ftaudit.readers.json_survey import MAX_COLUMNS
from ftaudit.readers.parquet_footer import (
    BYTE_ARRAY,
    DICTIONARIES,
    Chunk,
    FooterError,
    Page,
    chunks,
    dictionary_page,
)

MOST: Final = 4 << 30
"""Bytes that any file may become."""
TIMES: Final = 1_000
"""How many times its own bytes a larger file may become."""
CELL: Final = 64 << 20
"""Bytes of the longest text that is read: no model is taught by a longer one."""

_WORD: Final = 8
"""Bytes a value of fixed width takes, about."""


def refuse_expansion(user_path: str, decoded: int, size: int) -> None:
    """Refuse a file that becomes too many bytes.

    Args:
        user_path: the file as the user named it.
        decoded: bytes that its values take, or have taken so far.
        size: bytes of the file.

    Raises:
        InputError: it does.
    """
    if decoded > max(MOST, TIMES * size):
        problem = f"decodes to more than {max(MOST, TIMES * size) >> 30} GiB, from {size:,} bytes"
        raise InputError(user_path, problem, remedy="Write it without repeating one value so often")


def refuse_long_cells(user_path: str, frame: pl.DataFrame, first: int) -> None:
    """Refuse a text that is too long to be audited, or to be taught.

    Args:
        user_path: the file as the user named it.
        frame: rows of it.
        first: the 0-based row of the first of them.

    Raises:
        InputError: there is one; says in which row and column.
    """
    for name, dtype in frame.schema.items():
        if isinstance(dtype, (pl.String, pl.Binary)):
            cells = frame[name]
            lengths = cells.str.len_bytes() if dtype == pl.String else cells.bin.size()
            longest = lengths.max()
            if isinstance(longest, int) and longest > CELL:
                problem = f"a cell of {longest:,} bytes, and at most {CELL:,} are read"
                place = f"row {first + (lengths.arg_max() or 0)}, {place_of(name, frame.columns)}"
                raise InputError(user_path, problem, place=place, remedy="Split or drop the row")


def refuse_columns(user_path: str, names: Sequence[str]) -> None:
    """Refuse more columns than any record has, and names that other libraries cannot be handed.

    Raises:
        InputError: there are such columns.
    """
    if len(names) > MAX_COLUMNS:
        problem = f"has {len(names):,} columns, and at most {MAX_COLUMNS:,} are read"
        raise InputError(user_path, problem, remedy="Keep those that are trained on")
    for number, name in enumerate(names, 1):
        if "\0" in name:
            problem = "its name holds a NUL"
            raise InputError(user_path, problem, place=f"column {number}", remedy="Rename it")


def arrow_bytes(batch: Any) -> int:  # noqa: ANN401 - pyarrow has no types
    """Return the bytes that a record batch takes once its dictionaries are written out."""
    import pyarrow as pa

    written_out = sum(
        _written_out(column) for column in batch.columns if pa.types.is_dictionary(column.type)
    )
    return int(batch.nbytes) + written_out


def _written_out(column: Any) -> int:  # noqa: ANN401 - as above
    """Return the bytes of a dictionary column's values, each as often as it stands."""
    import pyarrow as pa
    import pyarrow.compute as pc

    values = column.dictionary
    if not (pa.types.is_string(values.type) or pa.types.is_large_string(values.type)):
        return len(column) * _WORD
    lengths = pc.binary_length(values).cast(pa.int64())
    total = pc.sum(lengths.take(column.indices)).as_py()
    return int(total or 0)


def parquet_bytes(file: BinaryIO, size: int) -> int:
    """Return about how many bytes the values of a parquet file take, rather more than less.

    A column chunk with a dictionary is taken to repeat the longest text of it in every row. Zero
    where the file ends with no footer, which is for those to say who read it.

    Args:
        file: the file.
        size: its length in bytes.
    """
    try:
        return sum(_chunk_bytes(file, chunk) for chunk in chunks(file, size))
    except FooterError:
        return 0


def _chunk_bytes(file: BinaryIO, chunk: Chunk) -> int:
    width = _WORD
    if chunk.physical_type == BYTE_ARRAY and chunk.encodings & DICTIONARIES:
        page = dictionary_page(file, chunk)
        width = max(_WORD, _longest(file, page, chunk) if page else 0)
    return max(chunk.uncompressed, chunk.values * width)


def _longest(file: BinaryIO, page: Page, chunk: Chunk) -> int:
    """Return the length of the longest text of a dictionary, or of all of it if none can tell."""
    import pyarrow as pa

    if page.uncompressed > CELL:
        return page.uncompressed
    file.seek(page.start)
    data = file.read(page.compressed)
    codec = _CODECS.get(chunk.codec)
    try:
        if codec is not None:
            data = pa.decompress(data, page.uncompressed, codec=codec, asbytes=True)
    except (pa.ArrowException, OSError, ValueError, MemoryError):
        return page.uncompressed
    longest, at = 0, 0
    while at + 4 <= len(data):  # a length of four bytes, then as many bytes of text
        length = int.from_bytes(data[at : at + 4], "little")
        longest, at = max(longest, length), at + 4 + length
    return min(longest, page.uncompressed)


_CODECS: Final = {1: "snappy", 2: "gzip", 4: "brotli", 6: "zstd", 7: "lz4_raw"}
"""`parquet.thrift`, enum CompressionCodec → pyarrow's name; the others leave pages as they are."""
