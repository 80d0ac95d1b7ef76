"""Rows of little data are made once, whatever is asked of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import polars as pl
from msgspec.structs import replace

from ftaudit.engines.local.held_rows import WORTH_HOLDING, HeldRows, rows_at_hand
from ftaudit.model.dataset import ROWS, Rows
from tests.conftest import dataset

DATA = dataset([{"input": f"row {i}", "label": f"class {i % 3}"} for i in range(7)], cuts=(2, 5))


@dataclass(frozen=True)
class WatchedRows:
    """Rows that remember what was asked of them."""

    rows: Rows
    asked: list[list[str]] = field(default_factory=list)

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        self.asked.append(list(columns or ROWS.names()))
        return self.rows.batches(columns)


def test_every_column_is_read_once() -> None:
    watched = WatchedRows(DATA.rows)
    held = HeldRows(watched)
    for columns in (["id", "input"], ["id", "label", "input"], ["label"], ["id", "input"]):
        assert [*held.batches(columns)]
    assert watched.asked == [["id", "input"], ["label"]]


def test_what_is_held_is_what_was_read() -> None:
    held = HeldRows(DATA.rows)
    for columns in (["label"], ["id", "input"], None):
        read, again = [*DATA.rows.batches(columns)], [*held.batches(columns)]
        assert [batch.rows() for batch in again] == [batch.rows() for batch in read]
        assert [batch.schema for batch in again] == [batch.schema for batch in read]


def test_rows_are_not_held_where_they_are_many() -> None:
    many = replace(DATA, memory=WORTH_HOLDING + 1)
    assert rows_at_hand(many) is many.rows
    assert isinstance(rows_at_hand(DATA), HeldRows)
