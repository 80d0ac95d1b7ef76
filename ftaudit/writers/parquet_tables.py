"""Write parquet as it was written: schema, metadata, sizes of row groups, codecs, dictionaries."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ftaudit.readers.origin import LocalFile
from ftaudit.readers.parquet import broken
from ftaudit.writers.arrow_cells import edited_table, stayed
from ftaudit.writers.cell_edits import CellEdits


def write_parquet_tables(
    origin: LocalFile, kept: npt.NDArray[np.bool_], edits: CellEdits, path: Path
) -> None:
    """Write the rows that are kept, a row group at a time. See `row_writer.write_rows`."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    origin.verify()
    try:
        with pq.ParquetFile(origin.address) as file:
            metadata = file.metadata
            sizes = [metadata.row_group(n).num_rows for n in range(metadata.num_row_groups)]
            with pq.ParquetWriter(path, file.schema_arrow, **_manner(metadata)) as writer:
                for table in _regrouped(_kept(file, kept, edits), max(sizes)):
                    writer.write_table(table, row_group_size=max(1, table.num_rows))
    except (OSError, pa.ArrowException):
        raise broken(origin.user_path, "parquet") from None
    origin.verify()


def _kept(file: Any, kept: npt.NDArray[np.bool_], edits: CellEdits) -> Iterator[Any]:  # noqa: ANN401 - pyarrow has no types
    """Yield a table of the rows that stay for every row group."""
    first = 0
    for number in range(file.metadata.num_row_groups):
        table = file.read_row_group(number)
        after = first + table.num_rows
        changed = {row - first: e for row, e in edits.between(first, after).items() if kept[row]}
        if changed:
            table = edited_table(table, changed)
        stays = kept[first:after]
        yield stayed(table, stays)
        first = after


def _regrouped(tables: Iterator[Any], size: int) -> Iterator[Any]:
    """Yield the same rows in tables of `size` rows, the last shorter."""
    import pyarrow as pa

    waiting = next(tables)
    for table in tables:
        while waiting.num_rows >= size:
            yield waiting.slice(0, size)
            waiting = waiting.slice(size)
        waiting = pa.concat_tables([waiting, table])
    while waiting.num_rows > size:
        yield waiting.slice(0, size)
        waiting = waiting.slice(size)
    yield waiting


def _manner(metadata: Any) -> dict[str, Any]:  # noqa: ANN401 - pyarrow has no types
    """Return how a file was written, as keywords of a parquet writer."""
    group = metadata.row_group(0)
    columns = [group.column(number) for number in range(metadata.num_columns)]
    encoded = [
        c.path_in_schema for c in columns if {"RLE_DICTIONARY", "PLAIN_DICTIONARY"} & {*c.encodings}
    ]
    codecs = {c.path_in_schema: _codec(c.compression) for c in columns}
    return {
        "compression": codecs or "none",
        "use_dictionary": encoded or False,
        "write_statistics": [c.path_in_schema for c in columns if c.is_stats_set] or False,
        "version": metadata.format_version if metadata.format_version != "1.0" else "1.0",
        "store_schema": b"ARROW:schema" in (metadata.metadata or {}),
        "use_compliant_nested_type": False,
        "use_deprecated_int96_timestamps": any(c.physical_type == "INT96" for c in columns),
    }


def _codec(name: str) -> str:
    return "none" if name == "UNCOMPRESSED" else name.lower()
