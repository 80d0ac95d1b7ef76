"""Row ids, made and taken apart."""

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from ftaudit.model.row_id import (
    ROW_BITS,
    file_and_row,
    file_of,
    files_and_rows,
    row_id,
    row_id_of,
    row_ids,
    row_of,
)

FILES = st.integers(0, 2**24 - 1)
ROWS = st.integers(0, 2**ROW_BITS - 1)


@given(FILES, ROWS)
def test_a_row_id_names_its_file_and_row(file: int, row: int) -> None:
    assert file_and_row(row_id(file, row)) == (file, row)


@given(st.lists(st.tuples(FILES, ROWS), min_size=1, max_size=20))
def test_arrays_and_columns_hold_the_same_ids_as_single_rows(places: list[tuple[int, int]]) -> None:
    ids = [row_id(file, row) for file, row in places]
    table = pl.DataFrame(places, schema={"file": pl.UInt32, "row": pl.UInt64}, orient="row")
    assert table.select(row_id_of("file", "row")).to_series().to_list() == ids
    made = row_ids(table["file"].to_numpy(), table["row"].to_numpy())
    assert made.dtype == np.uint64
    assert made.tolist() == ids
    files, rows = files_and_rows(np.array(ids, np.uint64))
    assert list(zip(files.tolist(), rows.tolist(), strict=True)) == places
    apart = pl.DataFrame({"id": pl.Series(ids, dtype=pl.UInt64)}).select(
        file=file_of("id"), row=row_of(pl.col("id"))
    )
    assert apart.rows() == places


@given(st.lists(st.tuples(FILES, ROWS), max_size=20))
def test_row_ids_ascend_in_file_and_row(places: list[tuple[int, int]]) -> None:
    assert sorted(row_id(*place) for place in places) == [row_id(*p) for p in sorted(places)]
