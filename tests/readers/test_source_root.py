"""The content root of a source: the same whether its rows are read for it or were before."""

from pathlib import Path

import polars as pl
import pytest
from msgspec.structs import replace

from ftaudit.model.errors import InputError
from ftaudit.readers.content_root import content_root
from ftaudit.readers.inputs import open_inputs
from ftaudit.readers.parquet import ScannedSource
from ftaudit.readers.source_root import root_at_hand, root_of

TABLE = pl.DataFrame(
    {"text": [None, *(f"text number {i}" for i in range(999))], "tags": [["a", "b"]] * 1_000}
)


def test_the_first_reading_of_a_file_gives_the_root_of_its_rows(tmp_path: Path) -> None:
    TABLE.write_parquet(tmp_path / "rows.parquet", row_group_size=300)
    (source,) = open_inputs([tmp_path]).sources
    assert isinstance(source, ScannedSource)
    read: list[int] = []
    assert root_at_hand(source) == content_root([TABLE]) == root_of(source, read.append)
    assert read == []
    assert root_of(replace(source, content_root=None), read.append) == root_at_hand(source)
    assert sum(read) == TABLE.height


def test_a_file_without_a_root_is_read_for_it(tmp_path: Path) -> None:
    TABLE.write_ndjson(tmp_path / "rows.jsonl")
    (source,) = open_inputs([tmp_path]).sources
    assert root_at_hand(source) is None
    assert root_of(source) == content_root([TABLE])


def test_a_root_is_not_given_of_a_file_that_changed_since(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    TABLE.write_parquet(path)
    (source,) = open_inputs([path]).sources
    TABLE.head(10).write_parquet(path)
    with pytest.raises(InputError):
        root_of(source)
