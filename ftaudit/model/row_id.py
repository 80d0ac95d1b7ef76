"""Row ids: one number for a row of any file, ascending in file and in row.

A row id is `file << 40 | row`: the ordinal of the file in `Dataset.files` in the upper 24 bits,
the 0-based row in that file in the lower 40. So there may be 2^24 files of up to 2^40 rows each.
Made and taken apart here alone, for single rows, numpy arrays and polars columns.
"""

from typing import TYPE_CHECKING, Final

import polars as pl

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

ROW_BITS: Final = 40
"""Bits of a row id that hold the row."""

_ROWS: Final = 1 << ROW_BITS


def row_id(file: int, row: int) -> int:
    """Return the id of a row of a file."""
    return file << ROW_BITS | row


def file_and_row(id_: int) -> tuple[int, int]:
    """Return the ordinal of the file that a row id names, and the row in it."""
    return id_ >> ROW_BITS, id_ & (_ROWS - 1)


def row_ids(
    files: "npt.NDArray[np.integer]", rows: "npt.NDArray[np.uint64]"
) -> "npt.NDArray[np.uint64]":
    """Return the ids of rows, given as arrays of one length."""
    return (files.astype(rows.dtype) << rows.dtype.type(ROW_BITS)) | rows


def files_and_rows(
    ids: "npt.NDArray[np.uint64]",
) -> "tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]":
    """Return the ordinals of the files that row ids name, and the rows in them."""
    number = ids.dtype.type
    return ids >> number(ROW_BITS), ids & number(_ROWS - 1)


def row_id_of(file: str, row: str) -> pl.Expr:
    """Return the ids (UInt64) of rows whose file and row stand in two columns."""
    return pl.col(file).cast(pl.UInt64) * _ROWS + pl.col(row).cast(pl.UInt64)


def file_of(ids: str | pl.Expr) -> pl.Expr:
    """Return the ordinals (UInt32) of the files that a column of row ids names."""
    return (_column(ids) // _ROWS).cast(pl.UInt32)


def row_of(ids: str | pl.Expr) -> pl.Expr:
    """Return the rows (UInt64) that a column of row ids names, in their files."""
    return (_column(ids) % _ROWS).cast(pl.UInt64)


def _column(ids: str | pl.Expr) -> pl.Expr:
    return pl.col(ids) if isinstance(ids, str) else ids
