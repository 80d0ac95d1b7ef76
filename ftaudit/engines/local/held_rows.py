"""Canonical rows of little data: made once, and kept in memory."""

from collections.abc import Iterator, Sequence
from threading import Lock
from typing import Final

import polars as pl
from msgspec import Struct, field

from ftaudit.model.dataset import ROWS, Dataset, Rows

WORTH_HOLDING: Final = 16 << 20
"""Bytes of data, in memory, up to which rows are kept: the search reads them up to ten times."""


def rows_at_hand(dataset: Dataset) -> Rows:
    """Return the rows of a dataset, which are read again every time where they are many."""
    return HeldRows(dataset.rows) if dataset.memory <= WORTH_HOLDING else dataset.rows


class HeldRows(Struct, frozen=True, eq=False):
    """Rows of which every column is made when it is first asked for. Threads may share them."""

    rows: Rows
    _columns: dict[str, pl.Series] = field(default_factory=dict)
    """Of all rows, by name."""
    _heights: list[int] = field(default_factory=list)
    """Of the batches of the first reading."""
    _lock: Lock = field(default_factory=Lock)

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        """Yield the batches of the rows within, all cut where those of the first reading were."""
        requested = ROWS.names() if columns is None else list(columns)
        with self._lock:
            self._make([name for name in requested if name not in self._columns])
        start = 0
        for height in self._heights:
            yield pl.DataFrame([self._columns[name].slice(start, height) for name in requested])
            start += height

    def _make(self, missing: list[str]) -> None:
        """Read the rows once more, for the columns that are not held yet."""
        made = [*self.rows.batches(missing)] if missing else []
        if made:
            self._columns.update({name: pl.concat([b[name] for b in made]) for name in missing})
            self._heights[:] = self._heights or [batch.height for batch in made]
