"""Write some rows of a file again: the entry to the writers."""

import shutil
from pathlib import Path
from typing import cast

import numpy as np
import numpy.typing as npt
import polars as pl

from ftaudit.model.errors import InputError
from ftaudit.readers.arrow import ArrowSource
from ftaudit.readers.data_source import TableSource
from ftaudit.readers.delimited import DelimitedSource
from ftaudit.readers.frame import FrameSource
from ftaudit.readers.json_source import JsonSource
from ftaudit.readers.kinds import kind_of
from ftaudit.readers.origin import LocalFile, Origin
from ftaudit.readers.parquet import ScannedSource
from ftaudit.readers.partitions import PartitionedSource
from ftaudit.writers.arrow_batches import write_arrow_batches
from ftaudit.writers.arrow_cells import edited_table
from ftaudit.writers.cell_edits import CellEdits
from ftaudit.writers.csv_records import write_csv_records
from ftaudit.writers.json_document_rows import write_json_document
from ftaudit.writers.json_items import write_json_items
from ftaudit.writers.json_lines import write_json_lines
from ftaudit.writers.parquet_tables import write_parquet_tables


def write_rows(
    source: TableSource,
    kept: npt.NDArray[np.bool_],
    path: Path,
    edits: CellEdits | None = None,
) -> None:
    """Write the rows of a file that are kept to `path`, in their order and in the file's format.

    What is not edited stays as it is: lines, records and items of text formats are the bytes they
    were, with compression, encoding and byte order mark of the file; tables keep schema, metadata,
    codecs and sizes of row groups. A file of which every row stays is copied. A frame becomes
    parquet.

    Args:
        source: the file, as it was opened.
        kept: for every row of the file whether it stays.
        path: the file to be written; its folder exists.
        edits: what is to be changed in the rows that stay.

    Raises:
        InputError: the file changed, or its layout cannot be written without some of its rows.
    """
    chosen = edits or CellEdits()
    while isinstance(source, PartitionedSource):
        source = source.source
    if isinstance(source, FrameSource):
        frame_rows(source, kept, chosen).write_parquet(path)
    elif chosen.frame.is_empty() and kept.all():
        _copied(cast("Origin", getattr(source, "origin", None)), path)
    else:
        _write(source, kept, chosen, path)


def _write(source: TableSource, kept: npt.NDArray[np.bool_], edits: CellEdits, path: Path) -> None:
    match source:
        case DelimitedSource():
            write_csv_records(source, kept, edits, path)
        case JsonSource(layout="lines"):
            write_json_lines(source, kept, edits, path)
        case JsonSource(layout="array"):
            write_json_items(source, kept, edits, path)
        case JsonSource():
            write_json_document(source, kept, edits, path)
        case ScannedSource() | ArrowSource():
            _write_columns(source.origin, kept, edits, path)
        case _:
            raise InputError(source.file.name, "is of a kind that is not written")


def _write_columns(
    origin: Origin, kept: npt.NDArray[np.bool_], edits: CellEdits, path: Path
) -> None:
    """Write a columnar file; one in a store is fetched first."""
    if not isinstance(origin, LocalFile):
        fetched = path.with_name(f"{path.name}.fetched")
        try:
            _copied(origin, fetched)
            _write_columns(LocalFile(fetched, origin.user_path), kept, edits, path)
        finally:
            fetched.unlink(missing_ok=True)
    elif kind_of(origin.user_path).format == "parquet":
        write_parquet_tables(origin, kept, edits, path)
    else:
        write_arrow_batches(origin, kept, edits, path)


def _copied(origin: Origin, path: Path) -> None:
    with origin.open() as file, path.open("wb") as copy:
        shutil.copyfileobj(file, copy, 1 << 20)
    if isinstance(origin, LocalFile):
        origin.verify()


def frame_rows(
    source: FrameSource, kept: npt.NDArray[np.bool_], edits: CellEdits | None = None
) -> pl.DataFrame:
    """Return the rows of a frame that are kept, with its own types."""
    frame = source.lazy.collect()
    changed = (edits or CellEdits()).between(0, frame.height)
    if changed:
        new = pl.DataFrame(edited_table(frame.to_arrow(), changed))
        frame = frame.with_columns(new[name].cast(frame.schema[name]) for name in frame.columns)
    return frame.filter(pl.Series(kept))
