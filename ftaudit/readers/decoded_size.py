"""Bound what a file becomes when it is decoded: some kilobytes can stand for terabytes.

Dictionaries repeat one long text in every row, runs repeat one value, and compressed zeros are
next to nothing. What real data becomes stays far below the bounds.
"""

from typing import Any, Final

import polars as pl

from ftaudit.model.errors import InputError
from ftaudit.readers.json_survey import MAX_COLUMNS

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
                place = f"row {first + (lengths.arg_max() or 0)}, column {name}"
                raise InputError(user_path, problem, place=place, remedy="Split or drop the row")


def refuse_columns(user_path: str, count: int) -> None:
    """Refuse a table of more columns than any record has.

    Raises:
        InputError: it has.
    """
    if count > MAX_COLUMNS:
        problem = f"has {count:,} columns, and at most {MAX_COLUMNS:,} are read"
        raise InputError(user_path, problem, remedy="Keep those that are trained on")


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


def parquet_bytes(address: str) -> int:
    """Return about how many bytes the values of a local parquet file take.

    Column chunks whose dictionaries could repeat a long text are read, as dictionaries; of all
    others the file says it. Zero where pyarrow cannot read what polars may.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(address) as file:
            return sum(
                _chunk_bytes(address, group, file.metadata.row_group(group).column(chunk))
                for group in range(file.metadata.num_row_groups)
                for chunk in range(file.metadata.row_group(group).num_columns)
            )
    except (pa.ArrowException, OSError, ValueError, OverflowError):
        return 0


def _chunk_bytes(address: str, group: int, metadata: Any) -> int:  # noqa: ANN401 - as above
    values, size = int(metadata.num_values), int(metadata.total_uncompressed_size)
    repeated = any("DICTIONARY" in encoding for encoding in metadata.encodings)
    if metadata.physical_type != "BYTE_ARRAY" or not repeated or values * size <= MOST:
        return max(size, values * _WORD)
    import pyarrow.parquet as pq

    name = metadata.path_in_schema
    with pq.ParquetFile(address, read_dictionary=[name]) as file:
        column = file.read_row_group(group, columns=[name]).flatten().column(0)
        return sum(_dictionary_bytes(piece) for piece in column.chunks)


def _dictionary_bytes(piece: Any) -> int:  # noqa: ANN401 - as above
    import pyarrow as pa

    return _written_out(piece) if pa.types.is_dictionary(piece.type) else int(piece.nbytes)
